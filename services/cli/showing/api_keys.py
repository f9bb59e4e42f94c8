"""API keys as a person reads them; none of them can be shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.showing.terminal import one_line


def table(keys: Sequence[Mapping[str, Any]]) -> RenderableType:
    """One line a key, oldest first.

    Args:
        keys: as `pagemill keys list --json` has them.
    """
    if not keys:
        return Text("no keys")
    shown = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "name", "scopes", "a minute", "a day", "today", "made"):
        shown.add_column(heading)
    for key in keys:
        limits = (str(key[name] or "any") for name in ("rate", "quota"))
        used = str(key["used_today"])
        shown.add_row(key["id"], one_line(key["name"]), ", ".join(key["scopes"]), *limits, used, key["made_at"])
    return shown
