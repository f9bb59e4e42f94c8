"""The values by which results can be narrowed, each with its count, and those that narrow them now."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

from services.query.page.address import Address
from services.query.page.asked import FACETS
from services.query.page.languages import language_name
from shared.models.search import FacetCount

TITLES: Final[Mapping[str, str]] = {
    "language": "Language",
    "site": "Site",
    "source": "Source",
    "author": "Author",
    "tag": "Tag",
    "person": "Person",
    "place": "Place",
    "organisation": "Organisation",
    "keyword": "Keyword",
    "story": "Story",
    "from": "Published since",
    "to": "Published until",
    "indexed_from": "Indexed since",
    "indexed_to": "Indexed until",
    "freshness": "Days until half as fresh",
}
FIRST: Final = ("language", "site", "source")
"""Facets that are shown at once; the others when they are opened, or used. They have few values, and cost little."""
_FIELDS_ALWAYS: Final = frozenset({"q", "mode"})
_FIELDS: Final = _FIELDS_ALWAYS | {"from", "to", "sort", "copies", *FACETS}


class Value(NamedTuple):
    """One value of a facet; `mark` names its box so that it is found again, `documents` is None where unknown."""

    value: str
    label: str
    documents: int | None
    chosen: bool
    mark: str


class Facet(NamedTuple):
    """One facet; `whole` where all its values are shown, `opened` where they are seen at once."""

    name: str
    title: str
    values: tuple[Value, ...]
    whole: bool
    opened: bool


class Chip(NamedTuple):
    """One condition that narrows the results, and the address without it."""

    title: str
    label: str
    without: str


def wanted(address: Address) -> tuple[str, ...]:
    """The facets that are counted as somebody types: the first ones, and those that are used."""
    return tuple(name for name in FACETS if name in FIRST or address.values(name))


def facets_of(counted: Mapping[str, Sequence[FacetCount]], address: Address, size: int) -> list[Facet]:
    """The facets that have values; a chosen value stays, whether it is among the most frequent or not."""
    facets = [_facet(name, values, address, size) for name, values in counted.items()]
    return [facet for facet in facets if facet.values]


def chips_of(address: Address) -> list[Chip]:
    """Everything that narrows the results but the words."""
    return [
        Chip(TITLES[name], label(name, value), str(address.less(name, value)))
        for name, value in address.pairs
        if name in TITLES
    ]


def carried(address: Address, *, shown: bool) -> list[tuple[str, str]]:
    """What the form has no field for, and has to hand on; with no results `shown` it has nearly none."""
    fields = _FIELDS if shown else _FIELDS_ALWAYS
    return [pair for pair in address.pairs if pair[0] not in fields]


def label(name: str, value: str) -> str:
    """What a value is called."""
    return language_name(value) if name == "language" else value


def _facet(name: str, counted: Sequence[FacetCount], address: Address, size: int) -> Facet:
    chosen = address.values(name)
    values = tuple(_values(name, counted, chosen))
    return Facet(name, TITLES[name], values, len(counted) < size, name in FIRST or bool(chosen))


def _values(name: str, counted: Sequence[FacetCount], chosen: list[str]) -> Iterator[Value]:
    spelt = {value.lower() if name in ("language", "site") else value: value for value in chosen}
    for each in counted:
        yield Value(
            each.value,
            label(name, each.value),
            each.count,
            spelt.pop(each.value, None) is not None,
            _mark(name, each.value),
        )
    for value in spelt.values():
        yield Value(value, label(name, value), None, chosen=True, mark=_mark(name, value))


def _mark(name: str, value: str) -> str:
    return f"{name}-{blake2b(value.encode(), digest_size=6).hexdigest()}"
