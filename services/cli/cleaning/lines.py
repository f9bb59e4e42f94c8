"""One line of `pagemill clean`: from JSON to the stage's own function."""

from datetime import UTC, datetime
from typing import Any

from services.cli.cleaning.answers import cleaned, refused
from shared.errors import PageRejected, Refused
from shared.intake import submission_from_json
from shared.json_reading import read_json
from shared.models.raw_page import Envelope, RawPage
from shared.settings import Settings
from workers.clean import CleanLimits, clean


def clean_line(line: bytes, settings: Settings) -> bytes:
    """The line that answers a line; whatever it is, there is one."""
    given: Any = None
    try:
        given, item = _item(line, settings)
        page = _page(item, settings)
        given = page.envelope.id if given is None else given
        limits = CleanLimits(page_max_bytes=settings.page_max_bytes, text_max_chars=settings.text_max_chars)
        return cleaned(given, clean(page, limits).clean)
    except Refused as why:
        return refused(given, why)
    except PageRejected as why:
        return refused(given, Refused("page-rejected", why.detail or why.reason, reason=why.reason))
    except Exception as error:  # noqa: BLE001  (one page's misfortune must not end the filter)
        return refused(given, Refused("cleaning-failed", f"{type(error).__name__}: {error}"[:1000]))


def id_of(line: bytes, settings: Settings) -> Any:
    """The id that `clean_line` would have handed through; None where the line is no page."""
    try:
        given, item = _item(line, settings)
        return _page(item, settings).envelope.id if given is None else given
    except Refused:
        return None


def _item(line: bytes, settings: Settings) -> tuple[Any, Any]:
    """The `id` of a line, any JSON value, and the page as in a batch, which has none."""
    item = read_json(line, settings.json_max_depth)
    return (item.pop("id", None), item) if isinstance(item, dict) else (None, item)


def _page(item: Any, settings: Settings) -> RawPage:
    now = datetime.now(UTC)
    submission, body = submission_from_json(item, settings, now=now)
    told = {**dict(submission), "version": 1, "fetched_at": submission.fetched_at or now}
    return RawPage(envelope=Envelope.model_validate(told), body=body)
