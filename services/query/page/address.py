"""The page's own address: links to other searches keep what this one asks for."""

from typing import Final, NamedTuple
from urllib.parse import urlencode

from shared.models.search import FILTERS
from shared.models.search_query import Sought

_FEED: Final = frozenset({field.alias or name for name, field in Sought.model_fields.items()} | {"match"})
_RANGES: Final = ("from", "to", "indexed_from", "indexed_to")


class Address(NamedTuple):
    """The parameters of a search page, in order; none of them is a cursor, for cursors die and links are kept."""

    pairs: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.at("/")

    def at(self, path: str, **more: str) -> str:
        """The same parameters, and `more`, at another path."""
        query = urlencode([*self.pairs, *more.items()])
        return f"{path}?{query}" if query else path

    @property
    def feed(self) -> str:
        """Where feed readers follow this search."""
        return Address(tuple(pair for pair in self.pairs if pair[0] in _FEED)).at("/v1/feeds/atom")

    def values(self, name: str) -> list[str]:
        """What one parameter has been given."""
        return [value for each, value in self.pairs if each == name]

    def lacking(self, *names: str) -> "Address":
        """Without these parameters."""
        return Address(tuple(pair for pair in self.pairs if pair[0] not in names))

    def unfiltered(self) -> "Address":
        """Without whatever narrows the search but its words."""
        return self.lacking(*FILTERS, *_RANGES)

    def less(self, name: str, value: str) -> "Address":
        """Without one value of a parameter."""
        return Address(tuple(pair for pair in self.pairs if pair != (name, value)))

    def setting(self, **given: str) -> "Address":
        """With these parameters instead of what they were."""
        return Address((*self.lacking(*given).pairs, *given.items()))
