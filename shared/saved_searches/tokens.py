"""What a document has, as the needs of saved searches are compared with it.

Tokens are:

    harbour, en/harbour     a word of title, standfirst or text, by its stem; single characters of Chinese and the like
    title:en/harbour        a word of the title, by its stem
    =harbour                a word as it is written
    url/harbour             a word of the URL
    author/austen           a word of a short field, and author/* for any
    site=example.org        a value of a field that is matched whole

Words side by side are looked for in the texts that engines index, which are words parted by spaces.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import Final

from shared.models.document import Document
from shared.models.search import FILTERS
from shared.search.analysis.stems import MARK
from shared.search.analysis.written import written
from shared.search.fields import BY_NAME, QUERY_FIELDS, keywords
from shared.search.labels import labels

_READ: Final = ("title", "standfirst", "text")
_PARTED: Final = " \n "
"""Between texts: no phrase spans two of them."""
EXACT: Final = "="
URL: Final = "url/"
TITLE: Final = "title:"


def whole(field: str, value: str) -> str:
    """A value that is matched whole."""
    return f"{field}={value}"


def part_of(token: str) -> str | None:
    """Which part of `Tokens` has a token, of those that are not always looked into."""
    if token.startswith(TITLE):
        return "title"
    field = token.partition(MARK)[0]
    if field == token or field not in QUERY_FIELDS:
        return None
    return "url" if field == "url" and not token.endswith(f"{MARK}*") else "labels"


class Tokens:
    """What one document has; each part is worked out when it is asked for.

    Args:
        document: the one.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._texts = [written(text, document.language) for name in _READ if (text := getattr(document, name))]

    @cached_property
    def words(self) -> set[str]:
        """Those of title, standfirst and text, and the values that are matched whole."""
        found: set[str] = set()
        for text in self._texts:
            found.update(text.stems.split(" "), text.joined_stems.split(" "), text.joined_exact.split(" "))
        for name in FILTERS:
            found.update(whole(name, value) for value in keywords(BY_NAME[name], self._document))
        return found

    @cached_property
    def title(self) -> set[str]:
        """Those of the title alone."""
        made = written(self._document.title or "", self._document.language)
        return {TITLE + word for word in chain(made.stems.split(" "), made.joined_stems.split(" "))}

    @cached_property
    def url(self) -> set[str]:
        """Those of the URL."""
        made = written(self._document.url or "", self._document.language)
        return {URL + word for word in chain(made.exact.split(" "), made.joined_exact.split(" "))}

    @cached_property
    def labels(self) -> set[str]:
        """Those of short fields."""
        return set(chain.from_iterable(line.split(" ") for line in labels(self._document)))

    @cached_property
    def exact(self) -> set[str]:
        """Its words as they are written, without the sign."""
        return set(chain.from_iterable((*text.exact.split(" "), *text.joined_exact.split(" ")) for text in self._texts))

    @cached_property
    def stems_text(self) -> str:
        """All that is read, by its stems."""
        return _joined(part for text in self._texts for part in (text.stems, text.joined_stems))

    @cached_property
    def exact_text(self) -> str:
        """The same as it is written."""
        return _joined(part for text in self._texts for part in (text.exact, text.joined_exact))


def _joined(parts: Iterable[str]) -> str:
    return f" {_PARTED.join(parts)} "
