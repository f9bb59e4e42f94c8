"""From what was sent to a page that can be offered to the ledger, or cleaned: the same for every way in."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from shared.errors import Refused
from shared.intake.fields import KINDS, Checks, charset_in
from shared.intake.item import PageItem
from shared.models.raw_page import ContentType, Submission
from shared.settings import Settings
from shared.urls import content_id, page_id
from shared.validation import pointer, refused_for, shown

NO_DEFAULTS: Final = PageItem()


class Page(NamedTuple):
    """What is known of a page at the door, and its bytes."""

    submission: Submission
    body: bytes


def submission_from_json(
    item: Any, settings: Settings, *, defaults: PageItem = NO_DEFAULTS, now: datetime | None = None
) -> Page:
    """A page as a JSON object.

    Args:
        item: as `shared.json_reading.read_json` gives it.
        settings: the limits.
        defaults: what holds where the item says nothing; checked by `checked_defaults` before.
        now: the clock that `fetched_at` is held against.

    Raises:
        Refused: a value is wrong or too large; `pointer` says which.
    """
    page = _shaped(item)
    body = _body_of(page, settings)
    page = page if defaults is NO_DEFAULTS else page.over(defaults)
    fields = Checks(settings, now or datetime.now(UTC)).check(page)
    if page.content is not None:
        fields["charset"] = "utf-8"
    return _page(fields, body)


def submission_from_body(  # noqa: PLR0913  (one keyword per part of a request)
    body: bytes,
    content_type: str,
    said: PageItem,
    settings: Settings,
    *,
    root: str = "/query",
    now: datetime | None = None,
) -> Page:
    """A page as its own bytes.

    Args:
        body: as they were sent, inflated.
        content_type: the header, empty where there is none.
        said: what is said of it.
        settings: the limits.
        root: the pointer to `said`.
        now: the clock that `fetched_at` is held against.

    Raises:
        Refused: a value is wrong or too large, or the Content-Type is none that is taken.
    """
    kind, charset = kind_of_header(content_type)
    if not body:
        raise Refused("invalid", "The body is empty: there is no page in it.", pointer="")
    _refuse_large(body, settings, "")
    fields = Checks(settings, now or datetime.now(UTC), root).check(said)
    return _page({**fields, "content_type": kind, "charset": charset}, body)


def kind_of_header(content_type: str) -> tuple[ContentType | None, str | None]:
    """Content type and charset of a Content-Type header.

    Raises:
        Refused: it is none that is taken.
    """
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if kind not in KINDS:
        known = ", ".join(["application/json", *filter(None, KINDS)])
        raise Refused("unsupported-media-type", f"Content-Type is {shown(kind)}; known here are: {known}.")
    return KINDS[kind], charset_in(parameters)


def checked_defaults(said: PageItem, settings: Settings, *, now: datetime | None = None) -> PageItem:
    """Query parameters as defaults for items.

    Raises:
        Refused: a value is wrong; the pointer is `/query/NAME`.
    """
    if said == NO_DEFAULTS:
        return NO_DEFAULTS
    Checks(settings, now or datetime.now(UTC), "/query").check(said)
    return said


def _page(fields: dict[str, Any], body: bytes) -> Page:
    canonical = fields["canonical_url"]
    fields["id"] = page_id(canonical) if canonical else content_id(body)
    return Page(Submission.model_construct(None, **fields), body)


def _shaped(item: Any) -> PageItem:
    try:
        return PageItem.model_validate(item)
    except ValidationError as error:
        raise refused_for(error.errors(include_url=False, include_context=False)) from None


def _encoded(text: str) -> bytes:
    """UTF-8; halves of characters that belong together are joined, lone ones become U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _body_of(page: PageItem, settings: Settings) -> bytes:
    if (page.content is None) == (page.body is None):
        told = "both content and body are given" if page.body is not None else '"content" or "body" is missing'
        raise Refused("invalid", f"{told}: exactly one is needed", pointer="/content")
    name = "content" if page.content is not None else "body"
    body = _encoded(page.content) if page.content is not None else _decoded(page.body or "")
    if not body:
        raise Refused("invalid", f"{name} is empty: there is no page in it", pointer=pointer("", name))
    _refuse_large(body, settings, pointer("", name))
    return body


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if text.isascii() else _no_base64("it holds other than ASCII")
    except binascii.Error as error:
        return _no_base64(str(error))


def _no_base64(why: str) -> bytes:
    raise Refused("invalid", f"body is no base64 (RFC 4648, section 4): {why}", pointer="/body")


def _refuse_large(body: bytes, settings: Settings, at: str) -> None:
    most = settings.page_max_bytes
    if len(body) > most:
        detail = f"The page has {len(body)} bytes, more than {most}."
        raise Refused("page-too-large", detail, pointer=at, limit="PAGEMILL_PAGE_MAX_BYTES")
