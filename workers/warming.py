"""Loads what a room needs before its pool is forked, so that the first page does not wait and memory is shared."""

from collections.abc import Collection
from datetime import UTC, datetime

from shared.models.raw_page import Envelope, RawPage
from workers.clean import clean
from workers.enrich import enrich

_BODY = (
    "<html><head><title>The ferry runs again</title></head><body><article><h1>The ferry runs again</h1><p>"
    + "The ferry between the islands runs again from Monday, the harbour office said in the morning. " * 6
    + "</p></article></body></html>"
)


def warm(rooms: Collection[str]) -> None:
    """Takes one small page through the stages that the rooms run; what comes out is thrown away."""
    if not {"clean", "enrich", "solo"} & set(rooms):
        return
    envelope = Envelope(id="warming", version=1, fetched_at=datetime.now(UTC), content_type="text/html")
    cleaned = clean(RawPage(envelope=envelope, body=_BODY.encode()))
    if {"enrich", "solo"} & set(rooms):
        enrich(cleaned)
