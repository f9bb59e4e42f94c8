"""Whom a webhook may call."""

import ipaddress

import pytest
from pydantic import ValidationError

from shared.private_addresses import Allowed, is_public
from shared.settings import Settings

PRIVATE = (
    "127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.5.5 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1 192.0.2.1 "
    "224.0.0.1 239.1.1.1 255.255.255.255 240.0.0.1 ::1 :: fe80::1 fec0::1 fc00::1 fd12:3456::1 ff02::1 2001:db8::1 "
    "::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2002:a00:1::1 "
    "2001:0:4136:e378:8000:63bf:f5ff:fffe"
).split()
PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 2606:4700:4700::1111 2a00:1450:4001::1 ::ffff:1.1.1.1 64:ff9b::101:101".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_called_by_nobody(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Allowed(()).may_be_called("hook.example", address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_called(address: str) -> None:
    assert Allowed(()).may_be_called("hook.example", address)


def test_a_name_that_is_set_may_be_at_any_address() -> None:
    allowed = Allowed(["Hooks.Internal", "hooks.other"])
    assert allowed.may_be_called("hooks.internal", "10.0.0.1")
    assert not allowed.may_be_called("evil.example", "10.0.0.1")


def test_a_network_that_is_set_may_be_called_whatever_the_name() -> None:
    allowed = Allowed(["10.1.0.0/16", "127.0.0.1", "fd12::/16"])
    told = [
        allowed.may_be_called("x.example", each) for each in ("10.1.9.9", "127.0.0.1", "fd12::5", "::ffff:10.1.0.1")
    ]
    assert told == [True] * 4
    assert not any(allowed.may_be_called("x.example", each) for each in ("10.2.0.1", "127.0.0.2", "fd13::5"))


def test_an_address_with_its_zone_is_read() -> None:
    assert not Allowed(()).may_be_called("x.example", "fe80::1%eth0")


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"10\.1\.0\.0"):
        Allowed(["10.1.0.0/99"])


def test_a_setting_that_is_no_network_is_told_at_the_start() -> None:
    with pytest.raises(ValidationError, match="alerts_private_hosts"):
        Settings(alerts_private_hosts=("10.1.0.0/99",))
