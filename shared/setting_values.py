"""Shapes of settings that pydantic does not bring with it: addresses of a Redis, lists in a variable, numbers that end.

Each number ends where what is made of it still fits: milliseconds in Lua and in SQLite, seconds in a wait of the
kernel, bytes in a limit. Infinity fits nowhere.
"""

import json
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

_REDIS_SHAPES: Final = (
    "redis://[USER:PASSWORD@]HOST:PORT/NUMBER, rediss:// for the same with TLS, unix:///PATH?db=NUMBER"
)


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


RedisUrl = Annotated[SecretStr, AfterValidator(_readable_by_redis)]
"""An address that redis-py and Celery can read."""

Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Several texts; in a variable parted by commas, or as JSON."""

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
