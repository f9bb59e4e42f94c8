"""Ours and the tools beside it: each takes a page and gives its text."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from shared.errors import PageRejected
from shared.models.raw_page import ContentType, Envelope, RawPage
from tests.quality.cleaning.labelled import Labelled
from workers.clean import clean
from workers.clean.front_matter import read_front_matter

Extractor = Callable[[str, Labelled], str]
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)


def ours(content: str, page: Labelled, content_type: ContentType | None = None) -> tuple[str, str]:
    """The text, and which extractor made it; empty for a page that is rejected."""
    envelope = Envelope(id="page", version=1, url=page.url or None, content_type=content_type, fetched_at=FETCHED)
    try:
        cleaned = clean(RawPage(envelope=envelope, body=content.encode("utf-8", "ignore"))).clean
    except PageRejected:
        return "", "rejected"
    return cleaned.text, cleaned.extractor


def by_trafilatura(content: str, page: Labelled) -> str:
    del page
    return trafilatura.extract(content, include_comments=False) or ""


def by_resiliparse(content: str, page: Labelled) -> str:
    del page
    return str(
        extract_plain_text(content, main_content=True, preserve_formatting=True, alt_texts=False, comments=False)
    )


def by_readability(content: str, page: Labelled) -> str:
    """Needs readability-lxml, of the extra `training`."""
    del page
    from readability import Document  # noqa: PLC0415  (only this yardstick needs it)

    return str(extract_plain_text(Document(content).summary(), main_content=False, preserve_formatting=True))


def html_as_it_is(content: str, page: Labelled) -> str:
    del page
    return str(extract_plain_text(content, main_content=False, preserve_formatting=True, alt_texts=False))


def dump_as_it_is(content: str, page: Labelled) -> str:
    del page
    return read_front_matter(content).rest


def by_markdown_and_trafilatura(content: str, page: Labelled) -> str:
    body = _markdown().render(dump_as_it_is(content, page))
    return by_trafilatura(f"<html><body>{body}</body></html>", page)


def densest_run(content: str, page: Labelled) -> str:
    """The run of lines with most words beyond five a line."""
    lines = dump_as_it_is(content, page).split("\n")
    best, best_sum, start, total = range(0), 0, 0, 0
    for place, line in enumerate(lines):
        if total <= 0:
            start, total = place, 0
        total += len(line.split()) - 5
        if total > best_sum:
            best, best_sum = range(start, place + 1), total
    return "\n".join(lines[best.start : best.stop])


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt  # noqa: PLC0415  (only this yardstick needs it)

    return MarkdownIt("commonmark").enable("table")


FOR_HTML: dict[str, Extractor] = {
    "ours": lambda content, page: ours(content, page, "text/html")[0],
    "trafilatura": by_trafilatura,
    "resiliparse": by_resiliparse,
    "readability-lxml": by_readability,
    "as it is": html_as_it_is,
}
FOR_DUMPS: dict[str, Extractor] = {
    "ours": lambda content, page: ours(content, page)[0],
    "as it is": dump_as_it_is,
    "markdown-it + trafilatura": by_markdown_and_trafilatura,
    "densest run of lines": densest_run,
}
