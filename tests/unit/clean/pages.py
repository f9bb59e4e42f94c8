"""Raw pages for tests, with as little of an envelope as they need."""

from datetime import UTC, datetime

from shared.errors import PageRejected
from shared.models.clean_page import Clean
from shared.models.raw_page import ContentType, Envelope, RawPage, Sent
from workers.clean import CleanLimits, clean

FETCHED = datetime(2025, 6, 1, tzinfo=UTC)
SENTENCE = "The council decided on Monday that the old bridge over the river will be closed for two years. "
PARAGRAPHS = tuple(SENTENCE.replace("two", number).strip() for number in ("two", "three", "four", "five"))


def raw_page(
    body: bytes | str,
    content_type: ContentType | None = None,
    *,
    url: str | None = "https://news.example/2025/story",
    charset: str | None = None,
    sent: Sent | None = None,
) -> RawPage:
    envelope = Envelope(
        id="page",
        version=1,
        url=url,
        content_type=content_type,
        charset=charset,
        fetched_at=FETCHED,
        sent=sent or Sent(),
    )
    return RawPage(envelope=envelope, body=body.encode() if isinstance(body, str) else body)


def cleaned(
    body: bytes | str,
    content_type: ContentType | None = None,
    *,
    url: str | None = "https://news.example/2025/story",
    charset: str | None = None,
    sent: Sent | None = None,
    limits: CleanLimits | None = None,
) -> Clean:
    page = raw_page(body, content_type, url=url, charset=charset, sent=sent)
    return clean(page, limits).clean if limits else clean(page).clean


def rejection(body: bytes | str, content_type: ContentType | None = None, limits: CleanLimits | None = None) -> str:
    """The reason for which the page is rejected; empty when it is not."""
    try:
        cleaned(body, content_type, limits=limits)
    except PageRejected as refusal:
        return refusal.reason
    return ""


def story_html(head: str = "", before: str = "", after: str = "") -> str:
    """An HTML page with the four paragraphs as its story."""
    story = "".join(f"<p>{paragraph}</p>\n" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html>\n<html lang=en-GB>\n<head>{head}</head>\n<body>\n{before}\n"
        f"<article>\n{story}</article>\n{after}\n</body></html>"
    )
