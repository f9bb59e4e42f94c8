"""The stem of a word in a language, marked with the language so that stems of two languages never meet.

French takes `important` back to `import`; without marks it would find English pages about imports.
"""

import re
from functools import cache, lru_cache
from typing import Final

import Stemmer

from shared.search.analysis.characters import UNSPACED, folded
from shared.search.analysis.languages import ALGORITHMS, KEPT, stemmed_as

MARK: Final = "/"
"""Parts the language from the stem; no word contains it."""
_UNSTEMMED: Final = re.compile(rf"[\d+#{UNSPACED}]")


class Stems:
    """One language's stems, to be had from `stems_of`; threads may share it.

    Words with digits, words of scripts without spaces and all words of a language without stems are folded only and
    bear no mark: they are the same in every language.
    """

    def __init__(self, code: str | None) -> None:
        self._code = code
        self._kept = KEPT.get(code or "", frozenset())
        self._stemmer = Stemmer.Stemmer(ALGORITHMS[code], 0) if code else None  # its own memory costs more than a stem
        self.stem = lru_cache(32_768)(self._stem)
        self._stem_of_plain = lru_cache(32_768)(self._unaccented)

    def plain(self, exact: str) -> str:
        """The form of the word without its accents: Spanish `filosofia` has another ending than `filosofía`."""
        return self.stem(exact) if exact.isascii() else self._stem_of_plain(exact)

    def _unaccented(self, exact: str) -> str:
        return self.stem(folded(exact, self._kept))

    def _stem(self, exact: str) -> str:
        """The form that a word as written is indexed under."""
        letters = exact.isascii() and exact.isalpha()
        if self._stemmer is None or (not letters and _UNSTEMMED.search(exact)):
            return folded(exact)
        return f"{self._code}{MARK}{folded(self._stemmer.stemWord(exact), self._kept)}"


@cache
def _stems_by_code(code: str | None) -> Stems:
    return Stems(code)


def stems_of(language: str | None) -> Stems:
    """The stems of a language tag; of an unknown language, or of None, words are folded only."""
    return _stems_by_code(stemmed_as(language))


def in_every_language(form: str) -> bool:
    """Whether a form is the same in every language: it has a digit, or is of a script without spaces."""
    return MARK not in form and _UNSTEMMED.search(form) is not None
