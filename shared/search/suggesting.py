"""What completes what is being typed: titles, names and keywords, from any of their first words on.

One field of the index holds an entry for each such beginning: a mark, the beginning as it is looked for, and behind a
separator the kind and the value as it is written. So an engine needs no more than the terms that begin with a prefix.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, islice
from typing import Final

from shared.models.document import Document
from shared.models.suggestions import Suggestion, SuggestionKind
from shared.search.analysis.characters import folded, normal
from shared.search.analysis.function_words import function_words
from shared.search.fields import keyword, values_of

NAMES: Final = "n"
TITLES: Final = "t"
"""The marks: titles are asked for apart, since nearly every page has one of its own."""
CANDIDATES: Final = 50
"""The most frequent entries of each mark that are looked at."""
_PART: Final = "\x1f"
_KEY_CHARS: Final = 48
_KEY_WORDS: Final = 12
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


def _entries(kind: SuggestionKind, written: str) -> list[str]:
    value = keyword(" ".join(written.split())[:_VALUE_CHARS])
    mark = TITLES if kind == "title" else NAMES
    return [f"{mark}{key}{_PART}{kind}{_PART}{value}" for key in dict.fromkeys(islice(_keys(value), _BEGINNINGS))]


def _keys(value: str) -> Iterator[str]:
    """From the first word on, and from each that tells something; without spaces, from each character on."""
    words = _words(value)
    for place, word in enumerate(words):
        if place == 0 or word not in _function_words():
            key = " ".join(words[place : place + _KEY_WORDS])[:_KEY_CHARS]
            yield key
            if word >= _FIRST_UNSPACED:
                yield from (key[at:] for at in range(1, len(word)))


def _key(text: str) -> str:
    """As it is looked for: without case, accents and punctuation, one space between words."""
    return " ".join(_words(text[: 4 * _KEY_CHARS])[:_KEY_WORDS])[:_KEY_CHARS]


def _words(text: str) -> list[str]:
    return [word for written in text.split() if (word := _word(written))]


@lru_cache(16_384)
def _word(written: str) -> str:
    return folded(normal(written[:_VALUE_CHARS]))


@cache
def _function_words() -> frozenset[str]:
    return frozenset(chain.from_iterable(map(function_words, _MANY)))
