"""What of a WARC record is a page."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from services.http.inflate import ENCODINGS, Inflater
from services.ingest.batch.warc import MAY_BE_PAGES, Record, headers_in
from shared.errors import Refused
from shared.intake import Page, PageItem, submission_from_body
from shared.settings import Settings
from workers.clean.guards import binary_kind

_PART_OF_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2})Z)?)?)?", re.ASCII)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
_UNTOLD: Final = frozenset({"", "application/octet-stream", "application/x-unknown-content-type", "unknown/unknown"})
_SHOWS: Final = 1024
"""Bytes in which what is no text shows a NUL."""
_ENCODINGS_MAX: Final = 4
"""Encodings of one payload that are taken off, the last one first (RFC 9110, section 8.4)."""
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\n]*\n")


class _Response(NamedTuple):
    headers: Mapping[str, str]
    payload: bytes


def page_of(record: Record, defaults: PageItem, settings: Settings) -> Page | None:
    """The page in a record; None where there is none.

    Pages are answers with status 200, resources and conversions (WET), if they are HTML, text or markdown. Where
    nothing says what they are, they are pages unless they show that they are none.

    Raises:
        Refused: there is one, but it is too large or its URL or date is wrong.
    """
    if record.kind not in MAY_BE_PAGES:
        return None
    answered = _answered(record.block) if record.kind == "response" else None
    if record.kind == "response" and answered is None:
        return None
    content_type = (answered or record).headers.get("content-type", "")
    if untold := _kind(content_type) in _UNTOLD:
        content_type = record.headers.get("warc-identified-payload-type", "")
    if _kind(content_type) not in {*_PAGES, ""} or not _on_the_web(record):
        return None
    payload = record.block if answered is None else answered.payload if record.cut else _decoded(answered, settings)
    if untold and not content_type and not _may_be_text(payload):
        return None
    if record.cut:
        detail = f"The page has more than {settings.page_max_bytes} bytes."
        raise Refused("page-too-large", detail, limit="PAGEMILL_PAGE_MAX_BYTES")
    said = PageItem(url=_url(record), fetched_at=_date(record)).over(defaults)
    return submission_from_body(payload, content_type, said, settings, root="")


def _date(record: Record) -> str | None:
    """When it was fetched; WARC 1.1 lets a writer leave out what it does not know, and the beginning stands for it."""
    told = record.headers.get("warc-date")
    known = _PART_OF_DATE.fullmatch(told.strip()) if told else None
    if known is None:
        return told
    year, month, day, minute = known.groups()
    return f"{year}-{month or '01'}-{day or '01'}T{minute or '00:00'}:00Z"


def _answered(block: bytes) -> _Response | None:
    """An HTTP answer with status 200, taken apart."""
    status = _STATUS.match(block)
    if status is None or status.group(1) != b"200":
        return None
    end = _END_OF_HEADERS.search(block)
    if end is None:
        return None
    return _Response(headers_in(block[: end.start()]), block[end.end() :])


def _decoded(answered: _Response, settings: Settings) -> bytes:
    """The payload without transfer and content encodings. Some crawlers take some or all off and leave the headers."""
    payload = answered.payload
    if "chunked" in answered.headers.get("transfer-encoding", "").lower():
        payload = _joined(payload)
    for encoding in reversed(answered.headers.get("content-encoding", "").lower().split(",")[-_ENCODINGS_MAX:]):
        name = encoding.strip().removeprefix("x-")
        if name not in ENCODINGS:
            continue
        try:
            payload = _inflated(payload, name, settings)
        except Refused as refused:
            if refused.code != "unreadable":
                raise
    return payload


def _inflated(payload: bytes, encoding: str, settings: Settings) -> bytes:
    inflater, size = Inflater(encoding, settings.inflate_max_ratio), 0
    parts: list[bytes] = []
    for part in inflater.feed(payload):
        parts.append(part)
        size += len(part)
        if size > settings.page_max_bytes:
            detail = f"The page inflates to more than {settings.page_max_bytes} bytes."
            raise Refused("page-too-large", detail, limit="PAGEMILL_PAGE_MAX_BYTES")
    return b"".join(parts)


def _joined(payload: bytes) -> bytes:
    """Chunks put together (RFC 9112, section 7.1); what is not chunked is given back as it is."""
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK_SIZE.match(payload, at):
        size = int(found.group(1), 16)
        if size == 0:
            return b"".join(parts)
        parts.append(payload[found.end() : found.end() + size])
        at = found.end() + size
        at += 2 if payload[at : at + 2] == b"\r\n" else payload[at : at + 1] == b"\n"
    return b"".join(parts) if parts and at >= len(payload) else payload


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _url(record: Record) -> str:
    """WARC 1.0 writers put it between angle brackets, as the grammar of 1.0 has it."""
    return record.headers.get("warc-target-uri", "").removeprefix("<").removesuffix(">")


def _may_be_text(payload: bytes) -> bool:
    return binary_kind(payload) is None and b"\0" not in payload[:_SHOWS]


def _on_the_web(record: Record) -> bool:
    return _url(record).lower().startswith(("http://", "https://"))
