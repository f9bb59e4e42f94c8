"""The floor plan: which room reads what, makes what of it, and rings whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.ledger.carried import Leased
from shared.models.clean_page import CleanPage
from shared.models.document import Document
from shared.models.receipt import Room, Stage
from shared.packing import thaw, unpack
from shared.settings import Settings
from workers.clean import CleanLimits, clean
from workers.enrich import enrich
from workers.names_model import model_language

_STRUCK: Final = 2
Work = Callable[[Leased], CleanPage | Document]


@dataclass(frozen=True)
class Step:
    """One pure stage: what it does with a leased page, and the room that gets the result."""

    work: Work
    to: Room


def floor_plan(settings: Settings) -> dict[Stage, Step]:
    """The stages that run page by page; the index room works on many at once (workers/index)."""
    limits = CleanLimits(page_max_bytes=settings.page_max_bytes, text_max_chars=settings.text_max_chars)
    return {
        "clean": Step(lambda lease: _without_dropped(clean(unpack(lease.frame, lease.version), limits)), to="enrich"),
        "enrich": Step(lambda lease: _enriched(lease, names_later=model_language(settings)), to="index"),
    }


def _enriched(lease: Leased, *, names_later: str | None) -> Document:
    """A page that has struck twice gets the essentials alone: whatever step it was, the page is not lost over it."""
    page = thaw(CleanPage, lease.frame)
    return enrich(page, only_essentials=lease.strikes >= _STRUCK, names_later=names_later)


def _without_dropped(page: CleanPage) -> CleanPage:
    """What goes on: the blocks that were left out are often most of a page, and no later room reads them.

    A preview of the raw page shows them again.
    """
    return page.model_copy(update={"clean": page.clean.model_copy(update={"dropped": ()})})


LANES: Final[tuple[Room, ...]] = ("clean", "enrich", "index", "solo")
"""The Celery queues; a task of the same name works each of them off."""
