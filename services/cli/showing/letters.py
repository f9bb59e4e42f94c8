"""Dead letters as a person reads them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.showing.terminal import one_line, plain

_SHOWN: Final = 2_000
"""Characters of a page."""


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
    """One dead letter, with its traceback and the beginning of the page.

    Args:
        told: the answer of `GET /v1/dead-letters/ID`.
    """
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name in ("id", "url", "stage", "reason", "detail", "attempts", "died_at"):
        facts.add_row(name.replace("_", " "), _cell(told[name]))
    parts: list[RenderableType] = [facts]
    if told.get("traceback"):
        parts += [Text(""), Text(plain(told["traceback"]).rstrip(), "dim")]
    if raw := told.get("raw"):
        parts += [Text(""), *_page(raw)]
    return Group(*parts)


def _page(raw: Mapping[str, Any]) -> Iterator[RenderableType]:
    """How the page was sent, and its first lines; `--json` has all of it."""
    kind = one_line(raw.get("content_type") or "a type that is to be detected")
    content = raw.get("content")
    if content is None:
        yield Text(f"the page, {kind}: bytes that are no UTF-8, in base64 with --json", "bold")
        return
    beginning = content[:_SHOWN]
    yield Text(f"the page, {kind}, {len(content):,} characters", "bold")
    yield Text(plain(beginning) + (" …" if len(content) > len(beginning) else ""))


def mended(told: Mapping[str, Any]) -> RenderableType:
    """What has become of a dead letter that was sent again with another body.

    Args:
        told: the answer of `PUT /v1/dead-letters/ID`.
    """
    if told["status"] == "superseded":
        return Text(f"nothing was sent: version {told['version']} is there")
    return Text(f"sent as version {told['version']} of {told['id']}")


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
