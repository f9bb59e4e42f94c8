"""The generations with what the ledger knows of them: pages that a kept one has refused, and that going back loses."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from shared.errors import DependencyUnavailable
from shared.ledger.lacking import Lacking
from shared.ledger.rebuilds import Rebuilds
from shared.models.frozen import PageId
from shared.search.generations import Generation, GenerationReader, IndexGenerations
from shared.search.port import IndexWriter
from workers.runtime import log

_SHOWN: Final = 5


class AccountedGenerations:
    """The `IndexGenerations` of an engine. A kept one that lacks pages of the live one is told with this trouble.

    Args:
        generations: of the engine.
        lacking: which pages kept ones have refused.
        rebuilds: told of what the one that is built refuses.
    """

    def __init__(self, generations: IndexGenerations, lacking: Lacking, rebuilds: Rebuilds) -> None:
        self._generations = generations
        self._lacking = lacking
        self._rebuilds = rebuilds

    def refused(self, name: str, reasons: Mapping[PageId, str]) -> None:
        """Notes pages that one generation has refused, while the live one has taken them.

        What the one that is built refuses, a rebuild tells as `rejected`, as what was refused while filling.

        Raises:
            DependencyUnavailable: it cannot be noted, or that one has gone live meanwhile: the write is to be repeated.
        """
        role = next((each.role for each in self._generations.status() if each.name == name), "aside")
        log.warning("an index beside the live one refuses pages", generation=name, role=role, pages=len(reasons))
        match role:
            case "live":
                raise DependencyUnavailable("index", f"{name} has gone live and refuses pages, which go again")
            case "building":
                self._rebuilds.reject(dict.fromkeys(reasons, "index-refused"))
            case "kept":
                self._lacking.note(name, reasons)
                self._rebuilds.show(self.status(), datetime.now(UTC))

    def status(self) -> tuple[Generation, ...]:
        """All there are, the live one first."""
        live, *others = self._generations.status()
        return (live, *(self._told(each, live.name) for each in others))

    def written(self) -> tuple[str, ...]:
        """The names that every write and every delete goes to."""
        return self._generations.written()

    def begin(self) -> str:
        """A new and empty generation; one that was retired may have had its name."""
        name = self._generations.begin()
        self._lacking.forget(name)
        return name

    def writer(self, name: str) -> IndexWriter:
        """The writing side of one generation."""
        return self._generations.writer(name)

    def reader(self, name: str) -> GenerationReader:
        """The reading side of one generation."""
        return self._generations.reader(name)

    def filled(self, name: str) -> None:
        """Filling has ended."""
        self._generations.filled(name)

    def go_live(self, name: str) -> None:
        """Searches read this one from now on."""
        before = self._generations.written()
        self._generations.go_live(name)
        for gone in {*before} - {*self._generations.written()}:
            self._lacking.forget(gone)

    def retire(self, name: str) -> None:
        """Takes a generation from the disk, and what was noted of it."""
        self._generations.retire(name)
        self._lacking.forget(name)

    def close(self) -> None:
        """Lets everything go."""
        self._generations.close()

    def _told(self, each: Generation, live: str) -> Generation:
        noted = self._lacking.of(each.name) if each.role == "kept" and not each.trouble else {}
        lost, full = sorted(self._lost(noted, each.name, live)) if noted else [], self._lacking.is_full(noted)
        return each.model_copy(update={"trouble": _trouble(lost, noted, full=full)}) if lost or full else each

    def _lost(self, noted: Mapping[PageId, str], kept: str, live: str) -> set[PageId]:
        """Those of these pages that the live one has, and the kept one has not, or has in an older version.

        Where they cannot be looked for, all of them.
        """
        try:
            there = self._generations.reader(live).held(list(noted))
            here = self._generations.reader(kept).held(list(noted))
        except DependencyUnavailable:
            return set(noted)
        return {page_id for page_id, version in there.items() if here.get(page_id, -1) < version}


def _trouble(lost: list[PageId], noted: Mapping[PageId, str], *, full: bool) -> str:
    """One line that names some of the pages."""
    named = ", ".join(lost[:_SHOWN]) + (f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else "")
    count = f"{len(noted)} pages or more" if full else f"{len(lost)} pages"
    why = f": {noted[lost[0]]}" if lost else ""
    return f"it has refused {count} that the live index has, and going back would lose them ({named}){why}"
