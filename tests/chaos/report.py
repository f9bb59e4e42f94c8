"""The table of a run."""

import os
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """What one fault has done."""

    fault: str
    times: int
    accepted: int
    indexed: int
    dead: int
    dropped: int
    lost: int
    doubled: int
    slowest: float
    """Seconds, the longest after the first fault, in which pages were under way and none came to its end."""


ROWS: list[Row] = []
_HEAD = ("fault", "times", "accepted", "indexed", "dead", "dropped", "lost", "twice", "slowest recovery, s")


def table() -> str:
    """The rows so far, as Markdown."""
    lines = ["| " + " | ".join(_HEAD) + " |", "|---" + "|---:" * (len(_HEAD) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in sorted(ROWS, key=_number))])


def note(row: Row) -> None:
    """Adds a row; also to the file that CHAOS_TABLE names, so that a run that is cut has told what it knew."""
    ROWS.append(row)
    if file := os.environ.get("CHAOS_TABLE"):
        Path(file).write_text(table() + "\n")


def _number(row: Row) -> tuple[int, str]:
    digits = row.fault.split(" ", 1)[0].rstrip("abc")
    return (int(digits) if digits.isdigit() else 99, row.fault)
