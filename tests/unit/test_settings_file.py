"""The TOML file that settings are read from."""

import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from shared.settings import Settings

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


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("mill.internal", ("mill.internal",)),
        (" a.example, b.example ,", ("a.example", "b.example")),
        ('["a.example", "b.example"]', ("a.example", "b.example")),
        ("", ()),
    ],
)
def test_a_list_in_a_variable_is_parted_by_commas_or_json(
    monkeypatch: pytest.MonkeyPatch, written: str, read: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PAGEMILL_ALLOWED_HOSTS", written)
    assert Settings().allowed_hosts == read


def test_a_list_in_the_file_is_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pagemill.toml").write_text('cors_origins = ["https://a.example"]\n')
    monkeypatch.chdir(tmp_path)
    assert Settings().cors_origins == ("https://a.example",)


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://:pass%2Fword@cache.internal:6379/3?socket_timeout=5",
        "rediss://user:word@cache.internal/0",
        "unix:///run/valkey.sock?db=0",
        "unix://user:word@/run/valkey.sock",
    ],
)
def test_addresses_of_a_redis_are_taken(url: str) -> None:
    settings = Settings(redis_url=SecretStr(url))
    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == url


def test_what_an_error_of_a_setting_says_holds_no_value() -> None:
    secret = "hid" + "den"
    with pytest.raises(ValidationError) as failed:
        Settings(redis_url=SecretStr(f"redis://:{secret}@cache:port/0"))
    assert "hidden" not in str(failed.value)
    assert "hidden" not in "".join(traceback.format_exception(failed.value))
