"""The index's generations, and what was asked of them, as a person reads them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.showing.terminal import one_line


def index(told: Mapping[str, Any], now: datetime) -> RenderableType:
    """The generations, then the last rebuild.

    Args:
        told: the answer of `GET /v1/monitor/index`.
        now: for how long ago the index room saw them, which is long where it cannot look.
    """
    if not told["generations"]:
        there: RenderableType = Text("the index room tells which generations there are when its first page has come")
    else:
        at = told["generations_at"]
        age = _age((now - datetime.fromisoformat(at)).total_seconds())
        there = Group(_generations(told), Text(f"as the index room saw them {age} ago, at {at}", "dim"))
    rebuild = told["rebuild"]
    return Group(there, *([Text(""), *_rebuild(rebuild)] if rebuild else []))


def _age(seconds: float) -> str:
    for name, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{int(seconds / length)} {name}"
    return f"{max(0, int(seconds))} seconds"


def progress(rebuild: Mapping[str, Any]) -> str:
    """One line: how far it has got."""
    if rebuild["trouble"]:
        return one_line(f"waits: {rebuild['trouble']}")
    match rebuild["state"]:
        case "asked":
            return "asked; the index worker has not begun yet"
        case "filling":
            return f"filling: {rebuild['done']:,} of {rebuild['total']:,} pages"
        case "checking":
            return f"checking: {rebuild['comparison']['live']:,} of {rebuild['total']:,} documents"
    return str(rebuild["state"])


def _generations(told: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("generation", "is", "documents", "made", "replaced", "made with"):
        table.add_column(column, justify="right" if column == "documents" else "left", overflow="fold")
    for each in told["generations"]:
        documents = "?" if each["documents"] is None else f"{each['documents']:,}"
        made_with = {True: "today's analysis", False: "another analysis", None: "not noted"}[each["current"]]
        moments = (each["made_at"] or "", each["replaced_at"] or "")
        table.add_row(each["name"], each["role"], documents, *moments, one_line(each["trouble"] or made_with))
    return table


def _rebuild(rebuild: Mapping[str, Any]) -> list[Text]:
    raw = " from raw pages" if rebuild["from_raw"] else ""
    lines = [Text(f"{rebuild['kind']} {rebuild['number']}{raw}: {_fate(rebuild)}", "bold")]
    if rebuild["began_at"] and rebuild["kind"] == "rebuild":
        lines.append(Text(f"  {rebuild['copied']:,} copied, {rebuild['cleaned']:,} cleaned again"))
    for name, told in (("rejected", rebuild["rejected"]), ("could not be worked on", rebuild["broken"])):
        lines += [Text(f"  {count:,} {name}: {one_line(reason)}") for reason, count in told.items()]
    return lines + _comparison(rebuild["comparison"])


def _fate(rebuild: Mapping[str, Any]) -> str:
    if not rebuild["ended_at"]:
        return progress(rebuild)
    reason = f": {one_line(rebuild['reason'])}" if rebuild["reason"] else ""
    return f"{rebuild['state']} at {rebuild['ended_at']}{reason}"


def _comparison(told: Mapping[str, Any]) -> list[Text]:
    lines = []
    if told["live"]:
        terms = ("found", "rejected", "deleted", "caught_up", "unexplained")
        counts = " + ".join(f"{told[name]:,} {name.replace('_', ' ')}" for name in terms)
        lines.append(Text(f"  compared: {told['live']:,} = {counts}"))
    if told["canaries"]:
        good = sum(canary["ok"] for canary in told["canaries"])
        lines.append(Text(f"  {good} of {len(told['canaries'])} queries find about as much as before"))
    if told["remark"]:
        lines.append(Text(f"  {one_line(told['remark'])}"))
    return lines
