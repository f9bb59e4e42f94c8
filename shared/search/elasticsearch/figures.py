"""What the index knows of words: the term that each is in each language, and how many documents have it."""

import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared.search.analysis.analyzers import ANALYZERS, OTHER
from shared.search.elasticsearch.client import Connection

STEMMED: Final = ("text", "title")
_REMEMBERED: Final = 20_000
_FEW: Final = 16
_KEPT: Final = "0"
"""A word that every analyzer keeps: of a field without any the engine tells nothing."""


class Term(NamedTuple):
    """A word as an analyzer has it, and in how many documents it is; `text` is empty where it takes it apart."""

    text: str
    documents: int


Terms = dict[str, Term | None]
"""Terms by word; None for a word that the analyzer leaves out, as those that are in every text of the language."""


class Known(NamedTuple):
    """The figures that one query needs, by field: `text.en` for one.

    `sampled` where there are several shards, of which one was asked: what it does not have others may.
    """

    documents: Mapping[str, int]
    terms: Mapping[str, Terms]
    sampled: bool = False


class Figures:
    """The figures of one state of the index, which do not change while it is read. Threads may share them.

    Args:
        connection: they are asked through the alias for reading.
        shards: of the index.
    """

    def __init__(self, connection: Connection, shards: int = 1) -> None:
        self._connection = connection
        self._sampled = shards > 1
        self._documents: dict[str, int] = {}
        self._terms: dict[str, Terms] = {}
        self._lock = threading.Lock()

    def languages(self) -> tuple[str, ...]:
        """All languages that documents are in, the most frequent first; `OTHER` is not among them."""
        with self._lock:
            return self._languages()

    def known(self, words: Sequence[str], forms: Sequence[str]) -> Known:
        """Asks the index for what is not known yet.

        Args:
            words: as written, of letters and digits alone.
            forms: our own stems, for `OTHER`.
        """
        with self._lock:
            if not self._documents and len(words) > _FEW:
                self._learn((), ())  # which languages there are, so as to ask for many words in those alone
            self._learn(words, forms)
            lists = {place: (forms if place.endswith(OTHER) else words) for place in self._places()}
            terms = {place: {word: self._terms[place][word] for word in wanted} for place, wanted in lists.items()}
            return Known(dict(self._documents), terms, self._sampled)

    def _languages(self) -> tuple[str, ...]:
        found = [(docs, code) for code in ANALYZERS if (docs := self._documents.get(f"text.{code}", 0))]
        return tuple(code for _, code in sorted(found, key=lambda one: -one[0]))

    def _learn(self, words: Sequence[str], forms: Sequence[str]) -> None:
        lists = {place: (forms if place.endswith(OTHER) else words) for place in self._places()}
        asked = {place: self._unknown(place, (*wanted, _KEPT)) for place, wanted in lists.items()}
        if self._documents and not any(asked.values()):
            return
        texts = {place: "\n".join(wanted) or _KEPT for place, wanted in asked.items()}
        told: Any = self._connection.client.termvectors(
            index=self._connection.names.read,
            doc=_nested(texts),
            fields=list(texts),
            positions=False,
            payloads=False,
            offsets=True,
            term_statistics=True,
            field_statistics=True,
        ).body
        for place, wanted in asked.items():
            self._note(place, wanted, told.get("term_vectors", {}).get(place, {}))

    def _places(self) -> list[str]:
        """All languages at first, then those that there are."""
        codes = (*self._languages(), OTHER) if self._documents else (*ANALYZERS, OTHER)
        return [f"{field}.{code}" for field in STEMMED for code in codes]

    def _unknown(self, place: str, wanted: Iterable[str]) -> list[str]:
        known = self._terms.setdefault(place, {})
        if len(known) > _REMEMBERED:
            known.clear()
        return [word for word in dict.fromkeys(wanted) if word not in known]

    def _note(self, place: str, wanted: Sequence[str], told: Mapping[str, Any]) -> None:
        self._documents.setdefault(place, max(0, told.get("field_statistics", {}).get("doc_count", 0)))
        known = self._terms[place]
        known |= dict.fromkeys(wanted)
        places = _places(wanted)
        for text, found in told.get("terms", {}).items():
            for token in found["tokens"]:
                start, end = token["start_offset"], token["end_offset"]
                word = places.get(start)
                if word is not None and _utf16(word) == end - start:
                    known[word] = Term(text, found.get("doc_freq", 0))
                else:
                    _taken_apart(known, places, start)


def rarity(documents: float, of: float) -> float:
    """Inverse document frequency as BM25 has it (Robertson and Zaragoza 2009), never zero."""
    found = min(documents, of)
    return math.log(1 + (of - found + 0.5) / (found + 0.5)) or 1e-6


def _places(words: Sequence[str]) -> dict[int, str]:
    """Where each word begins in the text that they were asked for in, in UTF-16, as the engine counts."""
    places, at = {}, 0
    for word in words:
        places[at] = word
        at += _utf16(word) + 1
    return places


def _taken_apart(known: dict[str, Term | None], places: Mapping[int, str], start: int) -> None:
    begun = max((place for place in places if place <= start), default=None)
    if begun is not None and known[places[begun]] is None:
        known[places[begun]] = Term("", 0)


def _utf16(word: str) -> int:
    return len(word) if word.isascii() else len(word.encode("utf-16-le")) // 2


def _nested(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    nested: dict[str, dict[str, str]] = {}
    for place, text in texts.items():
        name, _, code = place.partition(".")
        nested.setdefault(name, {})[code] = text
    return nested
