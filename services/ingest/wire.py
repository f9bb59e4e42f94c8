"""What the front door answers."""

from typing import Annotated, Any, Final

from pydantic import Field, StrictBool

from shared.ledger.carried import DeadLetterGroup
from shared.models.clean_page import Clean
from shared.models.document import Document
from shared.models.frozen import Carried, Moment, PageId, Received, Version
from shared.models.problem import Problem
from shared.models.receipt import AcceptStatus, Receipt, Room, State

NOTE_MAX_CHARS: Final = 1000


class Taken(Carried):
    """A page that was posted."""

    id: PageId
    version: Version
    status: AcceptStatus
    receipt: str
    """Where the page's receipt is."""


class TakenReceipt(Receipt):
    """A page that was posted and waited for."""

    status: AcceptStatus
    receipt: str


class BatchResult(Carried):
    """One item of a batch: id, version and status, or the error."""

    index: int
    id: PageId | None = None
    version: Version | None = None
    status: AcceptStatus | None = None
    error: Problem | None = None


class Stopped(Carried):
    """The first item that was not taken, to be sent again from there."""

    index: int
    error: Problem


class BatchAnswer(Carried):
    """What became of a batch."""

    accepted: int
    duplicate: int
    unchanged: int
    superseded: int
    rejected: int
    ignored: int
    results: tuple[BatchResult, ...]
    stopped: Stopped | None = None


class Deleted(Carried):
    """A page that was deleted; posts fetched before `version`, in microseconds since 1970, do not bring it back."""

    id: PageId
    version: Version
    state: State = "deleted"
    receipt: str


Named = Annotated[str, Field(min_length=1)]
"""What a filter asks for. Nothing is no name: it would fit all that have none."""


class PageFilter(Received):
    """Pages by what is said of them; all that is given must hold."""

    site: Named | None = None
    source: Named | None = None
    tag: Named | None = None
    language: Named | None = None


class DeleteRequest(Received):
    """Either ids or a filter."""

    ids: tuple[PageId, ...] | None = None
    filter: PageFilter | None = None
    dry_run: StrictBool = False


class DeletedMany(Carried):
    """How many pages fit, how many were deleted, and which of the ids named no page."""

    matched: int
    done: int
    unknown: tuple[PageId, ...] = ()


class OutcomeLine(Carried):
    """How one accepted version ended; `cursor` is where to go on behind it."""

    id: PageId
    version: Version
    state: State
    reason: str | None = None
    at: Moment
    source: str | None = None
    cursor: str


class Preview(Carried):
    """What a page would become."""

    clean: Clean
    document: Document


class DeadLetterItem(Carried):
    """A dead letter in a list."""

    id: PageId
    version: Version
    url: str | None = None
    site: str | None = None
    source: str | None = None
    stage: Room
    reason: str
    detail: str | None = None
    attempts: int
    died_at: Moment


class DeadLetterPage(Carried):
    """One page of dead letters, newest first; total and groups are of all that fit."""

    total: int
    groups: tuple[DeadLetterGroup, ...]
    items: tuple[DeadLetterItem, ...]
    next: str | None = None


class DeadLetterShown(DeadLetterItem):
    """A dead letter with all that is known of it."""

    traceback: str | None = None
    raw: dict[str, Any] | None = None
    """The page as JSON, as it could be posted or put; null where its bytes are kept no more."""


class DeadLetterChoice(Received):
    """Dead letters by what is said of them; all that is given must hold, and nothing given is all of them."""

    reason: Named | None = None
    stage: Room | None = None
    site: Named | None = None
    source: Named | None = None


class DeadLettersMeant(DeadLetterChoice):
    """Dead letters to be sent again or let go: what is said of them, or that all are meant."""

    all: StrictBool = False


class DeadLetterAction(Received):
    """Which dead letters, ids or a filter, and why."""

    ids: tuple[PageId, ...] | None = None
    filter: DeadLettersMeant | None = None
    dry_run: StrictBool = False
    note: str | None = Field(None, max_length=NOTE_MAX_CHARS)


class Acted(Carried):
    """How many dead letters were meant, and to how many it was done."""

    matched: int
    done: int
