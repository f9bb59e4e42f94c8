"""What a page is called. The rules are written down, with examples that are tested, in docs/urls.md."""

import base64
import hashlib
import re
from typing import Final, NamedTuple
from urllib.parse import unquote

from shared.hosts import ascii_host, registered_domain_of
from shared.tracking import is_tracking

MAX_CHARS: Final = 16_384
"""Longer ones are refused here; the door's own limit, `PAGEMILL_URL_MAX_CHARS`, is lower."""

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):[/\\]*")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_TABS_AND_LINES = dict.fromkeys(map(ord, "\t\n\r"))
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NOT_IN_PATH = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/%-]+")
_NOT_IN_QUERY = re.compile(r"[^A-Za-z0-9._~!$&()*+,;=:@/?%-]+")


class _Parts(NamedTuple):
    scheme: str
    authority: str
    path: str
    query: str


def canonical_url(url: str) -> str:
    """The one spelling of a URL under which its page is known; applied twice it changes nothing more.

    Args:
        url: an absolute http or https URL, as browsers would read it.

    Returns:
        Printable ASCII, `http://` or `https://`, host, path, and the query if one is left.

    Raises:
        ValueError: it is none; the message says why and is fit for the sender.
    """
    parts = _split(url)
    path = "/".join(_without_dots(_normal(parts.path, _NOT_IN_PATH).split("/")))
    query = _normal_query(parts.query)
    return f"{parts.scheme}://{_normal_authority(parts)}{path or '/'}{'?' + query if query else ''}"


def trimmed(url: str) -> str:
    """A URL without what browsers leave out of it: controls and spaces around it, tabs and line ends within it."""
    return url.strip(_C0_AND_SPACE).translate(_TABS_AND_LINES)


def page_id(canonical: str) -> str:
    """The id of the page at a canonical URL: 22 characters of `[A-Za-z0-9_-]`, never a leading hyphen."""
    return _digest(canonical.encode("ascii"), b"pagemill-url")


def content_id(body: bytes) -> str:
    """The id of a page that has no URL: its content's. Shaped like `page_id`, and never equal to one."""
    return _digest(body, b"pagemill-content")


def registered_domain(host_or_url: str | None) -> str | None:
    """The registered domain by the public suffix list, private suffixes (`github.io`) included.

    Args:
        host_or_url: `www.bbc.co.uk`, with a port or not, or a whole URL.

    Returns:
        `bbc.co.uk`. Under an unknown suffix the last two labels; an IP address (without brackets), `localhost`
        and a host that is itself a public suffix as they are; None for None and for what holds no host.
    """
    if not host_or_url:
        return None
    try:
        if "://" in host_or_url:
            return registered_domain_of(ascii_host(_host_and_port(_split(host_or_url).authority)[0]))
        bracketed = host_or_url.count(":") > 1 and not host_or_url.startswith("[")
        host = f"[{host_or_url}]" if bracketed else _host_and_port(host_or_url)[0]
        return registered_domain_of(ascii_host(host))
    except ValueError:
        return None


def _digest(data: bytes, purpose: bytes) -> str:
    """127 bits of BLAKE2b: the 128th is cleared, so that no id looks like a command line's option."""
    raw = hashlib.blake2b(data, digest_size=16, person=purpose).digest()
    return base64.urlsafe_b64encode(bytes((raw[0] & 0x7F,)) + raw[1:]).rstrip(b"=").decode("ascii")


def _split(url: str) -> _Parts:
    if len(url) > MAX_CHARS:
        raise ValueError(f"the URL has {len(url)} characters, more than {MAX_CHARS}")
    if _SURROGATE.search(url):
        raise ValueError("the URL holds half a character (a lone surrogate)")
    url = trimmed(url)
    found = _SCHEME.match(url)
    if found is None:
        raise ValueError(f"{url[:60]!r} is no absolute URL: it must begin with http:// or https://")
    scheme = found.group(1).lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"{scheme[:20]!r} is not a scheme that pages are fetched by: http or https is needed")
    rest, _, query = url[found.end() :].partition("#")[0].partition("?")
    authority, slash, path = rest.replace("\\", "/").partition("/")
    return _Parts(scheme, authority, slash + path, query)


def _normal_authority(parts: _Parts) -> str:
    host, port = _host_and_port(parts.authority)
    host = ascii_host(host)
    if port and not (port.isascii() and port.isdecimal() and len(port) <= 16 and int(port) <= 65535):
        raise ValueError(f"{port[:20]!r} is no port: a number up to 65535 is needed")
    port = str(int(port)) if port else ""
    return host if port in ("", _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _host_and_port(authority: str) -> tuple[str, str]:
    """Host and port of an authority; who asks (`user:password@`) is no part of what a page is called."""
    location = authority.rpartition("@")[2]
    if location.startswith("["):
        host, bracket, port = location.partition("]")
        if port and not port.startswith(":"):
            raise ValueError(f"{location[:60]!r} is no host and port")
        return host + bracket, port[1:]
    host, _, port = location.partition(":")
    return host, port


def _without_dots(segments: list[str]) -> list[str]:
    """RFC 3986, section 5.2.4; percent-encoded dots have been decoded by now."""
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return kept


def _normal_query(query: str) -> str:
    pieces = (piece for piece in query.split("&") if piece)
    return "&".join(
        _normal(piece, _NOT_IN_QUERY) for piece in pieces if not is_tracking(unquote(piece.partition("=")[0]))
    )


def _normal(text: str, not_allowed: re.Pattern[str]) -> str:
    """Percent-encoding in one form: what need not be encoded is not, everything else is, in upper case."""
    text = _ESCAPED.sub(_normal_escape, text)
    return not_allowed.sub(lambda found: _escape(found.group()), text)


def _normal_escape(found: re.Match[str]) -> str:
    if found.group(1) is None:
        return "%25"  # a stray sign; left alone it could pair up with what is decoded behind it
    char = chr(int(found.group(1), 16))
    return char if char in _UNRESERVED else found.group().upper()


def _escape(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
