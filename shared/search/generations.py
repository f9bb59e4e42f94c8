"""What Pagemill asks of a search engine to build an index anew beside the one that is searched.

Every adapter passes `tests/contracts/test_index_generations.py`. An engine holds one generation that is searched
(`live`), at most one that is being filled (`building`), and at most one that was live before (`kept`), for going back.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from shared.models.document import Document
from shared.models.frozen import Carried, Moment, PageId
from shared.search.port import IndexWriter, SearchIndex

Role = Literal["live", "building", "kept", "aside"]


class Generation(Carried):
    """One index as the engine holds it.

    `aside` are earlier ones that this code can no longer write to: nobody reads them, and they lie there until they
    are retired.
    """

    name: str
    role: Role
    documents: int | None = None
    """None where they cannot be counted."""
    made_at: Moment | None = None
    """None where that was not noted."""
    replaced_at: Moment | None = None
    """When another one went live in its place."""
    format: str | None = None
    """`shared.search.format.FORMAT` of the code that made it; None where that was not noted."""
    trouble: str | None = None
    """Why it cannot be searched or written to, or why going back to it would lose pages."""


class GenerationReader(SearchIndex, Protocol):
    """The reading side of one generation, with what it takes to copy and to compare it.

    The three methods below also read what an older code has made, as long as its documents can be read.
    """

    def documents(self, after: PageId | None, most: int) -> Sequence[Document]:
        """The next documents in the order of ids, as they are now, at most so many; none at the end."""

    def versions(self, after: PageId | None, most: int) -> Sequence[tuple[PageId, int]]:
        """The same as ids with their external versions (version x 64 + revision)."""

    def held(self, ids: Sequence[PageId]) -> Mapping[PageId, int]:
        """The external versions of those of these pages that are there."""


class IndexGenerations(Protocol):
    """The generations of one index. Each method raises DependencyUnavailable where the engine is away."""

    def status(self) -> tuple[Generation, ...]:
        """All there are, the live one first; there always is one."""

    def written(self) -> tuple[str, ...]:
        """The names that every write and every delete goes to: live first, then building and kept."""

    def begin(self) -> str:
        """A new and empty generation to be filled, and its name; one that was being built before is retired."""

    def writer(self, name: str) -> IndexWriter:
        """The writing side of one generation, the same at each call, open until `close`."""

    def reader(self, name: str) -> GenerationReader:
        """The reading side of one generation, the same at each call, open until `close`."""

    def filled(self, name: str) -> None:
        """Filling has ended: what was put off for speed is made up for, so that it answers as the live one does."""

    def go_live(self, name: str) -> None:
        """Searches read this one from now on, in one step for all readers; snapshots that are held stay as they are.

        The one that was live is kept, or set aside where this code cannot write to it; one kept before is retired.
        With the name of the kept one this is the way back. Where a step of it was cut, the same again makes up for it,
        also once that one is live.
        """

    def retire(self, name: str) -> None:
        """Takes a generation that is not live from the disk; one that is not there is done."""

    def close(self) -> None:
        """Lets everything go; a later call opens it again."""
