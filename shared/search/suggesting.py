"""What completes what is being typed: titles, names and keywords, from any of their first words on.

One field of the index holds an entry for each such beginning: a mark, the beginning as it is looked for, and behind a
separator the kind and the value as it is written. So an engine needs no more than the terms that begin with a prefix.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from shared.models.document import Document
from shared.models.suggestions import Suggestion, SuggestionKind
from shared.search.analysis.characters import folded, normal
from shared.search.analysis.function_words import is_function_word
from shared.search.analysis.words import cut, placed_runs
from shared.search.fields import keyword, values_of

NAMES: Final = "n"
TITLES: Final = "t"
"""The marks: titles are asked for apart, since nearly every page has one of its own."""
CANDIDATES: Final = 50
"""The most frequent entries of each mark that are looked at."""
_PART: Final = "\x1f"
_KEY_CHARS: Final = 48
_VALUE_CHARS: Final = 240
_BEGINNINGS: Final = 4
_LEAST_CHARS: Final = {NAMES: 2, TITLES: 3}
"""Characters from which on there are few enough entries; in scripts without spaces one less."""
_FIRST_UNSPACED: Final = "\u0e00"
_MANY: Final = ("en", "de", "fr", "es", "it", "pt", "nl")
"""Languages whose function words begin nothing that one would type; those of others are rare in names."""
_SOURCES: Final[dict[SuggestionKind, str]] = {
    "person": "names.people",
    "place": "names.places",
    "organisation": "names.organisations",
    "keyword": "keywords",
}


def entries(document: Document) -> list[str]:
    """The entries of a document, each once."""
    named = ((kind, value) for kind, source in _SOURCES.items() for value in values_of(source, document))
    found = [entry for kind, value in named for entry in _entries(kind, value)]
    if document.title:
        found += _entries("title", document.title)
    return list(dict.fromkeys(found))


def prefixes(typed: str) -> dict[str, str]:
    """What entries must begin with, by mark; empty where too little was typed."""
    key = _key(typed)
    more = 1 if key >= _FIRST_UNSPACED else 0
    return {mark: f"{mark}{key}" for mark, least in _LEAST_CHARS.items() if len(key) + more >= least}


def suggestions(found: Iterable[Sequence[str]], count: Callable[[str], int], size: int) -> tuple[Suggestion, ...]:
    """The best of the entries found.

    Args:
        found: of each mark, the entries that begin so, the most frequent first.
        count: how many documents have an entry now.
        size: of the answer.
    """
    by_mark = [list(islice(_told(each, count), size)) for each in found]
    shares = _shares([len(each) for each in by_mark], size)
    return tuple(one for each, share in zip(by_mark, shares, strict=True) for one in each[:share])


def _shares(lengths: Sequence[int], size: int) -> list[int]:
    """How many of each mark are given: names first, but titles keep half of the room if they need it."""
    if len(lengths) < 2:
        return [min(length, size) for length in lengths]
    names, titles = lengths
    first = min(names, max(size - titles, size - size // 2))
    return [first, min(titles, size - first)]


def _told(found: Sequence[str], count: Callable[[str], int]) -> Iterator[Suggestion]:
    seen: set[tuple[str, str]] = set()
    for entry in found:
        _, kind, value = entry.split(_PART, 2)
        if (kind, value) not in seen and (documents := count(entry)):
            seen.add((kind, value))
            yield Suggestion.model_validate({"text": value, "kind": kind, "count": documents})


@lru_cache(16_384)
def _entries(kind: SuggestionKind, written: str) -> tuple[str, ...]:
    value = keyword(" ".join(written.split())[:_VALUE_CHARS])
    mark = TITLES if kind == "title" else NAMES
    keys = (_key(value[start:]) for start in islice(_starts(value), _BEGINNINGS))
    return tuple(f"{mark}{key}{_PART}{kind}{_PART}{value}" for key in dict.fromkeys(keys) if key)


def _starts(value: str) -> Iterator[int]:
    """Where a person may begin to type: at the first word, or at one that tells something."""
    pieces = ((run.start() + piece.start, piece.exact) for run in placed_runs(value) for piece in cut(run[0]).pieces)
    for place, (start, word) in enumerate(pieces):
        if place == 0 or not is_function_word(word, _MANY):
            yield start


def _key(text: str) -> str:
    """As it is looked for: without case, accents and punctuation, one space between words."""
    words = (folded(normal(word)) for word in text[: 4 * _KEY_CHARS].split())
    return " ".join(filter(None, words))[:_KEY_CHARS]
