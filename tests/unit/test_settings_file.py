"""The TOML file that settings are read from."""

import os
import subprocess
import sys
from pathlib import Path

_SHOW = "from shared.settings import Settings; print(Settings().clean_workers)"


def read(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What a process in that folder makes of its settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", _SHOW],
        env={**kept, "PYTHONPATH": root, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_in_the_working_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "pagemill.toml").write_text("clean_workers = 7\n")
    assert read(tmp_path).stdout == "7\n"


def test_a_file_that_is_named_and_not_there_is_told(tmp_path: Path) -> None:
    told = read(tmp_path, PAGEMILL_CONFIG="/nowhere/pagemill.toml")
    assert told.returncode != 0
    assert "PAGEMILL_CONFIG names /nowhere/pagemill.toml, and there is no such file" in told.stderr


def test_a_name_that_is_no_setting_is_told(tmp_path: Path) -> None:
    (tmp_path / "pagemill.toml").write_text("clean_workerz = 3\n")
    told = read(tmp_path)
    assert told.returncode != 0
    assert "sets what is no setting: clean_workerz" in told.stderr


def test_an_empty_variable_list_and_no_file_mean_the_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, PAGEMILL_CLEAN_WORKERS="3").stdout == "3\n"
