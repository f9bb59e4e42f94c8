"""Given secrets in files of their own, then they are settings like others."""

import os
import subprocess
import sys
from pathlib import Path

_SHOW = "from shared.settings import Settings; print(Settings().redis_url.get_secret_value())"


def read(secrets: Path, **environment: str | None) -> "subprocess.CompletedProcess[str]":
    """What a process makes of the Redis that it is told of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    told = {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PAGEMILL_SECRETS": str(secrets),
        "PAGEMILL_REDIS_URL": "redis://redis:6379/0",
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-c", _SHOW],
        env={**kept, **{name: value for name, value in told.items() if value is not None}},
        cwd=secrets.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def secret(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_a_secret_file_sets_what_it_is_called(tmp_path: Path) -> None:
    folder = secret(tmp_path / "secrets", "pagemill_redis_password", "from-a-file\n")
    assert read(folder).stdout == "redis://:from-a-file@redis:6379/0\n"


def test_a_variable_goes_before_a_file(tmp_path: Path) -> None:
    folder = secret(tmp_path / "secrets", "pagemill_redis_password", "from-a-file")
    assert read(folder, PAGEMILL_REDIS_PASSWORD="set").stdout == "redis://:set@redis:6379/0\n"


def test_a_whole_url_may_be_secret_too(tmp_path: Path) -> None:
    folder = secret(tmp_path / "secrets", "pagemill_redis_url", "redis://:hidden@elsewhere:6379/0\n")
    assert read(folder, PAGEMILL_REDIS_URL=None).stdout == "redis://:hidden@elsewhere:6379/0\n"


def test_what_belongs_to_others_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    folder = secret(tmp_path / "secrets", "elastic_password", "theirs")
    assert read(folder).stdout == "redis://redis:6379/0\n"


def test_a_misspelt_file_is_told(tmp_path: Path) -> None:
    folder = secret(tmp_path / "secrets", "pagemill_redis_passwort", "x")
    told = read(folder)
    assert told.returncode != 0
    assert "holds what is no setting: pagemill_redis_passwort" in told.stderr


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = read(tmp_path / "nowhere")
    assert told.returncode != 0
    assert f"PAGEMILL_SECRETS names {tmp_path / 'nowhere'}, and there is no such folder" in told.stderr
