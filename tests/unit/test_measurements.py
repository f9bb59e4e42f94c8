"""How `python -m tests.bench` is asked."""

import subprocess
import sys

import pytest

from tests.bench.__main__ import MEASURES


@pytest.mark.parametrize(("asked", "code"), [("nosuch", 2), ("--help", 0)])
def test_the_measurements_there_are_can_be_asked_for(asked: str, code: int) -> None:
    ran = subprocess.run([sys.executable, "-m", "tests.bench", asked], capture_output=True, text=True, check=False)
    assert ran.returncode == code
    assert ", ".join(MEASURES) in (ran.stderr if code else ran.stdout)
