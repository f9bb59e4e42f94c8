"""What goes into the ledger and what comes out of it."""

from collections.abc import Mapping
from typing import Literal

from shared.models.frozen import Carried, PageId, Version
from shared.models.receipt import AcceptStatus, DeadLetter, Outcome, Room, Stage

ROOMS: tuple[Room, ...] = ("clean", "enrich", "index", "solo")


class Offer(Carried):
    """A page at the door."""

    id: PageId
    frame: bytes
    """`shared.packing.pack` of it."""
    content_key: str
    """Digest of its bytes and of every field but `fetched_at`: equal keys are equal pages."""
    fetched_us: int | None = None
    """Microseconds since 1970."""
    url: str | None = None
    site: str | None = None
    source: str | None = None
    api_key: str | None = None
    """Id of the key that it came with: its pages take turns with those of other keys."""
    request_id: str | None = None
    """Of the request that brought it."""
    trace: str | None = None
    """The W3C traceparent of that request."""


class Accepted(Carried):
    """The ledger's answer to one offer."""

    id: PageId
    version: Version
    status: AcceptStatus
    ring: bool = False
    """Whether the first room is to be told: the bell was claimed in the same step."""


Gone = Literal["dead", "alone"]
"""How a page leaves a room that it failed in: as a dead letter, or for the solo room."""


class Leased(Carried):
    """A page in a worker's hands."""

    id: PageId
    version: Version
    stage: Stage
    """What is to be done; differs from the room in the solo room."""
    token: int
    """Given anew at every take; steps with an older one change nothing."""
    strikes: int
    """In the index room lost batches that it was in count as well, as many as there are shared tries."""
    frame: bytes
    """The page as it lies in this room: `pack`ed in clean, a `squeeze`d CleanPage or Document behind it."""
    request_id: str | None = None
    """As its offer had it."""
    trace: str | None = None
    site: str | None = None
    """The registered domain that it was fetched from."""
    room: Room | None = None
    """Where it was taken."""


class Done(Carried):
    """One page's work in one room, finished."""

    lease: Leased
    frame: bytes = b""
    """What the next room gets."""
    ms: float = 0.0
    dropped_for: str | None = None
    """At `finish`: let go for this reason instead, such as `superseded`."""


class RoomCounts(Carried):
    """One room at one moment; entered = left + dead + dropped + deleted + waiting + working."""

    entered: int
    left: int
    waiting: int
    working: int
    dead: int
    dropped: int
    """Let go in this room, the deleted aside."""
    deleted: int
    oldest_seconds: float
    """How long the oldest page has been in this room."""
    paused: bool = False
    """Whether it hands no pages out until somebody resumes it."""

    @property
    def balanced(self) -> bool:
        """Whether no page has come from nowhere or gone nowhere."""
        ended = self.left + self.dead + self.dropped + self.deleted
        return self.entered == ended + self.waiting + self.working


class Counts(Carried):
    """The whole ledger at one moment; accepted = searchable + dead + dropped + deleted + waiting + working."""

    accepted: int
    searchable: int
    """Versions that were finished."""
    dead: int
    dropped: Mapping[str, int]
    """By reason; `deleted` among them."""
    waiting: int
    working: int
    waiting_bytes: int
    stood_seconds: float
    """For how long the line has not moved in some room: how long its tenth page has been there, the solo room aside."""
    rooms: Mapping[str, RoomCounts]

    @property
    def oldest_seconds(self) -> float:
        """How long the oldest page has been in its room, the solo room aside, where pages are tried again and again."""
        return max((room.oldest_seconds for name, room in self.rooms.items() if name != "solo"), default=0.0)

    @property
    def balanced(self) -> bool:
        """Whether the equation holds, in all and in each room."""
        ended = self.searchable + self.dead + sum(self.dropped.values())
        return self.accepted == ended + self.waiting + self.working and all(
            room.balanced for room in self.rooms.values()
        )


class DeadLetterFilter(Carried):
    """Dead letters by what is said of them; None is any."""

    reason: str | None = None
    stage: Room | None = None
    site: str | None = None
    source: str | None = None


class DeadLetterGroup(Carried):
    """How many dead letters share reason, room and site."""

    reason: str
    stage: Room
    site: str | None
    count: int


class DeadLetterList(Carried):
    """One page of dead letters, newest first."""

    total: int
    groups: tuple[DeadLetterGroup, ...]
    items: tuple[DeadLetter, ...]
    next: str | None = None


class OutcomePage(Carried):
    """Outcomes in the order they came; `next` is the cursor behind the last one."""

    items: tuple[tuple[str, Outcome], ...]
    next: str


IdempotencyState = Literal["new", "running", "mismatch", "replay"]
