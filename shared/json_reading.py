"""JSON from strangers, read within limits: whatever is in it, it costs time and memory in proportion to its size."""

import codecs
import json
import re
from typing import Any, Final, NoReturn

from pydantic_core import from_json

from shared.errors import Refused

CONTAINERS_MAX: Final = 100_000
"""Lists and objects in one body; each costs some 60 bytes of memory for 3 that were sent."""
_SHORTEST: Final = 2
"""Bytes of an empty list; looking for brackets takes longer than parsing a page does, so small bodies are spared it."""
_LIMIT: Final = "PAGEMILL_JSON_MAX_DEPTH"

_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
_HALF_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(data: bytes, max_depth: int) -> Any:
    r"""The value that UTF-8 JSON text stands for.

    Half characters (`"\ud800"`), which other languages write happily, come through as lone surrogates; whoever
    uses a string has to look for them.

    Raises:
        Refused: `unreadable`, or `nested-too-deep`.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if len(data) > CONTAINERS_MAX * _SHORTEST and data.count(b"[") + data.count(b"{") > CONTAINERS_MAX:
        refuse_deep(data, max_depth)
    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        value = _second_reading(data, max_depth, str(error))
    if isinstance(value, list | dict) and _deeper_than(value, max_depth):
        raise _too_deep(max_depth)
    return value


def refuse_deep(data: bytes, max_depth: int) -> None:
    """A linear scan, before any parsing: raises Refused where JSON text is nested too deep or in too many parts."""
    depth = containers = 0
    for found in _STRING_OR_BRACKET.finditer(data):
        sign = found.group()[:1]
        if sign in b"[{":
            depth += 1
            containers += 1
            if depth > max_depth:
                raise _too_deep(max_depth)
            if containers > CONTAINERS_MAX:
                raise Refused("unreadable", f"The JSON has more than {CONTAINERS_MAX} lists and objects.")
        elif sign in b"]}":
            depth -= 1


def _second_reading(data: bytes, max_depth: int, why: str) -> Any:
    """Python's own parser takes half characters, which the fast one does not; it recurses, so the scan goes first."""
    if why.startswith("recursion limit"):
        raise _too_deep(max_depth)
    if not _HALF_ESCAPED.search(data):
        raise Refused("unreadable", f"The JSON cannot be read: {why}")
    refuse_deep(data, max_depth)
    try:
        return json.loads(data, parse_constant=_no_constant)
    except ValueError as error:
        raise Refused("unreadable", f"The JSON cannot be read: {error}") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _deeper_than(value: Any, most: int) -> bool:
    """Whether containers lie in one another more than `most` times; without recursion."""
    level = [value]
    for _ in range(most):
        level = [
            child
            for each in level
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, list | dict)
        ]
        if not level:
            return False
    return True


def _too_deep(max_depth: int) -> Refused:
    return Refused("nested-too-deep", f"The JSON is nested deeper than {max_depth} levels.", limit=_LIMIT)
