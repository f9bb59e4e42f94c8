"""Generations on Elasticsearch: versioned indices beside each other, and aliases that say which one is live.

Any number of index workers write, and one of them at a time works on a rebuild, under a lease in the ledger. What
keeps a new index right then:

- Each write goes to all indices that were there before it, and afterwards it is asked again which ones there are
  (`EveryGeneration`). So a write that did not know of a new index was done in the live one before that began, and is
  copied from there; or it goes to the new one, too.
- Versions are external in each index: what is copied late, or twice, changes nothing that is newer.
- The ledger's tombstones are looked at right before documents are copied. A delete that comes between the look and the
  write leaves its version in the new index for an hour (`index.gc_deletes`), far longer than a request may take.
- What changes parts does so in one `_aliases` request, which fails as a whole where the live index is not the one that
  it was taken for. So a process whose lease has run out does no harm.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.aliases import Action, adding, aliases_there, removing
from shared.search.elasticsearch.client import Access, connect, engine, explained
from shared.search.elasticsearch.generation import GenerationWriter, OneGeneration
from shared.search.elasticsearch.mapping import filled, filling, mappings
from shared.search.elasticsearch.marks import mark
from shared.search.elasticsearch.parts import FILLING_NOTE, Part, no_live_one, parts, written
from shared.search.elasticsearch.setup import Layout
from shared.search.elasticsearch.sizes import COUNTED_SECONDS, LOST_SECONDS, Sizes
from shared.search.generations import Generation

_MISSING: Final = 404


class ElasticsearchGenerations:
    """The `IndexGenerations` on Elasticsearch. The name of a generation is that of its index.

    Args:
        access: where Elasticsearch is; see deploy/elasticsearch/role.json.
        prefix: of the names of indices and aliases.
        layout: of the indices that are made.
        counted_seconds, lost_seconds, clock: see `Sizes`.
        now: the time, for what is noted.
    """

    def __init__(  # noqa: PLR0913  (one keyword per part)
        self,
        access: Access,
        prefix: str,
        layout: Layout,
        *,
        counted_seconds: float = COUNTED_SECONDS,
        lost_seconds: float = LOST_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._access = access
        self._prefix = prefix
        self._layout = layout
        self._now = now
        self._connection = connect(access, prefix)
        self._writers: dict[str, GenerationWriter] = {}
        self._readers: dict[str, OneGeneration] = {}
        self._sizes = Sizes(self._connection, counted_seconds, lost_seconds, clock)

    def status(self) -> tuple[Generation, ...]:
        """All there are, the live one first. What they are is noted on them, as far as we may."""
        there = self._parts()
        with suppress(DependencyUnavailable):
            self._mark(there)
        return tuple(map(self._told, there))

    def written(self) -> tuple[str, ...]:
        """Live first, then building and kept; asked of the engine, for another process may have changed it."""
        with engine():
            found = written(self._connection.names, aliases_there(self._connection))
        if not found:
            raise DependencyUnavailable("index", explained(_MISSING, no_live_one(self._connection.names)))
        return tuple(found)

    def begin(self) -> str:
        """A new and empty generation to be filled, and its name; one that was being built before is retired.

        Mapping and settings are given whole: the template may be that of an older version. Where two processes begin
        at once, the second one's index is there already, and it fails.
        """
        names, there = self._connection.names, self._parts()
        index = names.numbered(max(names.number(part.name) for part in there) + 1)
        for part in there:
            if part.role == "building":
                self.retire(part.name)
        with engine():
            self._connection.client.indices.create(
                index=index,
                settings=filling(*self._layout),
                mappings=mappings({FILLING_NOTE: self._now().isoformat(timespec="seconds")}),
                aliases={names.building: {}, names.own(index): {}},
            )
        return index

    def writer(self, name: str) -> GenerationWriter:
        """The writing side of one generation."""
        if name not in self._writers:
            self._writers[name] = GenerationWriter(self._access, self._prefix, name)
        return self._writers[name]

    def reader(self, name: str) -> OneGeneration:
        """The reading side of one generation."""
        if name not in self._readers:
            self._readers[name] = OneGeneration(self._access, self._prefix, name)
        return self._readers[name]

    def filled(self, name: str) -> None:
        """Copies are made again, refreshes go on, and all that was filled in is searchable.

        Copies take their time; until they are there the earlier index, which is kept, stands in for them.
        """
        with engine():
            self._connection.client.indices.put_settings(index=name, settings=filled(self._layout.replicas))
            self._connection.client.indices.refresh(index=name)

    def go_live(self, name: str) -> None:
        """Searches read this one from now on: aliases are changed in one step, and the one kept before is deleted.

        Marks follow after that step (see `marks`). Of one that is live already what was cut is made up.

        Raises:
            ValueError: there is no such generation, or it has been set aside.
        """
        there = self._parts()
        self._mark(there)
        live = there[0]
        if live.name == name:
            return
        ahead = next((part for part in there if part.name == name and part.role in {"building", "kept"}), None)
        if ahead is None:
            raise ValueError(f"no generation {name} could go live")
        out = [part.name for part in there if part.role == "kept" and part.name != name]
        self.filled(name)
        with engine():
            self._connection.client.indices.update_aliases(actions=self._flip(ahead, live, out))
        self._mark(self._parts())
        for index in out:
            self._let_go(index)

    def retire(self, name: str) -> None:
        """Deletes the index of a generation that is not live; cursors in it end with SnapshotGone.

        Raises:
            ValueError: it is live.
        """
        there = self._parts()
        if there[0].name == name:
            raise ValueError(f"generation {name} is live")
        if name in {part.name for part in there}:
            with engine():
                self._connection.client.indices.update_aliases(
                    actions=[*self._still_live(there[0].name), {"remove_index": {"index": name}}]
                )
        self._let_go(name)

    def close(self) -> None:
        """Lets everything go; a later call opens it again."""
        for name in [*self._writers, *self._readers]:
            self._let_go(name)
        self._connection.close()

    def _parts(self) -> list[Part]:
        with engine():
            there = parts(self._connection)
        if not there or there[0].role != "live":
            raise DependencyUnavailable("index", explained(_MISSING, no_live_one(self._connection.names)))
        return there

    def _mark(self, there: Sequence[Part]) -> None:
        with engine():
            mark(self._connection, there, self._now())

    def _flip(self, ahead: Part, behind: Part, out: Sequence[str]) -> list[Action]:
        """One that cannot be written to is not kept, but set aside: no alias tells of it."""
        names = self._connection.names
        was = names.building if ahead.role == "building" else names.kept
        usable = behind.misfit is None
        return [
            *({"remove_index": {"index": index}} for index in out),
            *(removing(behind.name, alias) for alias in (names.read, names.write)),
            removing(ahead.name, was),
            *(adding(ahead.name, alias) for alias in (names.read, names.write)),
            *([adding(behind.name, names.kept)] if usable else []),
        ]

    def _still_live(self, index: str) -> list[Action]:
        """Changes nothing, and fails where another one has gone live."""
        read = self._connection.names.read
        return [removing(index, read), adding(index, read)]

    def _told(self, part: Part) -> Generation:
        documents, trouble = self._sizes.of(part)
        return Generation(
            name=part.name,
            role=part.role,
            documents=documents,
            made_at=part.made_at,
            replaced_at=part.replaced_at,
            format=part.made_with,
            trouble=trouble or part.misfit or part.lacks,
        )

    def _let_go(self, name: str) -> None:
        for opened in (self._writers.pop(name, None), self._readers.pop(name, None)):
            if opened:
                opened.close()
        self._sizes.forget(name)
