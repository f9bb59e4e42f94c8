"""The floor plan: which room reads what, makes what of it, and rings whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.ledger.carried import Leased
from shared.models.clean_page import CleanPage
from shared.models.document import Document
from shared.models.receipt import Room, Stage
from shared.packing import thaw, unpack
from shared.settings import Settings
from shared.sites.blocks import SiteBlocks, blocks_of
from workers.clean import CleanLimits, clean
from workers.enrich import enrich
from workers.names_model import model_language

_STRUCK: Final = 2


class Enriched(NamedTuple):
    """A document, and what is learnt from it: the blocks of its page, and those that its site repeats."""

    document: Document
    blocks: dict[str, str]
    site_blocks: tuple[str, ...]

    def of_story(self, story: str) -> "Enriched":
        """The same with the story that its near copies share."""
        return self._replace(document=self.document.model_copy(update={"story": story}))


Work = Callable[[Leased, SiteBlocks], CleanPage | Enriched]


@dataclass(frozen=True)
class Step:
    """One pure stage: what it does with a leased page and what its site repeats, and the room that gets the result."""

    work: Work
    to: Room


def floor_plan(settings: Settings) -> dict[Stage, Step]:
    """The stages that run page by page; the index room works on many at once (workers/index)."""
    limits = CleanLimits(page_max_bytes=settings.page_max_bytes, text_max_chars=settings.text_max_chars, max_dropped=0)
    return {
        "clean": Step(lambda lease, site: _cleaned(lease, limits, site), to="enrich"),
        "enrich": Step(lambda lease, _: _enriched(lease, names_later=model_language(settings)), to="index"),
    }


def _cleaned(lease: Leased, limits: CleanLimits, site: SiteBlocks) -> CleanPage:
    return _without_dropped(clean(unpack(lease.frame, lease.version), limits, site))


def _enriched(lease: Leased, *, names_later: str | None) -> Enriched:
    """A page that has struck twice gets the essentials alone: whatever step it was, the page is not lost over it."""
    page = thaw(CleanPage, lease.frame)
    document = enrich(page, only_essentials=lease.strikes >= _STRUCK, names_later=names_later)
    return Enriched(document, blocks_of(page.clean.paragraphs) if lease.site else {}, page.site_blocks)


def _without_dropped(page: CleanPage) -> CleanPage:
    """What goes on: no later room reads what was left out, so it is not listed. A preview of the raw page shows it."""
    return page.model_copy(update={"clean": page.clean.model_copy(update={"dropped": ()})})


LANES: Final[tuple[Room, ...]] = ("clean", "enrich", "index", "solo")
"""The Celery queues; a task of the same name works each of them off."""
