from pathlib import Path

import pytest

from services.cli.client import address
from services.cli.failure import CommandFailed
from shared.settings import Settings


def _settings(folder: Path, **values: object) -> Settings:
    return Settings.model_validate({"data": folder, "listen": "127.0.0.1:8800", "url": None, **values})


def test_the_url_that_was_set_wins(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("http://127.0.0.1:4711\n")
    assert address(_settings(tmp_path, url="https://pages.example/")) == "https://pages.example"


def test_else_it_is_what_a_running_stack_has_written_down(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("http://127.0.0.1:4711\n")
    assert address(_settings(tmp_path)) == "http://127.0.0.1:4711"


@pytest.mark.parametrize(
    ("listen", "url"),
    [
        ("127.0.0.1:8800", "http://127.0.0.1:8800"),
        ("0.0.0.0:80", "http://127.0.0.1:80"),
        ("[::1]:81", "http://[::1]:81"),
        ("[::]:82", "http://[::1]:82"),
    ],
)
def test_else_it_is_where_the_services_would_listen(tmp_path: Path, listen: str, url: str) -> None:
    assert address(_settings(tmp_path, listen=listen)) == url


def test_where_any_port_would_do_and_none_is_known_the_remedy_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed) as failed:
        address(_settings(tmp_path, listen="127.0.0.1:0"))
    assert "pagemill up" in failed.value.remedy


@pytest.mark.parametrize("url", ["localhost:8800", "ftp://a.example", "http://", "nonsense"])
def test_an_address_that_is_none_is_wrong_use(tmp_path: Path, url: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        address(_settings(tmp_path, url=url))
    assert failed.value.code == 2
