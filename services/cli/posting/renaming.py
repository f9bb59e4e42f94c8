"""`--map`: reads dumps whose fields have other names."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from services.cli.failure import WRONG_USE, CommandFailed

_FIELDS: Final = (
    "content",
    "body",
    "content_type",
    "url",
    "fetched_at",
    "source",
    "title",
    "authors",
    "published",
    "language",
    "tags",
    "metadata",
)
"""A page's fields, as the contract names them."""
_LISTS: Final = {"authors", "tags"}
_DAY_OR_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d(?:\.\d{1,9})?))?")
"""How dumps tell a moment without saying where its clock stands."""


def renaming(option: str) -> Callable[[bytes], bytes]:
    """What turns a line of a dump into a page.

    Args:
        option: `text=content,date=fetched_at`; a target may be `metadata.NAME`, too.

    Returns:
        A function that renames the fields of one line. Fields that are neither named nor a page's own are left out,
        since the services refuse what they do not know; a line that is no JSON object comes back as it was.

    Raises:
        CommandFailed: wrong use: a target is no field of a page, or a name or a target is there twice.
    """
    pairs = [_pair(pair) for pair in option.split(",") if pair.strip()]
    _refuse_doubles([name for name, _ in pairs])
    _refuse_doubles([target for _, target in pairs])
    names = dict(pairs)
    if not names:
        raise CommandFailed("--map names no fields", "for example --map text=content,date=fetched_at", code=WRONG_USE)
    return lambda line: _renamed(line, names)


def _pair(pair: str) -> tuple[str, str]:
    name, equals, target = (part.strip() for part in pair.partition("="))
    if not equals or not name or not (target in _FIELDS or target.removeprefix("metadata.") not in {target, ""}):
        raise CommandFailed(
            f"--map {pair.strip()} does not say which field of a page it is",
            f"write NAME=FIELD; the fields are {', '.join(_FIELDS)}, metadata.NAME",
            code=WRONG_USE,
        )
    return name, target


def _refuse_doubles(words: Sequence[str]) -> None:
    double = next((word for word in words if words.count(word) > 1), None)
    if double is not None:
        told = f"--map has {double} twice, and one of the two would be lost"
        raise CommandFailed(told, "each name goes into one field, each field comes from one name", code=WRONG_USE)


def _renamed(line: bytes, names: dict[str, str]) -> bytes:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return line
    return _encoded(_page(row, names)) if isinstance(row, dict) else line


def _page(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    page = {name: value for name, value in row.items() if name in _FIELDS and name not in names}
    for name, target in names.items():
        if name not in row:
            continue
        field, _, key = target.partition(".")
        if key:
            kept = page.get("metadata")
            page["metadata"] = {**(kept if isinstance(kept, dict) else {}), key: row[name]}
        else:
            page[field] = _as_field(field, row[name])
    return page


def _as_field(field: str, value: Any) -> Any:
    """What a dump says, as the field wants it; anything else goes as it is, and the services say what is wrong."""
    if not isinstance(value, str):
        return value
    if field in _LISTS:
        return [value]
    if field == "fetched_at" and (told := _DAY_OR_TIME.fullmatch(value.strip())):
        return f"{told[1]}T{told[2] or '00:00:00'}Z"
    return value


def _encoded(page: dict[str, Any]) -> bytes:
    try:
        return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a lone surrogate: it stays an escape, and the services say what is wrong with it
        return json.dumps(page, separators=(",", ":")).encode()
