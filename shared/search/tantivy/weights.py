"""How much each word of one query tells, by the engine's figures on it.

The engine counts how rare a term is among all documents. A stem is rare because its language is, and `the` is rare
where most pages are in Chinese; so terms are weighed by how rare they are in the languages that the query may be in.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final, Protocol

from shared.search.analysis.function_words import FUNCTION_WEIGHT, is_function_word
from shared.search.analysis.languages import ALGORITHMS, tags_stemmed_as
from shared.search.analysis.stems import MARK, in_every_language
from shared.search.leaves import Leaf, Slot
from shared.search.weighing import unspaced

_OWN: Final = 4
"""Power of a language's share of known words, in what its terms count."""
_COMMON: Final = 8
"""The same, in what a word's rarity is taken from."""


class Known(Protocol):
    """What is asked of a state of the index while a query is compiled; a searcher of the engine is one."""

    @property
    def num_docs(self) -> int:
        """Documents that there are."""

    def doc_freq(self, field_name: str, field_value: Any) -> int:
        """Documents that have a word in a field."""


class Weights:
    """The figures of one query's words in one state of the index.

    Args:
        searcher: the state of the index.
        leaves: what is looked for; its words tell which languages the query may be in.
    """

    def __init__(self, searcher: Known, leaves: Sequence[Leaf]) -> None:
        self._searcher = searcher
        self._slots = list({slot.exact: slot for leaf in leaves for slot in leaf.slots}.values())
        self._held: dict[tuple[str, str], int] = {}
        self._of: dict[str, int] = {}
        self._rarities: dict[tuple[str, tuple[str, ...]], float] = {}
        self.documents = searcher.num_docs

    def held(self, field: str, form: str) -> int:
        """Documents that have a form in a field."""
        key = field, form
        if key not in self._held:
            self._held[key] = self._searcher.doc_freq(field, form)
        return self._held[key]

    def share(self, form: str) -> float:
        """How many of the query's words the form's language knows, against the one that knows most: 0 to 1."""
        return 1.0 if in_every_language(form) else self._shares.get(_language(form), 0.0)

    def own(self, form: str) -> float:
        """What the terms of a form's language count."""
        return self.share(form) ** _OWN

    def worth(self, field: str, form: str, forms: tuple[str, ...]) -> float:
        """What makes the engine weigh a form as if all `forms` of the word were one, in the languages of the query."""
        key = field, forms
        if key not in self._rarities:
            self._rarities[key] = self._rarity_of_all(field, forms)
        return self._rarities[key] / self._engine_rarity(field, form)

    def _rarity_of_all(self, field: str, forms: Iterable[str]) -> float:
        there = [each for each in forms if self.held(field, each)]
        among = sum(self._documents_of(each) * self.share(each) ** _COMMON for each in there)
        held = sum(self.held(field, each) * self.share(each) ** _COMMON for each in there)
        return _rarity(held, among)

    def rarity(self, field: str, form: str) -> float:
        """How rare a form is in its language."""
        return _rarity(self.held(field, form), self._documents_of(form))

    def exact_worth(self, slot: Slot) -> float:
        """The same for the word as it is written."""
        there = [form for form in dict.fromkeys(slot.own) if self.held("text", form)]
        among = sum(self._documents_of(form) * self.share(form) ** _COMMON for form in there) or self.documents
        return _rarity(self.held("exact", slot.exact), among) / self._engine_rarity("exact", slot.exact)

    def phrase_worth(self, field: str, forms: Sequence[str]) -> float:
        """The same for several words side by side, whose rarities the engine adds up."""
        among = [_rarity(self.held(field, form), self._documents_of(form)) for form in forms]
        return sum(among) / sum(self._engine_rarity(field, form) for form in forms)

    def telling(self, slot: Slot) -> float:
        """How much of its weight a word keeps: function words keep little, beside others."""
        return FUNCTION_WEIGHT if slot.exact in self.function_words else 1.0

    @cached_property
    def function_words(self) -> frozenset[str]:
        """The words of the query that hold a sentence together; none where it has no others."""
        apparent = [code for code, share in self._shares.items() if share == 1.0]
        found = frozenset(slot.exact for slot in self._slots if is_function_word(slot.exact, apparent))
        return found if len(found) < len(self._slots) else frozenset()

    @cached_property
    def _shares(self) -> dict[str, float]:
        known: dict[str, int] = {}
        for slot in self._slots:
            for form in dict.fromkeys(slot.own):
                if (unspaced(form) or not in_every_language(form)) and self.held("text", form):
                    known[_language(form)] = known.get(_language(form), 0) + 1
        most = max(known.values(), default=0)
        return {code: count / most for code, count in known.items()}

    def _documents_of(self, form: str) -> int:
        """Documents that may have a form: those of its language."""
        code = _language(form)
        if not code and any(char.isdecimal() for char in form):
            return self.documents
        if code not in self._of:
            self._of[code] = self._in_language(code) if code else self._unstemmed()
        return max(self._of[code], self.held("text", form))

    def _in_language(self, code: str) -> int:
        return sum(self._searcher.doc_freq("language", tag) for tag in tags_stemmed_as(code))

    def _unstemmed(self) -> int:
        return self.documents - sum(map(self._in_language, ALGORITHMS))

    def _engine_rarity(self, field: str, form: str) -> float:
        return _rarity(self.held(field, form), self.documents)


class Unweighed:
    """The same where it matters only whether a document matches: every word counts alike.

    Args:
        searcher: as for `Weights`.
    """

    function_words: frozenset[str] = frozenset()

    def __init__(self, searcher: Known) -> None:
        self.documents = searcher.num_docs
        self._searcher = searcher

    def held(self, field: str, form: str) -> int:
        """As in `Weights`."""
        return self._searcher.doc_freq(field, form)

    @staticmethod
    def own(_form: str) -> float:
        """One, as all that follow."""
        return 1.0

    @staticmethod
    def worth(_field: str, _form: str, _forms: tuple[str, ...]) -> float:
        """See `own`."""
        return 1.0

    @staticmethod
    def rarity(_field: str, _form: str) -> float:
        """See `own`."""
        return 1.0

    @staticmethod
    def exact_worth(_slot: Slot) -> float:
        """See `own`."""
        return 1.0

    @staticmethod
    def phrase_worth(_field: str, _forms: Sequence[str]) -> float:
        """See `own`."""
        return 1.0

    @staticmethod
    def telling(_slot: Slot) -> float:
        """See `own`."""
        return 1.0


def _language(form: str) -> str:
    code, mark, _ = form.partition(MARK)
    return code if mark else ""


def _rarity(documents: float, of: float) -> float:
    """Inverse document frequency as BM25 has it (Robertson and Zaragoza 2009), never zero."""
    found = min(documents, of)
    return math.log(1 + (of - found + 0.5) / (found + 0.5)) or 1e-6
