"""Shapes of settings that pydantic does not bring with it: addresses of a Redis, lists in a variable."""

import json
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
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
