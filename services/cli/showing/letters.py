"""Dead letters as a person reads them."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.showing.terminal import one_line, plain


def listed(told: Mapping[str, Any]) -> RenderableType:
    """Counts by reason, room and site, then the letters.

    Args:
        told: the answer of `GET /v1/dead-letters`.
    """
    if not told["total"]:
        return Text("no dead letters")
    groups = _table("count", "reason", "room", "site")
    for group in told["groups"]:
        groups.add_row(f"{group['count']:,}", *(_cell(group[name]) for name in ("reason", "stage", "site")))
    letters = _table("id", "room", "reason", "tries", "died", "url")
    for item in told["items"]:
        letters.add_row(*(_cell(item[name]) for name in ("id", "stage", "reason", "attempts", "died_at", "url")))
    more = [Text(f"more: --cursor {one_line(told['next'])}", "dim")] if told["next"] else []
    return Group(Text(f"{told['total']:,} dead letters", "bold"), groups, Text(""), letters, *more)


def letter(told: Mapping[str, Any]) -> RenderableType:
    """One dead letter, with its traceback.

    Args:
        told: the answer of `GET /v1/dead-letters/ID`.
    """
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name in ("id", "url", "stage", "reason", "detail", "attempts", "died_at"):
        facts.add_row(name.replace("_", " "), _cell(told[name]))
    parts: list[RenderableType] = [facts]
    if told.get("traceback"):
        parts += [Text(""), Text(plain(told["traceback"]).rstrip(), "dim")]
    return Group(*parts)


def acted(verb: str, told: Mapping[str, Any], *, dry_run: bool) -> RenderableType:
    """What a redrive or a discard has done."""
    done = {"redrive": "sent again", "discard": "discarded"}[verb]
    if dry_run:
        return Text(f"{told['matched']:,} would be {done}")
    return Text(f"{told['done']:,} of {told['matched']:,} {done}")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _cell(value: Any) -> Text:
    return Text(one_line(str(value)) if value is not None else "")
