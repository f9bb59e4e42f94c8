"""Shapes of settings that pydantic does not bring with it: addresses of a Redis, lists in a variable, numbers that end.

Each number ends where what is made of it still fits: milliseconds in Lua and in SQLite, seconds in a wait of the
kernel, bytes in a limit. Infinity fits nowhere.
"""

import json
import re
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from shared.addresses import address_of, host_of

_REDIS_SHAPES: Final = (
    "redis://[USER:PASSWORD@]HOST:PORT/NUMBER, rediss:// for the same with TLS, unix:///PATH?db=NUMBER"
)

_USUAL_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
"""What a Host header can hold; names in other letters come as `xn--`."""


def _readable_by_redis(url: SecretStr) -> SecretStr:
    """The URL, if redis-py can make a connection of it and Celery's transport reads the same number in it.

    Raises:
        PydanticCustomError: it cannot; nothing of the URL is in the message, for it may hold a password anywhere.
    """
    from redis import ConnectionPool, RedisError  # noqa: PLC0415  (the command must start fast)

    try:
        ConnectionPool.from_url(url.get_secret_value()).make_connection()
        readable = _names_a_place(url.get_secret_value())
    except (ValueError, TypeError, RedisError):
        readable = False
    if readable:
        return url
    raise PydanticCustomError(
        "redis_url",
        "this is no address of a Redis. Write {shapes}; what is no letter or digit in USER and PASSWORD as %XX",
        {"shapes": _REDIS_SHAPES},
    ) from None


def _names_a_place(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return bool(parts.path)
    return not parts.path.strip("/") or parts.path.strip("/").isdecimal()


def _listed(value: Any) -> Any:
    """The texts in a variable: a JSON list, or parted by commas; what is a list already stays as it is."""
    if not isinstance(value, str):
        return value
    if not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        return json.loads(value)
    except ValueError:
        raise PydanticCustomError("texts", 'write texts parted by commas, or a JSON list such as ["a", "b"]') from None


def _origin(text: str) -> str:
    """An origin as browsers send it (RFC 6454, section 6.1): in lower case, without the usual port."""
    try:
        parts = urlsplit(text.rstrip("/").lower())
        port, host = parts.port, parts.hostname
    except ValueError:
        port, host = None, None
    usual = _USUAL_PORTS.get(parts.scheme) if host else None
    if not host or usual is None or parts.netloc != parts.netloc.rpartition("@")[2] or any(parts[2:]):
        raise PydanticCustomError(
            "origin",
            "{text} is no origin. Write SCHEME://HOST[:PORT] of each site, such as https://app.example; "
            "there is no sign for all",
            {"text": text},
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" if port in {None, usual} else f"{parts.scheme}://{shown}:{port}"


def _host_name(text: str) -> str:
    """A name as it stands in a Host header; its port does not matter."""
    host = host_of(text)
    if address_of(host) is None and not _NAME.fullmatch(host):
        raise PydanticCustomError(
            "host_name", "{text} is no name of a host. Write it alone, such as search.example", {"text": text}
        )
    return text


RedisUrl = Annotated[SecretStr, AfterValidator(_readable_by_redis)]
"""An address that redis-py and Celery can read."""

Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Several texts; in a variable parted by commas, or as JSON."""

Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_listed)]
"""Origins of other sites; in a variable as `Texts` are."""

HostNames = Annotated[tuple[Annotated[str, AfterValidator(_host_name)], ...], NoDecode, BeforeValidator(_listed)]
"""Names that a Host header may bear; in a variable as `Texts` are."""

Days = Annotated[float, Field(le=36_500, allow_inf_nan=False)]
"""Days, of which some time is made: a hundred years at most."""

Hours = Annotated[float, Field(le=876_000, allow_inf_nan=False)]
"""The same in hours."""

Seconds = Annotated[float, Field(le=2_000_000, allow_inf_nan=False)]
"""Seconds that something waits or may take: 23 days at most, for the kernel's waits are told 2^31 milliseconds."""

Count = Annotated[int, Field(le=2**53)]
"""How many of something, its bytes too: what Lua and JSON can tell one by one."""

Mib = Annotated[int, Field(le=2**24)]
"""MiB, of which bytes are made: 16 TiB at most."""

Tries = Annotated[int, Field(le=20)]
"""How often something is tried where the wait between two tries doubles."""

Processes = Annotated[int, Field(le=4096)]
"""Processes of one kind on one machine."""
