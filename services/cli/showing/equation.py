"""The ledger's equation: where every accepted page is."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.showing.terminal import one_line

_COLUMNS = ("entered", "left", "dead", "dropped", "deleted", "waiting", "working")


def equation(told: Mapping[str, Any]) -> Text:
    """`accepted = searchable + dead + dropped + deleted + waiting + working` with its numbers, on one line.

    Args:
        told: the answer of `GET /v1/monitor/ledger`.
    """
    dropped = sum(told["dropped"].values())
    parts = [(name, told[name]) for name in ("searchable", "dead", "deleted", "waiting", "working")]
    parts.insert(2, ("dropped", dropped))
    shown = Text.assemble((f"{told['accepted']:,}", "bold"), " accepted = ")
    shown.append(" + ".join(f"{count:,} {name}" for name, count in parts))
    verdict = ("   balanced", "green") if told["balanced"] else ("   NOT BALANCED", "bold red")
    return shown.append(*verdict)


def ledger(told: Mapping[str, Any]) -> RenderableType:
    """The equation, the reasons of what was dropped, and a row for each room."""
    rooms = Table(box=None, pad_edge=False)
    rooms.add_column("room")
    for column in (*_COLUMNS, "oldest"):
        rooms.add_column(column, justify="right")
    for name, room in told["rooms"].items():
        rooms.add_row(name, *(f"{room[column]:,}" for column in _COLUMNS), f"{room['oldest_seconds']:.1f} s")
    reasons = Text("\n".join(f"dropped: {count:,} {one_line(reason)}" for reason, count in told["dropped"].items()))
    return Group(equation(told), *([reasons] if reasons.plain else []), Text(""), rooms)
