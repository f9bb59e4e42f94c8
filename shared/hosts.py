"""Host names and addresses, read as browsers read them (WHATWG URL Standard, section 3.5, "Host parsing")."""

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

_MAX_HOST = 253
"""Characters that a name in the DNS can have (RFC 1035, section 2.3.4)."""
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")
"""The standard's "forbidden domain code points"."""
_IPV4_PART = re.compile(r"0x[0-9a-f]*|[0-9]+")
_ZEROS = re.compile(r"\b0(?::0)+\b")


def ascii_host(host: str) -> str:
    """A host in its one ASCII form: lower case, IDN in punycode, addresses in their shortest spelling.

    Args:
        host: as it stands in a URL, percent-encoding and brackets included.

    Raises:
        ValueError: browsers would refuse it too, or no DNS name can look like that.
    """
    if host.startswith("["):
        if not host.endswith("]"):
            raise ValueError(f"the address {host[:60]!r} has no closing bracket")
        return f"[{_ipv6(host[1:-1])}]"
    name = _ascii_name(host)
    if _IPV4_PART.fullmatch(name.rpartition(".")[2]):
        return _ipv4(name)
    return name


@lru_cache(maxsize=8192)
def registered_domain_of(host: str) -> str:
    """The registered domain of a host from `ascii_host`; see `shared.urls.registered_domain`."""
    if _is_address(host) or "." not in host:
        return host.strip("[]")
    found = _public_suffixes().extract_str(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    return host if found.suffix else ".".join(host.split(".")[-2:])


def _ascii_name(host: str) -> str:
    if len(host) > 3 * _MAX_HOST:
        raise ValueError(f"the host is longer than {_MAX_HOST} characters")
    name = unquote_to_bytes(host).decode("utf-8", "replace") if "%" in host else host
    name = name.lower() if name.isascii() else _punycode(name)
    name = name.rstrip(".")
    if not name:
        raise ValueError("the host is empty")
    if found := _FORBIDDEN.search(name):
        raise ValueError(f"a host cannot contain {found.group()!r}")
    if len(name) > _MAX_HOST or any(not 0 < len(label) <= 63 for label in name.split(".")):
        raise ValueError(f"no host can be called {name[:60]!r}: a label is empty or too long")
    return name


def _punycode(name: str) -> str:
    """UTS #46 without transitional processing; symbols such as emoji pass, as in browsers."""
    try:
        mapped = idna.uts46_remap(name, std3_rules=False)
    except idna.IDNAError as error:
        raise ValueError(f"the host {name[:60]!r} is no domain name: {error}") from None
    return ".".join(_ascii_label(label) for label in mapped.split("."))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _ipv4(name: str) -> str:
    """One to four parts, decimal, octal (`0177`) or hexadecimal (`0x7f`); the last one fills what is left."""
    parts = name.split(".")
    if len(parts) > 4 or not all(_IPV4_PART.fullmatch(part) for part in parts):
        raise ValueError(f"{name[:60]!r} is no IPv4 address")
    *first, last = [_ipv4_part(part) for part in parts]
    if any(part > 255 for part in first) or last >= 256 ** (4 - len(first)):
        raise ValueError(f"{name[:60]!r} is no IPv4 address: a part is too large")
    return str(ipaddress.IPv4Address(last + sum(part << (24 - 8 * at) for at, part in enumerate(first))))


def _ipv4_part(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if len(part) > 1 and part.startswith("0"):
        if set(part) & {"8", "9"}:
            raise ValueError(f"{part[:60]!r} is no octal number")
        return int(part, 8)
    return int(part)


def _ipv6(text: str) -> str:
    """RFC 5952, section 4, with embedded IPv4 addresses in hexadecimal as the URL standard writes them."""
    try:
        packed = ipaddress.IPv6Address(text).packed
    except ValueError:
        raise ValueError(f"[{text[:60]}] is no IPv6 address") from None
    if "%" in text:
        raise ValueError("an address in a URL has no zone")
    groups = ":".join(f"{packed[at] << 8 | packed[at + 1]:x}" for at in range(0, 16, 2))
    longest = max(_ZEROS.finditer(groups), key=lambda zeros: len(zeros.group()), default=None)
    if longest is None:
        return groups
    return f"{groups[: longest.start()].rstrip(':')}::{groups[longest.end() :].lstrip(':')}"


def _is_address(host: str) -> bool:
    return host.startswith("[") or bool(_IPV4_PART.fullmatch(host.rpartition(".")[2]))


@cache
def _public_suffixes() -> "TLDExtract":
    """The list bundled with the library, private suffixes too: no network, nothing written."""
    from tldextract import TLDExtract  # noqa: PLC0415  (a tenth of a second, which few commands need)

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
