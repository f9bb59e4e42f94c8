"""What pydantic found wrong, told as one problem: what was sent, what is expected, and where."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.errors import Refused

_MODEL = re.compile(r"a valid dictionary(?: or (?:instance of|object to extract fields from) ?\w*)?")
_ITEMS: Final = re.compile(r" items after validation(, not \d+)")
"""What pydantic says of whatever has a length, a text too."""
_SHOWN: Final = 80
"""Code points of a wrong value that an error repeats."""


def pointer(root: str, *path: str | int) -> str:
    """A JSON pointer (RFC 6901) below `root`, which is one already, or empty."""
    return root + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def shown(value: Any) -> str:
    """A value as an error may repeat it: short, one line of ASCII, named as JSON names it."""
    if isinstance(value, Mapping):
        return f"an object of {len(value)}"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    text = json.dumps(value[:_SHOWN] if isinstance(value, str) else value, default=repr)
    long = len(text) > _SHOWN or (isinstance(value, str) and len(value) > _SHOWN)
    return text[:_SHOWN] + ("..." if long else "")


def refused_for(errors: Iterable[Mapping[str, Any]], root: str = "", *, skip: int = 0) -> Refused:
    """The first of pydantic's errors as a problem, with a word on how many more there are.

    Args:
        errors: `ValidationError.errors()`.
        root: the pointer to what was validated.
        skip: leading parts of an error's `loc` that are no part of the pointer.
    """
    first, *more = errors
    path = [part for part in first["loc"][skip:] if _is_place(part)]
    name = _named(path)
    detail = _told(first, name)
    if more:
        detail += f" (and {len(more)} more)" if len(more) > 1 else " (and one more)"
    return Refused("invalid", detail, pointer=pointer(root, *path))


def _named(path: list[str | int]) -> str:
    """The field that the path ends in; of an item of a list with its place in it."""
    if len(path) > 1 and isinstance(path[-1], int) and isinstance(path[-2], str):
        return f"{path[-2]}[{path[-1]}]"
    return str(path[-1]) if path else ""


def _is_place(part: str | int) -> bool:
    """Whether a part of `loc` is a key or an index; pydantic adds the names of union members and validators."""
    return isinstance(part, int) or not any(sign in part for sign in "[(")


def _told(error: Mapping[str, Any], name: str) -> str:
    subject = shown(name) if name else "the value"
    kind, message = error["type"], str(error["msg"]).removeprefix("Value error, ")
    if kind == "missing":
        return f"{subject} is missing"
    if kind == "extra_forbidden":
        return f"{subject} is not known here"
    if isinstance(error.get("input"), str):
        message = _ITEMS.sub(r" characters\1", message)
    message = message[:1].lower() + message[1:].replace("a valid tuple", "a list")
    message = _MODEL.sub("an object", message)
    return f"{subject} is {shown(error.get('input'))}: {message}"
