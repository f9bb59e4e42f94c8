"""Which addresses lie in the public internet, and which others may be called all the same."""

import ipaddress
from collections.abc import Iterable
from typing import Final

from shared.addresses import address_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""Its last 32 bits are an IPv4 address, which a gateway goes on to (RFC 6052)."""


class Allowed:
    """Hosts that may be called although they are not public.

    Args:
        given: names, addresses and networks.

    Raises:
        ValueError: one looks like a network, and is none.
    """

    def __init__(self, given: Iterable[str]) -> None:
        told = [each.strip().lower().strip("[]").rstrip(".") for each in given]
        self._names = frozenset(each for each in told if "/" not in each and address_of(each) is None)
        self._networks = [
            ipaddress.ip_network(each, strict=False) for each in told if "/" in each or address_of(each) is not None
        ]

    def may_be_called(self, host: str, address: str) -> bool:
        """Whether an address may be called that a host stands for."""
        found = ipaddress.ip_address(address.partition("%")[0])
        if host.lower().strip("[]").rstrip(".") in self._names:
            return True
        return is_public(found) or any(each in network for each in _meant(found) for network in self._networks)


def is_public(address: Address) -> bool:
    """Whether an address lies in the public internet, whichever way it is spelt.

    Loopback, link-local, private, reserved and multicast addresses do not.
    """
    return all(
        each.is_global
        and not each.is_multicast
        and not each.is_reserved
        and not (isinstance(each, ipaddress.IPv6Address) and each.is_site_local)
        for each in _meant(address)
    )


def _meant(address: Address) -> list[Address]:
    """The address, and the IPv4 address inside of it where a host or a gateway would go on to that."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    inside = address.sixtofour or (address.teredo[1] if address.teredo else None)
    if address in _NAT64:
        inside = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        return [inside]
    return [address, inside] if inside else [address]
