"""Addresses that services listen on, as settings and Host headers spell them."""

import ipaddress
import re
from typing import Final

_NETLOC: Final = re.compile(r"(?:\[(?P<address>[^\[\]]*)\]|(?P<name>[^\[\]:@]*))(?::\d*)?")


def parse_listen(listen: str) -> tuple[str, int]:
    """`HOST:PORT`, an IPv6 address in brackets, taken apart; the host comes without brackets.

    Raises:
        ValueError: it is not of that form.
    """
    host, _, port = listen.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    host = host[1:-1] if bracketed else host
    if not host or (":" in host and not bracketed) or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise ValueError(f"{listen!r} is no HOST:PORT such as 127.0.0.1:8800 or [::1]:8800")
    return host, int(port)


def host_of(netloc: str) -> str:
    """The host of a Host header or of an origin: lower case, no port, no brackets, no dot behind it.

    Empty where it is no host and port.
    """
    found = _NETLOC.fullmatch(netloc.strip().lower())
    return (found["address"] or found["name"].rstrip(".")) if found else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can be meant: 127.0.0.0/8, ::1, `localhost` and names under it (RFC 6761)."""
    address = address_of(host)
    if address is not None:
        mapped = getattr(address, "ipv4_mapped", None)
        return address.is_loopback or bool(mapped and mapped.is_loopback)
    return host == "localhost" or host.endswith(".localhost")


def is_any(host: str) -> bool:
    """Whether it stands for every address of this machine: 0.0.0.0 or ::."""
    address = address_of(host)
    return address is not None and address.is_unspecified


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is, None where it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
