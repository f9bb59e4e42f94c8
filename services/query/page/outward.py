"""Addresses that pages bring along: which may be linked, and which a picture may be loaded from."""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from shared.hosts import ascii_host

_PLAIN: Final = re.compile(r"https?://[^\x00-\x20\x7f<>\"\\^`{|}]+", re.IGNORECASE)
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
"""What may stand in a header: of a host nothing but what the DNS knows."""
_INSIDE: Final = ("localhost", "local", "internal", "lan", "home", "corp", "test", "invalid")


def linked(url: str | None) -> str | None:
    """The URL where it may be a link: http or https, with a host, on one line; `javascript:` and its like are none."""
    return url if url and _PLAIN.fullmatch(url) and _parts(url) else None


def picture_origin(url: str | None) -> str | None:
    """Scheme, host and port that a picture is loaded from; None where it may not be.

    Hosts without a public name are the reader's own network: no page is to send requests there.
    """
    parts = _parts(url) if url and linked(url) else None
    if parts is None:
        return None
    host = _host(parts)
    if "." not in host or host.rpartition(".")[2] in _INSIDE or _is_address(host):
        return None
    origin = f"{parts.scheme.lower()}://{host}{f':{parts.port}' if parts.port else ''}"
    return origin if _ORIGIN.fullmatch(origin) else None


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _host(parts)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def _host(parts: SplitResult) -> str:
    """The host in its one spelling.

    Raises:
        ValueError: there is none, or none that browsers would ask.
    """
    name = parts.hostname or ""
    return ascii_host(f"[{name}]" if ":" in name else name)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
