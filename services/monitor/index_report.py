from pydantic import Field, StrictBool

from shared.ledger.rebuilds import Rebuilds
from shared.models.frozen import Carried, Moment, Received
from shared.models.rebuild import Comparison, RebuildKind, RebuildState
from shared.search.format import FORMAT
from shared.search.generations import Role


class RebuildRequest(Received):
    """How the index is to be built anew."""

    from_raw: StrictBool = False
    """Whether documents are made anew from the raw pages in the archive, where they are still kept."""


class RebuildReport(Carried):
    """What was asked last, and how far it has got."""

    number: int
    kind: RebuildKind
    from_raw: bool
    state: RebuildState
    asked_at: Moment
    began_at: Moment | None
    ended_at: Moment | None
    total: int
    """Documents of the live index when it was last looked at; or pages done with, where these are more."""
    done: int
    """Pages done with."""
    copied: int
    """Documents taken over as they were."""
    cleaned: int
    """Documents made anew from raw pages."""
    deleted: int
    """Pages that were deleted between being read and being written."""
    rejected: dict[str, int]
    """Pages that are not in the new index because cleaning or the engine rejects them now, by reason."""
    broken: dict[str, int]
    """Raw pages that could not be worked on, by reason; their documents were copied where there were any."""
    comparison: Comparison
    """The new index beside the live one."""
    reason: str | None
    """Why it was refused."""
    trouble: str | None
    """What keeps it from going on at the moment."""


class GenerationReport(Carried):
    """One index as the engine holds it."""

    name: str
    role: Role
    documents: int | None
    made_at: Moment | None
    replaced_at: Moment | None
    format: str | None
    current: bool | None
    """Whether it was made as this version would; null where that was not noted."""
    trouble: str | None
    """Why it cannot be searched, written to, or gone back to."""


class IndexReport(Carried):
    """The generations of the index, and what was asked of them last."""

    rebuild: RebuildReport | None
    generations: tuple[GenerationReport, ...] = ()
    generations_at: Moment | None = Field(description="When the index room saw them so.")


def index_report(rebuilds: Rebuilds) -> IndexReport:
    """What the ledger knows of the index; the index room tells it."""
    last, shown = rebuilds.last(), rebuilds.shown()
    seen = shown.generations if shown else ()
    return IndexReport(
        rebuild=RebuildReport.model_validate(last.model_dump()) if last else None,
        generations=tuple(
            GenerationReport(**each.model_dump(), current=None if each.format is None else each.format == FORMAT)
            for each in seen
        ),
        generations_at=shown.at if shown else None,
    )
