from collections.abc import Mapping

from pydantic import Field

from shared.ledger.carried import ROOMS, Counts, RoomCounts
from shared.models.frozen import Carried


class RoomReport(Carried):
    """One room; entered = left + dead + dropped + deleted + waiting + working."""

    waiting: int
    working: int
    dead: int
    """Dead letters that died in this room and still lie there."""
    dropped: int
    """Let go in this room, the deleted aside."""
    deleted: int
    entered: int
    left: int
    oldest_seconds: float
    """How long the oldest page has been in this room; 0 where there is none."""
    paused: bool
    """Whether it hands no pages out until it is resumed."""
    balanced: bool


class LedgerReport(Carried):
    """Where every accepted page is: accepted = searchable + dead + dropped + deleted + waiting + working."""

    accepted: int
    searchable: int
    dead: int
    dropped: dict[str, int] = Field(default_factory=dict)
    """By reason, without the deleted."""
    deleted: int
    waiting: int
    working: int
    waiting_bytes: int
    """Bytes of pages in the line, as they are stored."""
    balanced: bool
    rooms: dict[str, RoomReport]


def report(counts: Counts) -> LedgerReport:
    """The counts in the receipt's words: deleted is a state of its own there, and no reason to be dropped."""
    dropped = {reason: count for reason, count in sorted(counts.dropped.items()) if reason != "deleted"}
    return LedgerReport(
        accepted=counts.accepted,
        searchable=counts.searchable,
        dead=counts.dead,
        dropped=dropped,
        deleted=counts.dropped.get("deleted", 0),
        waiting=counts.waiting,
        working=counts.working,
        waiting_bytes=counts.waiting_bytes,
        balanced=counts.balanced,
        rooms=_rooms(counts.rooms),
    )


def _rooms(rooms: Mapping[str, RoomCounts]) -> dict[str, RoomReport]:
    """The rooms in a page's order, each of them there."""
    none = RoomCounts(entered=0, left=0, waiting=0, working=0, dead=0, dropped=0, deleted=0, oldest_seconds=0.0)
    return {
        name: RoomReport(**rooms.get(name, none).model_dump(), balanced=rooms.get(name, none).balanced)
        for name in ROOMS
    }
