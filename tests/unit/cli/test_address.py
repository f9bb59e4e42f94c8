from pathlib import Path

import pytest

from services.cli.address import host_and_port, refuse_open
from services.cli.failure import CommandFailed
from shared.settings import Settings


@pytest.mark.parametrize(
    ("listen", "expected"),
    [("127.0.0.1:8800", ("127.0.0.1", 8800)), ("localhost:0", ("localhost", 0)), ("[::1]:65535", ("::1", 65535))],
)
def test_an_address_is_a_host_and_a_port(listen: str, expected: tuple[str, int]) -> None:
    assert host_and_port(listen) == expected


@pytest.mark.parametrize("listen", ["", "8800", ":8800", "localhost", "localhost:", "localhost:http", "a:65536"])
def test_anything_else_is_wrong_use(listen: str) -> None:
    with pytest.raises(CommandFailed, match="is no HOST:PORT") as failed:
        host_and_port(listen)
    assert failed.value.code == 2


@pytest.mark.parametrize("listen", ["127.0.0.1:1", "127.8.8.8:1", "localhost:1", "[::1]:1"])
def test_loopback_needs_nobodys_leave(listen: str) -> None:
    refuse_open(Settings(listen=listen))


@pytest.mark.parametrize("listen", ["0.0.0.0:1", "[::]:1", "192.168.0.7:1", "pages.example:1", "localhost.example:1"])
def test_what_others_can_reach_is_refused_until_that_is_wanted(listen: str, tmp_path: Path) -> None:
    nowhere = tmp_path / "data"
    with pytest.raises(CommandFailed, match="others can reach, and there is no key yet") as failed:
        refuse_open(Settings(listen=listen, data=nowhere))
    assert "pagemill keys add" in failed.value.remedy
    assert "PAGEMILL_ALLOW_OPEN" in failed.value.remedy
    refuse_open(Settings(listen=listen, allow_open=True))
    assert not nowhere.exists()


def test_keys_that_are_wanted_on_loopback_are_looked_for_there(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="PAGEMILL_REQUIRE_KEYS is set, and there is no key yet"):
        refuse_open(Settings(listen="127.0.0.1:1", require_keys=True, data=tmp_path / "data"))
