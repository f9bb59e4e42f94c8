"""Compares a new generation with the live one before it goes live: every id, then some queries."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from shared.ledger.rebuilds import Rebuilds
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.models.rebuild import Canary, Comparison, Rebuild
from shared.query_language.parse import parse
from shared.search.generations import Generation, GenerationReader, IndexGenerations
from shared.search.port import EngineQuery, SearchIndex

_STEP: Final = 500
_EXAMPLES: Final = 10
_SAMPLES: Final = 8
_TITLE_WORDS: Final = 6
_IN_FLIGHT: Final = timedelta(minutes=2)
"""A batch that another process held when the new generation was begun is written within this time, for no task may
take longer than a minute."""
_ID_CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Compared(NamedTuple):
    """What is known so far; no cursor is the end, and `refused` says then why the new one must not go live."""

    comparison: Comparison
    cursor: PageId | None = None
    refused: str | None = None


class Comparing:
    """Every document of the live generation is in the new one, or it is known why not.

    Args:
        rebuilds: who was rejected, and who was deleted.
        generations: both of them.
        dice: chooses the pages that queries are made from.
    """

    def __init__(self, rebuilds: Rebuilds, generations: IndexGenerations, dice: random.Random | None = None) -> None:
        self._rebuilds = rebuilds
        self._generations = generations
        self._dice = dice or random.Random()  # noqa: S311  (a sample, no secret)

    def slice(self, asked: Rebuild, name: str, live: Generation) -> Compared:
        """The next ids; behind the last one the queries, and the verdict."""
        new = self._generations.reader(name)
        if asked.lost:
            return self._nothing_to_compare(new, asked.lost)
        found = self._generations.reader(live.name).versions(asked.cursor, _STEP)
        if found:
            return Compared(self._counted(asked, name, live, found), found[-1][0])
        comparison = asked.comparison
        if live.trouble:
            remark = f"no queries were compared, for the live index cannot be searched: {live.trouble}"
            return _verdict(comparison.model_copy(update={"remark": remark}))
        canaries = tuple(self._canaries(self._generations.reader(live.name), new))
        return _verdict(comparison.model_copy(update={"canaries": canaries}))

    def _nothing_to_compare(self, new: GenerationReader, lost: str) -> Compared:
        comparison = Comparison(remark=f"there was nothing to compare with: {lost}")
        refused = None if new.count() else "neither the live index nor the archive has anything to fill a new one from"
        return Compared(comparison, None, refused)

    def _counted(self, asked: Rebuild, name: str, live: Generation, found: Sequence[tuple[PageId, int]]) -> Comparison:
        """One step's terms added: found + rejected + deleted + caught up + unexplained = live."""
        held = self._generations.reader(name).held([page_id for page_id, _ in found])
        missing = {page_id: version for page_id, version in found if held.get(page_id, -1) < version}
        rejected = self._rebuilds.rejected(list(missing))
        tombs = self._rebuilds.tombstones(list(missing))
        deleted = {page_id for page_id in missing if tombs.get(page_id, 0) * 64 > missing[page_id]} - rejected
        rest = [page_id for page_id in missing if page_id not in rejected | deleted]
        late = set() if live.trouble else self._catch_up(rest, name, live.name, asked.began_at)
        unexplained = [page_id for page_id in rest if page_id not in late]
        so_far = asked.comparison
        return so_far.model_copy(
            update={
                "live": so_far.live + len(found),
                "found": so_far.found + len(found) - len(missing),
                "rejected": so_far.rejected + len(rejected),
                "deleted": so_far.deleted + len(deleted),
                "caught_up": so_far.caught_up + len(late),
                "unexplained": so_far.unexplained + len(unexplained),
                "examples": (*so_far.examples, *unexplained)[:_EXAMPLES],
            }
        )

    def _catch_up(self, ids: Sequence[PageId], name: str, live: str, since: datetime | None) -> set[PageId]:
        """Copies what came into the live generation after filling had begun, and only that; which of them it was.

        There is nothing to catch up with where all that writes goes through `EveryGeneration`. Something else may have
        written to the live one alone: a worker of another version during an upgrade.
        """
        late = [each for each in map(self._generations.reader(live).get, ids) if each and _written_since(each, since)]
        tombs = self._rebuilds.tombstones([each.id for each in late])
        kept = [each for each in late if tombs.get(each.id, 0) <= each.version]
        if kept:
            self._generations.writer(name).index(kept)
        return {each.id for each in late}

    def _canaries(self, live: GenerationReader, new: SearchIndex) -> list[Canary]:
        """Queries made from pages chosen by chance: the title's first words, and one long word of the text.

        The new one may find more: it holds raw pages that a lost index no longer had.
        """
        told = []
        for document in self._sample(live):
            for q in _queries(document):
                query = EngineQuery(tree=parse(q).tree, size=0, snippets=False, language=document.language)
                ours, theirs = live.search(query).total.value, new.search(query).total.value
                told.append(Canary(q=q, live=ours, new=theirs, ok=2 * theirs >= ours))
        return told

    def _sample(self, live: GenerationReader) -> list[Document]:
        """Some of those that are in the new one, too: nobody is asked for a page that was rejected."""
        found: dict[PageId, Document] = {}
        for _ in range(_SAMPLES):
            behind = "".join(self._dice.choices(_ID_CHARACTERS, k=3))
            for document in live.documents(behind, 1) or live.documents(None, 1):
                found[document.id] = document
        rejected = self._rebuilds.rejected(list(found))
        return [document for page_id, document in found.items() if page_id not in rejected]


def _written_since(document: Document, since: datetime | None) -> bool:
    return bool(document.indexed_at and since and document.indexed_at >= since - _IN_FLIGHT)


def _queries(document: Document) -> list[str]:
    title = [word for word in (document.title or "").lower().split()[:_TITLE_WORDS] if word.isalnum()]
    words = [word for word in document.text[:2000].lower().split() if word.isalpha()]
    long = max(words, key=len, default="")
    return [q for q in (" ".join(title), long) if q]


def _verdict(comparison: Comparison) -> Compared:
    """Half of the queries must find at least half of what they found: cleaning may change some titles."""
    if comparison.unexplained:
        ids = ", ".join(comparison.examples)
        return Compared(
            comparison, None, f"{comparison.unexplained} documents are missing, and it is not known why: {ids}"
        )
    failed = [canary for canary in comparison.canaries if not canary.ok]
    if len(failed) * 2 > len(comparison.canaries):
        return Compared(comparison, None, f"{len(failed)} of {len(comparison.canaries)} queries find much less")
    return Compared(comparison)
