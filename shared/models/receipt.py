from typing import Final, Literal

from shared.models.frozen import Carried, Moment, PageId, Version

Room = Literal["clean", "enrich", "index", "solo"]
Stage = Literal["clean", "enrich", "index"]
State = Literal["waiting", "working", "searchable", "dead", "dropped", "deleted"]
DROP_REASONS: Final = ("deleted", "discarded", "superseded")
AcceptStatus = Literal["accepted", "duplicate", "unchanged", "superseded"]

FINAL_STATES: frozenset[State] = frozenset({"searchable", "dead", "dropped", "deleted"})


class StageRecord(Carried):
    """One room's work on a page, as far as it has got."""

    name: Room
    attempts: int
    started_at: Moment | None = None
    finished_at: Moment | None = None
    ms: float | None = None
    """Milliseconds of work, without the waiting."""
    outcome: str | None = None
    """`done`, `retry`, `dead`, `dropped`; None while it works or waits."""
    detail: str | None = None
    waited_ms: float | None = None
    """Milliseconds from when the page came to this room to its first work there."""


class Happening(Carried):
    """Something that went wrong on a page's way, or what a person did about it."""

    at: Moment
    what: Literal["retry", "died", "sent-again"]
    room: Room
    detail: str | None = None
    """Reason and detail, cut short."""
    times: int = 1
    """How often in a row; `at` is the first time."""


class Receipt(Carried):
    """Where a page is, and what became of it."""

    id: PageId
    url: str | None = None
    source: str | None = None
    version: Version
    state: State
    searchable_version: Version | None = None
    stage: Room | None = None
    accepted_at: Moment | None = None
    searchable_at: Moment | None = None
    reason: str | None = None
    stages: tuple[StageRecord, ...] = ()
    history: tuple[Happening, ...] = ()
    """Its beginning and its end, where much has happened."""


class Outcome(Carried):
    """How one accepted version ended."""

    id: PageId
    version: Version
    state: State
    reason: str | None = None
    at: Moment
    source: str | None = None


class DeadLetter(Carried):
    """A page that could not be taken through the house, kept so that a person can read, mend and send it again."""

    id: PageId
    version: Version
    url: str | None = None
    site: str | None = None
    source: str | None = None
    stage: Room
    reason: str
    detail: str | None = None
    traceback: str | None = None
    attempts: int
    died_at: Moment
