"""A receipt as a timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.showing.terminal import one_line

_STYLES: Final = {"searchable": "green", "dead": "bold red", "dropped": "yellow", "deleted": "yellow"}


def timeline(told: Mapping[str, Any]) -> RenderableType:
    """What happened to a page, each step with its time since the page was accepted.

    Args:
        told: the answer of `GET /v1/pages/ID`.
    """
    head = Text.assemble((one_line(str(told["id"])), "bold"), "  ", one_line(str(told["url"] or "(no URL)")))
    head.append(f"\nversion {told['version']}")
    if told["source"]:
        head.append(f", from {one_line(told['source'])}")
    return Group(head, _steps(told))


def _steps(told: Mapping[str, Any]) -> Table:
    begin = _moment(told["accepted_at"])
    steps = Table(box=None, show_header=False, pad_edge=False)
    for justify in ("right", "left", "right", "left"):
        steps.add_column(justify=justify)
    if begin:
        steps.add_row(begin.strftime("%Y-%m-%d %H:%M:%S"), "accepted", "", "")
    rows = [*map(_worked, told["stages"]), *map(_happened, told.get("history", ()))]
    for at, row in sorted(rows, key=lambda row: row[0]):
        steps.add_row(_since(begin, at), *row)
    ended = told["searchable_at"] if told["state"] == "searchable" else None
    state = Text(one_line(told["state"]), _STYLES.get(told["state"], "cyan"))
    steps.add_row(_since(begin, ended), state, "", one_line(told["reason"] or ""))
    return steps


def _worked(stage: Mapping[str, Any]) -> tuple[str, tuple[str, str, str]]:
    took = f"{stage['ms']:,.1f} ms" if stage["ms"] is not None else ""
    return stage["started_at"] or "", (one_line(stage["name"]), took, _said(stage))


def _happened(told: Mapping[str, Any]) -> tuple[str, tuple[str, str, str]]:
    """A try that failed, a death, or being sent again."""
    often = f"{told['times']} times" if told["times"] > 1 else ""
    said = ", ".join(filter(None, (one_line(told["what"]), often, one_line(told["detail"] or ""))))
    return told["at"], (one_line(told["room"]), "", said)


def _said(stage: Mapping[str, Any]) -> str:
    attempts = f"{stage['attempts']} attempts" if stage["attempts"] > 1 else ""
    return ", ".join(filter(None, (one_line(stage["outcome"] or "at work"), attempts, one_line(stage["detail"] or ""))))


def _since(begin: datetime | None, moment: str | None) -> str:
    at = _moment(moment)
    if at is None or begin is None:
        return ""
    seconds = (at - begin).total_seconds()
    return f"+{seconds * 1000:,.0f} ms" if seconds < 10 else f"+{seconds:,.1f} s"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
