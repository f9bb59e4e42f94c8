"""A rebuild of the index: what was asked, and how far it has got."""

from typing import Literal

from pydantic import Field

from shared.models.frozen import Carried, Moment, PageId

RebuildKind = Literal["rebuild", "rollback", "retire"]
RebuildState = Literal["asked", "filling", "checking", "live", "rolled-back", "retired", "refused", "cancelled"]
RebuildPart = Literal["documents", "archive"]

ENDED: frozenset[RebuildState] = frozenset({"live", "rolled-back", "retired", "refused", "cancelled"})


class Canary(Carried):
    """One query, answered by both generations."""

    q: str
    live: int
    """Documents that the live one found."""
    new: int
    ok: bool


class Comparison(Carried):
    """The new generation beside the live one."""

    live: int = 0
    """Documents of the live one that were looked for."""
    found: int = 0
    rejected: int = 0
    """Missing, and rejected while filling."""
    deleted: int = 0
    """Missing, and deleted meanwhile."""
    caught_up: int = 0
    """Missing, written to the live one after filling had begun, and copied now."""
    unexplained: int = 0
    """Missing for no reason that is known; more than 0 and the new one does not go live."""
    examples: tuple[PageId, ...] = ()
    """Some of these."""
    canaries: tuple[Canary, ...] = ()
    remark: str | None = None
    """Why there was nothing to compare with."""


class Progress(Carried):
    """How far a rebuild has got: what the index room needs to go on with it, in any process."""

    state: RebuildState = "asked"
    part: RebuildPart = "documents"
    """What is read: the documents of the live generation, then raw pages that have no document there."""
    cursor: PageId | None = None
    """The last page that is done with."""
    generation: str | None = None
    """The one that is built."""
    lost: str | None = None
    """Why nothing can be read from the live generation."""
    began_at: Moment | None = None
    ended_at: Moment | None = None
    total: int = 0
    """Documents of the live generation when it was last looked at; or what is done with, where that is more."""
    done: int = 0
    """Pages done with."""
    copied: int = 0
    """Documents taken over as they were."""
    cleaned: int = 0
    """Documents made anew from raw pages."""
    broken: dict[str, int] = Field(default_factory=dict)
    """Raw pages that could not be worked on, by reason; their documents were copied where there were any."""
    deleted: int = 0
    """Pages that were deleted between being read and being written."""
    comparison: Comparison = Comparison()
    reason: str | None = None
    """Why it was refused."""
    trouble: str | None = None
    """What keeps it from going on at the moment."""


class Rebuild(Progress):
    """What was asked last, and how far it has got."""

    number: int
    """Counts what was ever asked."""
    kind: RebuildKind
    from_raw: bool = False
    asked_at: Moment
    tries: int = 0
    """Failures in a row at one place: slices that failed, or in which their process was ended or stood still."""
    cancelled: bool = False
    """Whether somebody has asked to end it."""
    rejected: dict[str, int] = Field(default_factory=dict)
    """Pages that are not in the new generation because cleaning or the engine rejects them now, by reason."""
