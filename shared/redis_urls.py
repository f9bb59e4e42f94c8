"""One Redis, named in the two ways that redis-py and Celery's transport want."""

from urllib.parse import parse_qs, quote, unquote, urlsplit

from shared.embedded.valkey import EmbeddedValkey
from shared.settings import Settings


def redis_url(settings: Settings) -> str:
    """The Redis that is set, else the embedded server of the data folder; as redis-py takes it."""
    if settings.redis_url:
        return settings.redis_url.get_secret_value()
    return EmbeddedValkey(settings.data).url


def broker_url(settings: Settings) -> str:
    """The same Redis as Celery takes it."""
    return as_broker(redis_url(settings))


def as_broker(url: str) -> str:
    """`unix://[USER:PASSWORD@]/PATH?db=N` as `redis+socket://...?virtual_host=N`; other URLs as they are.

    Kombu looks for user and password before the path only, redis-py in the query too.
    """
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    asked = parse_qs(parts.query)
    number = asked.get("db", ["0"])[0]
    user = parts.username or quote(asked.get("username", [""])[0], safe="")
    password = parts.password or quote(asked.get("password", [""])[0], safe="")
    access = f"{user}:{password}@" if user or password else ""
    return f"redis+socket://{access}{quote(unquote(parts.path))}?virtual_host={number}"


def without_password(url: str) -> str:
    """The URL as it may be shown: no user, no password, no options."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
