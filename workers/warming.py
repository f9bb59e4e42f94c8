"""Loads what a room needs before its pool is forked, so that the first page does not wait and memory is shared."""

from collections.abc import Collection
from datetime import UTC, datetime

from shared.models.raw_page import Envelope, RawPage
from workers.clean import clean
from workers.clean.limits import CleanLimits
from workers.enrich import enrich

_HEAD = "<html><head><title>The ferry runs again</title></head><body><article><h1>The ferry runs again</h1><p>"
_LINE = "The ferry between the islands runs again from Monday, the harbour office said in the morning. "
_BODIES = tuple(f"{_HEAD}{_LINE * times}</p></article></body></html>".encode() for times in (6, 1))
"""Of a short page trafilatura asks another extractor, which reads its stop lists at the first one."""
_NEVER_SURE = CleanLimits(sure_enough=1)


def warm(rooms: Collection[str]) -> None:
    """Takes small pages through the stages that the rooms run, on every way; what comes out is thrown away."""
    if not {"clean", "enrich", "solo"} & set(rooms):
        return
    envelope = Envelope(id="warming", version=1, fetched_at=datetime.now(UTC), content_type="text/html")
    pages = [RawPage(envelope=envelope, body=body) for body in _BODIES]
    for page in pages:
        clean(page, _NEVER_SURE)
    cleaned = clean(pages[0])
    if {"enrich", "solo"} & set(rooms):
        enrich(cleaned)
