"""Python is started in one way only, which leaves the working folder out."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = sorted(path for room in ("services", "shared", "workers") for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("quoted", ['"-m"', "'-m'"])
def test_only_one_place_runs_modules_by_name(quoted: str) -> None:
    assert [path.relative_to(ROOT).as_posix() for path in PLACES if quoted in path.read_text("utf-8")] == (
        ["shared/children.py"] if quoted == '"-m"' else []
    )
