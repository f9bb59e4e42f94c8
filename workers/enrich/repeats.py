"""What a text without spaces says again and again: a way to its words that needs no dictionary."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

BREAK: Final = ""
"""A unit that no repeat reaches across: a sign, another script, the end."""


def repeats(units: Sequence[str], longest: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """The rows of two and more units that stand in the text at least twice, and how often.

    Only those that cannot be made longer: where each time the same unit stands before or after a row, it is but a part
    of what is said (`maximal repeats`). One that is longer than `longest` is a repeated clause, and none of its parts
    is given for it.

    Args:
        units: characters or syllables, with a `BREAK` wherever words end for sure.
        longest: units of a row.
    """
    padded = (BREAK, *units, BREAK)
    again = {place for place, unit in enumerate(padded) if unit != BREAK}
    for many in range(2, longest + 1):
        rows = _rows(padded, again, many)
        again = {place for places in rows.values() for place in places}
        for row, places in rows.items():
            if _varies(padded, [each - 1 for each in places]) and _varies(padded, [each + many for each in places]):
                yield row, len(places)


def _rows(units: Sequence[str], again: set[int], many: int) -> Mapping[tuple[str, ...], list[int]]:
    """Where rows of so many units stand that do so twice or more; both parts of one must have done so."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place in sorted(again):
        if place + 1 in again and units[place + many - 1] != BREAK:
            found.setdefault(tuple(units[place : place + many]), []).append(place)
    return {row: places for row, places in found.items() if len(places) > 1}


def _varies(units: Sequence[str], places: Sequence[int]) -> bool:
    """Whether different units stand there, or a break."""
    first = units[places[0]]
    return first == BREAK or any(units[each] != first for each in places)
