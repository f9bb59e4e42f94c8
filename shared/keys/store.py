from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

import redis
from pydantic import ValidationError

from shared.keys.known import ApiKey
from shared.ledger.connection import available

_KEPT_SECONDS: Final = 3 * 86_400
"""How long a day's counts are kept."""


class KeyStore:
    """The keys in Redis, beside the ledger: a hash of what is known of each, and a hash of counts for each day.

    Every method raises DependencyUnavailable where Redis is away.

    Args:
        client: made by `shared.ledger.connection.connect`.
        prefix: put before every key of Redis.
    """

    def __init__(self, client: redis.Redis, prefix: str) -> None:
        self._client = client
        self._name = f"{prefix}keys"

    def add(self, key: ApiKey) -> bool:
        """Keeps a key; False where there is one of this id, which stays as it is."""
        with available():
            made = bool(self._client.hsetnx(self._name, key.id, key.model_dump_json()))
            self._client.publish(self._name, key.id)
        return made

    def get(self, key_id: str) -> ApiKey | None:
        """What is known of one key."""
        with available():
            told: Any = self._client.hget(self._name, key_id)
        return None if told is None else _read(told)

    def all(self) -> list[ApiKey]:
        """Every key, oldest first; those that only newer code can read are left out, and open nothing."""
        with available():
            told: Any = self._client.hvals(self._name)
        return sorted((key for key in map(_read, told) if key is not None), key=lambda key: (key.made_at, key.id))

    def revoke(self, key_id: str) -> bool:
        """Takes a key away, and tells every process at once; False where there is none of this id."""
        with available():
            gone = bool(self._client.hdel(self._name, key_id))
            self._client.publish(self._name, key_id)
        return gone

    def used(self, day: str, more: Mapping[str, int] | None = None) -> dict[str, int]:
        """How many requests were made with each key on a day.

        Args:
            day: as `today` gives it.
            more: requests to be added first, by key.
        """
        name = f"{self._name}:used:{day}"
        with available(), self._client.pipeline(transaction=True) as steps:
            for key_id, count in (more or {}).items():
                steps.hincrby(name, key_id, count)
            if more:
                steps.expire(name, _KEPT_SECONDS)
            steps.hgetall(name)
            told: Any = steps.execute()[-1]
        return {key_id.decode(): int(count) for key_id, count in told.items()}

    @contextmanager
    def listening(self) -> Iterator[Callable[[float], bool]]:
        """Gives what waits so many seconds for a key to be added or revoked, and says whether one was."""
        with available(), closing(_line(self._client)) as line:
            line.subscribe(self._name)
            yield lambda seconds: line.get_message(timeout=seconds) is not None


def _line(client: redis.Redis) -> Any:
    return client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]


def today() -> str:
    """The day that counts go to, in UTC, as `20261127`."""
    return datetime.now(UTC).strftime("%Y%m%d")


def _read(told: bytes) -> ApiKey | None:
    with suppress(ValidationError):
        return ApiKey.model_validate_json(told)
    return None
