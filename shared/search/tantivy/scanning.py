"""All documents of an index in the order of their ids, a few at a time, also where other code has made it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import tantivy

from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.tantivy.documents import from_engine
from shared.search.tantivy.guard import engine

_ALPHABET: Final = "".join(sorted("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
"""What ids are made of, in the order of their bytes."""
_BLOCK: Final = 300
"""Ids read at once, about: the dictionary gives all that share a prefix, and cannot be asked from the middle."""


class Scan:
    """One index folder, read as it is committed at each call.

    Needs no schema but the fields `id`, `external_version` and `document`, so what an earlier version of Pagemill made
    can be copied. Where there is no index, nothing is there.

    Args:
        folder: of the index.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: tantivy.Index | None = None

    def count(self) -> int:
        """Documents held."""
        with engine():
            searcher = self._searcher()
            return searcher.num_docs if searcher else 0

    def documents(self, after: PageId | None, most: int) -> list[Document]:
        """The next documents behind an id, at most so many; none at the end."""
        with engine():
            for searcher, ids in self._ids(after, most):
                hits = self._these(searcher, ids)
                if hits:
                    found = [from_engine(searcher.doc(address)) for address in hits]
                    return sorted(found, key=lambda document: document.id)
            return []

    def versions(self, after: PageId | None, most: int) -> list[tuple[PageId, int]]:
        """The next ids behind an id, with their external versions."""
        with engine():
            for searcher, ids in self._ids(after, most):
                if found := self._held(searcher, ids):
                    return sorted(found.items())
            return []

    def held(self, ids: Sequence[PageId]) -> Mapping[PageId, int]:
        """The external versions of those of these pages that are there."""
        with engine():
            searcher = self._searcher()
            return self._held(searcher, ids) if searcher else {}

    def close(self) -> None:
        """Lets the files go."""
        self._index = None

    def _searcher(self) -> tantivy.Searcher | None:
        if not (self._folder / "meta.json").exists():
            self._index = None
            return None
        if self._index is None:
            self._index = tantivy.Index.open(str(self._folder))
            self._index.config_reader("manual")
        self._index.reload()
        return self._index.searcher()

    def _ids(self, after: PageId | None, most: int) -> Iterator[tuple[tantivy.Searcher, list[PageId]]]:
        """Ids behind `after`, so many at once; the dictionary still has some that are deleted."""
        searcher = self._searcher()
        if searcher is None or not searcher.num_docs:
            return
        depth = math.ceil(math.log(max(1, searcher.num_docs / _BLOCK), len(_ALPHABET)))
        gathered: list[PageId] = []
        for block in _blocks(searcher, "", depth, after or ""):
            gathered += block
            while len(gathered) >= most:
                yield searcher, gathered[:most]
                gathered = gathered[most:]
        if gathered:
            yield searcher, gathered

    def _these(self, searcher: tantivy.Searcher, ids: Sequence[PageId]) -> list[tantivy.DocAddress]:
        assert self._index is not None
        query = tantivy.Query.term_set_query(self._index.schema, "id", list(ids))
        return [address for _, address in searcher.search(query, len(ids), count=False).hits]

    def _held(self, searcher: tantivy.Searcher, ids: Sequence[PageId]) -> dict[PageId, int]:
        assert self._index is not None
        found: dict[PageId, int] = {}
        for page_id in ids:
            query = tantivy.Query.term_query(self._index.schema, "id", page_id)
            hits = searcher.search(query, 1, count=False, order_by_field="external_version").hits
            if hits:
                found[page_id] = int(hits[0][0])
        return found


def _blocks(searcher: tantivy.Searcher, prefix: str, depth: int, after: str) -> Iterator[list[PageId]]:
    """The dictionary's ids behind `after`, in order, block by block of those that share `depth` more characters.

    Ids are digests, so blocks are of about one size; others would make blocks longer and nothing wrong.
    """
    if prefix < after and not after.startswith(prefix):
        return
    if depth == 0:
        yield sorted(term for term, _ in searcher.terms_with_prefix("id", prefix) if term > after)
        return
    if prefix > after and searcher.doc_freq("id", prefix):
        yield [prefix]
    for character in _ALPHABET:
        yield from _blocks(searcher, prefix + character, depth - 1, after)
