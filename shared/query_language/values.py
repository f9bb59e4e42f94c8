"""Ranges of days and of numbers, as they are written behind `date:` and `words:`."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeVar

from shared.query_language.tree import Dates, Exists, Numbers, Position

RANGE: Final = re.compile(r"(?P<open>[\[{])\s*(?P<low>[^\s\]}]+)\s+TO\s+(?P<high>[^\s\]}]+)\s*(?P<close>[\]}])")
"""`[2024-01-01 TO 2024-06-30]`; a brace leaves its end out."""
_COMPARED: Final = re.compile(r"(?P<sign>>=|<=|>|<|=)?(?P<value>[^<>=]+)")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_NUMBER: Final = re.compile(r"\d{1,15}")
_DAY: Final = timedelta(days=1)
Value = TypeVar("Value", date, int)
_Named = tuple[Value, Value, Value | None, Value | None]
"""The first and last of what a text names, the one before these, and the one behind."""
DATES_WANTED: Final = (
    "a year, a month or a day (2024, 2024-05, 2024-05-31), one of them behind >=, <=, > or <, or a range of them: "
    "2024-01..2024-06 or [2024-01-01 TO 2024-06-30]"
)
NUMBERS_WANTED: Final = "a number, one behind >=, <=, > or <, or a range: 300..500 or [300 TO 500]"


class Wrong(ValueError):
    """What is written there is no range."""


class Read(NamedTuple):
    """A range, and whether its ends stood the wrong way round."""

    node: Dates | Numbers | Exists
    swapped: bool = False


def dates(text: str, position: Position) -> Read:
    """What follows `date:`.

    Raises:
        Wrong: it names no days.
    """
    first, last = _ends(text, _period)
    if swapped := first is not None and last is not None and first > last:
        first, last = _ends(_turned(text), _period)
    if first is None and last is None:
        return Read(Exists(field="date", position=position))
    return Read(Dates(first=first, last=last, position=position), swapped)


def numbers(field: str, text: str, position: Position) -> Read:
    """What follows `words:`.

    Raises:
        Wrong: it names no numbers.
    """
    least, most = _ends(text, _whole)
    if swapped := least is not None and most is not None and least > most:
        least, most = _ends(_turned(text), _whole)
    if least is None and most is None:
        return Read(Exists(field=field, position=position))
    return Read(Numbers(field=field, least=least, most=most, position=position), swapped)


def _turned(text: str) -> str:
    """A range whose ends stood the wrong way round, with both ends in it."""
    found = RANGE.fullmatch(text)
    low, high = (found["low"], found["high"]) if found else text.split("..", 1)
    return f"[{high} TO {low}]"


def _ends(text: str, read: Callable[[str], _Named[Value]]) -> tuple[Value | None, Value | None]:
    """The first and the last value of a range."""
    if found := RANGE.fullmatch(text):
        low = _low(found["low"], read, without=found["open"] == "{")
        return low, _high(found["high"], read, without=found["close"] == "}")
    if ".." in text:
        first, _, last = text.partition("..")
        return _low(first or "*", read), _high(last or "*", read)
    if text == "*":
        return None, None
    compared = _COMPARED.fullmatch(text)
    if not compared:
        raise Wrong(text)
    sign, value = compared["sign"] or "=", compared["value"]
    if sign == "=":
        return read(value)[:2]
    return (
        _low(value, read, without=sign == ">") if ">" in sign else None,
        _high(value, read, without=sign == "<") if "<" in sign else None,
    )


def _low(text: str, read: Callable[[str], _Named[Value]], *, without: bool = False) -> Value | None:
    if text == "*":
        return None
    first, _, _, behind = read(text)
    return _there(behind, text) if without else first


def _high(text: str, read: Callable[[str], _Named[Value]], *, without: bool = False) -> Value | None:
    if text == "*":
        return None
    _, last, before, _ = read(text)
    return _there(before, text) if without else last


def _there(value: Value | None, text: str) -> Value:
    if value is None:
        raise Wrong(text)
    return value


def _period(text: str) -> _Named[date]:
    found = _DATE.fullmatch(text)
    if not found:
        raise Wrong(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        raise Wrong(text) from None
    return first, last, None if first == date.min else first - _DAY, None if last == date.max else last + _DAY


def _whole(text: str) -> _Named[int]:
    if not _NUMBER.fullmatch(text):
        raise Wrong(text)
    value = int(text)
    return value, value, value - 1 if value else None, value + 1
