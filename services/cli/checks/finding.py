from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """What one check has seen.

    Args:
        name: what was looked at, one or two words.
        status: `fail` where pages are refused, lost or not worked on; `warn` where that is near.
        detail: what was seen, one line.
        remedy: what to do about it; empty where nothing is wrong.
    """

    name: str
    status: Status
    detail: str
    remedy: str = ""


def ok(name: str, detail: str) -> Finding:
    """Nothing is wrong."""
    return Finding(name, "ok", detail)


def warn(name: str, detail: str, remedy: str) -> Finding:
    """Something may go wrong."""
    return Finding(name, "warn", detail, remedy)


def fail(name: str, detail: str, remedy: str) -> Finding:
    """Something is wrong."""
    return Finding(name, "fail", detail, remedy)
