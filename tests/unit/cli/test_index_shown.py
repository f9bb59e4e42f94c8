"""What `pagemill index` prints: every number of the report, and nothing that steers the terminal."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from services.cli.showing.generations import index, progress

COMPARISON: dict[str, Any] = {
    "live": 0,
    "found": 0,
    "rejected": 0,
    "deleted": 0,
    "caught_up": 0,
    "unexplained": 0,
    "examples": [],
    "canaries": [],
    "remark": None,
}
REBUILD: dict[str, Any] = {
    "number": 3,
    "kind": "rebuild",
    "from_raw": True,
    "state": "filling",
    "asked_at": "2026-01-01T00:00:00Z",
    "began_at": "2026-01-01T00:00:01Z",
    "ended_at": None,
    "total": 2000,
    "done": 1500,
    "copied": 1400,
    "cleaned": 100,
    "deleted": 0,
    "rejected": {},
    "broken": {},
    "comparison": COMPARISON,
    "reason": None,
    "trouble": None,
}
LIVE: dict[str, Any] = {
    "name": "plain",
    "role": "live",
    "documents": 2000,
    "made_at": None,
    "replaced_at": None,
    "format": None,
    "current": None,
    "trouble": None,
}


def shown(rebuild: dict[str, Any] | None, *generations: dict[str, Any], minutes: float = 0) -> str:
    now = datetime(2026, 1, 1, 0, 0, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    console = Console(file=io.StringIO(), width=200, markup=False, emoji=False, highlight=False)
    told = {"rebuild": rebuild, "generations": list(generations), "generations_at": "2026-01-01T00:00:02Z"}
    console.print(index(told, now))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def test_generations_are_shown_with_what_they_were_made_with() -> None:
    other = {**LIVE, "name": "000001", "role": "kept", "documents": None, "current": False}
    text = shown(None, LIVE, other)
    assert [word in text for word in ("plain", "2,000", "not noted", "another analysis", "?")] == [True] * 5


@pytest.mark.parametrize(
    ("minutes", "age"),
    [(-1, "0 seconds"), (0.5, "30 seconds"), (12, "12 minutes"), (150, "2 hours"), (10_000, "6 days")],
)
def test_it_is_told_how_long_ago_the_index_room_saw_the_generations(minutes: float, age: str) -> None:
    assert f"as the index room saw them {age} ago, at 2026-01-01T00:00:02Z" in shown(None, LIVE, minutes=minutes)


def test_before_the_index_room_has_told_there_is_a_word_for_it() -> None:
    assert "first page" in shown(None)


def test_progress_is_one_line_for_each_state() -> None:
    checking = {**REBUILD, "state": "checking", "comparison": {**COMPARISON, "live": 500}}
    assert progress(REBUILD) == "filling: 1,500 of 2,000 pages"
    assert progress(checking) == "checking: 500 of 2,000 documents"
    assert progress({**REBUILD, "state": "asked"}).startswith("asked")
    assert progress({**REBUILD, "trouble": "the disk is full\n"}) == "waits: the disk is full"


def test_an_end_is_shown_with_its_counts_and_its_reason() -> None:
    compared = {**COMPARISON, "live": 2000, "found": 1990, "unexplained": 10, "canaries": [{"ok": True}, {"ok": False}]}
    ended = {
        **REBUILD,
        "state": "refused",
        "ended_at": "2026-01-01T00:10:00Z",
        "reason": "10 are missing",
        "comparison": compared,
        "rejected": {"empty": 4},
        "broken": {"worker-lost": 2},
    }
    text = shown(ended, LIVE)
    for part in (
        "rebuild 3 from raw pages: refused at 2026-01-01T00:10:00Z: 10 are missing",
        "1,400 copied, 100 cleaned again",
        "4 rejected: empty",
        "2 could not be worked on: worker-lost",
        "compared: 2,000 = 1,990 found + 0 rejected + 0 deleted + 0 caught up + 10 unexplained",
        "1 of 2 queries",
    ):
        assert part in text


def test_nothing_of_it_steers_the_terminal() -> None:
    nasty = "\x1b]0;owned\x07\x1b[31m red"
    rebuild = {**REBUILD, "trouble": nasty, "rejected": {nasty: 1}, "reason": nasty}
    text = shown(rebuild, {**LIVE, "trouble": nasty})
    assert not set(text) & {"\x1b", "\x07"}
