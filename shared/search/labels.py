"""Words of short fields, each with the name of its field before it, all in one field of the index.

So `author:austen` finds Jane Austen, without case and accents, and `tag:*` whatever has a tag.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from shared.models.document import Document
from shared.search.analysis.characters import folded
from shared.search.analysis.stems import MARK
from shared.search.analysis.written import written
from shared.search.fields import BY_NAME, QUERY_FIELDS, keyword, values

LABELLED: Final = ("title", "source", "author", "tag", "person", "place", "organisation", "keyword")
"""Fields whose words are labels. Those of the title are, since its own field has no words as they are written."""
_ANY: Final = "*"
"""Stands for any value; no word is made of it."""


def labels(document: Document) -> Iterator[str]:
    """Texts of words parted by spaces; no phrase spans two of them."""
    for name in LABELLED:
        for value in values(BY_NAME[name], document):
            yield from _labelled(name, keyword(value))
    there = (name for name in QUERY_FIELDS if any(value != "" for value in values(BY_NAME[name], document)))
    yield " ".join(f"{name}{MARK}{_ANY}" for name in there)


def label(field: str, word: str) -> str:
    """A word as it is indexed for a field."""
    return f"{field}{MARK}{folded(word)}"


def presence(field: str) -> str:
    """What stands for any value of a field."""
    return f"{field}{MARK}{_ANY}"


@lru_cache(16_384)
def _labelled(field: str, value: str) -> tuple[str, ...]:
    """The words of one value, then those that stand for several of them, as in e-mail."""
    found = written(value, None)
    texts = (found.stems, found.joined_stems)
    return tuple(" ".join(f"{field}{MARK}{word}" for word in text.split(" ")) for text in texts if text)
