import os
import socket

import pytest

from services.cli.address import bound, host_and_port, listen_of, local_url
from services.cli.failure import CommandFailed
from shared.settings import Settings


def test_port_0_becomes_a_real_one_that_answers() -> None:
    with bound(Settings(listen="127.0.0.1:0")) as listening:
        host, port = host_and_port(listen_of(listening))
        assert port > 0
        assert local_url(listening) == f"http://127.0.0.1:{port}"
        with socket.create_connection((host, port)):
            pass


def test_an_ipv6_address_is_shown_in_brackets() -> None:
    with bound(Settings(listen="[::1]:0")) as listening:
        assert listen_of(listening).startswith("[::1]:")
        assert local_url(listening) == f"http://{listen_of(listening)}"


def test_any_address_is_called_through_loopback() -> None:
    with bound(Settings(listen="0.0.0.0:0")) as listening:
        assert local_url(listening).startswith("http://127.0.0.1:")


def test_an_address_in_use_says_by_whom() -> None:
    with bound(Settings(listen="127.0.0.1:0")) as listening:
        taken = Settings(listen=listen_of(listening))
        with pytest.raises(CommandFailed, match=f"{taken.listen} is in use by process {os.getpid()}") as failed:
            bound(taken)
    assert "`up --port`" in failed.value.remedy


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(CommandFailed, match=r"cannot listen on 192\.0\.2\.1:0: Cannot assign requested address"):
        bound(Settings(listen="192.0.2.1:0"))
