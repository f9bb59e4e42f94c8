"""What a run of `pagemill post` has come to."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def summary(told: Mapping[str, Any]) -> RenderableType:
    """Counts by status, how the pages ended if that was waited for, and how fast it went.

    Args:
        told: `items`, `earlier`, `counts`, `states` (of the pages of this run alone), `seconds`, `per_second`.
    """
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    for status, count in told["counts"].items():
        table.add_row(f"{count:,}", Text(status, "bold red" if status == "rejected" and count else ""))
    states = ", ".join(f"{count:,} {state}" for state, count in sorted((told["states"] or {}).items()))
    whose = "of those of this run" if told["earlier"] else "of them"
    lines = [Text(f"{whose} now: {states}")] if told["states"] is not None else []
    earlier = f", {told['earlier']:,} of them in a run before" if told["earlier"] else ""
    pace = f"{told['items']:,} items answered{earlier}, {told['per_second']:,.0f} items/s, {told['seconds']:.1f} s"
    return Group(table, *lines, Text(pace))
