import os
from pathlib import Path

from services.cli.pulse import Pulse


def test_a_file_that_is_touched_again_and_again_is_work(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path / "alive", quiet_seconds=0)
    pulse.begin()
    for second in range(1, 4):
        pulse.file.touch()
        os.utime(pulse.file, (second, second))
        assert pulse.still() == ""


def test_a_file_that_is_as_old_as_before_is_none_whatever_the_wall_clock_says(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path / "alive", quiet_seconds=0)
    pulse.begin()
    pulse.file.touch()
    os.utime(pulse.file, (2**33, 2**33))
    assert pulse.still() == ""
    assert "takes none" in pulse.still()


def test_a_start_begins_the_time_anew(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path / "alive", quiet_seconds=0)
    pulse.begin()
    assert pulse.still() == ""
    assert "takes none" in pulse.still(), "a worker that never touched it, once ready, stands still as well"
    pulse.begin()
    assert pulse.still() == ""
