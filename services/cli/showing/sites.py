"""What was learnt of sites, as a person reads it."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.showing.terminal import one_line


def learnt(told: Mapping[str, Any]) -> RenderableType:
    """The sites.

    Args:
        told: the answer of `GET /v1/monitor/sites-learnt`.
    """
    if not told["sites"]:
        return Text("no site is known yet")
    table = _table("site", "stories", "blocks", "seen")
    for each in told["sites"]:
        table.add_row(one_line(each["site"]), f"{each['stories']:,}", f"{each['blocks']:,}", each["seen_at"])
    return table


def repeated(told: Mapping[str, Any]) -> RenderableType:
    """The blocks of one site.

    Args:
        told: the answer of `GET /v1/monitor/sites/HOST`.
    """
    head = f"{one_line(told['site'])}: {told['stories']:,} stories, {len(told['blocks']):,} blocks that they share"
    table = _table("block", "stories", "share", "", "text")
    for each in told["blocks"]:
        state = "kept" if each["kept"] else "left out"
        table.add_row(each["id"], f"{each['stories']:,}", f"{each['share']:.0%}", state, one_line(each["text"] or ""))
    return Group(Text(head, "bold"), *([table] if told["blocks"] else []))


def kept(told: Mapping[str, Any]) -> RenderableType:
    """What became of one block."""
    state = "kept" if told["kept"] else "left out"
    when = "from now on" if told["changed"] else "already"
    return Text(f"block {told['block']} of {one_line(told['site'])} is {state} {when}")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
