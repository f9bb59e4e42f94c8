"""Items in the batches that the services take."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.cli.posting.pace import Pace
from services.cli.posting.walking import Placed

_GZIP: Final = b"\x1f\x8b"
_CONTENT_TYPES: Final = {"page": "application/x-ndjson", "lines": "application/x-ndjson", "records": "application/warc"}
_BYTES: Final = 16 * 1024 * 1024
"""Bytes of a batch: enough that the way there and back costs little, little enough to be held in memory."""


@dataclass(frozen=True)
class Limits:
    """What the services take at once."""

    page_max_bytes: int
    batch_max_bytes: int
    batch_max_items: int
    request_max_bytes: int

    @classmethod
    def of(cls, told: Mapping[str, int]) -> "Limits":
        """From the answer of `GET /v1/limits`."""
        return cls(told["page_max_bytes"], told["batch_max_bytes"], told["batch_max_items"], told["request_max_bytes"])


def content_type_of(placed: Placed) -> str:
    """How an item is sent."""
    return _CONTENT_TYPES[placed.source.kind]


def batches(walked: Iterable[Placed], limits: Limits, pace: Pace | None = None) -> Iterator[list[Placed]]:
    """Items side by side, as many as go in one request; one that is not sent makes a batch of its own.

    Args:
        walked: the items.
        limits: of the services.
        pace: asked before each batch; None: as many as the services take.
    """
    most = min(limits.batch_max_bytes, _BYTES)
    batch: list[Placed] = []
    held = 0
    for placed in walked:
        size = len(placed.item.data)
        many = min(limits.batch_max_items, pace.items if pace else limits.batch_max_items)
        full = len(batch) >= many or held + size > most
        if batch and (full or _way(placed) != _way(batch[-1])):
            yield batch
            batch, held = [], 0
        batch.append(placed)
        held += size
    if batch:
        yield batch


def _way(placed: Placed) -> tuple[str, bool, bool]:
    """Items that differ in this cannot share a request."""
    data = placed.item.data
    return content_type_of(placed), data.startswith(_GZIP), bool(data)
