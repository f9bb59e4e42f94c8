"""The memory of Idempotency-Keys: a request that is sent again gets the answer of the first time."""

import hashlib
import secrets
from pathlib import Path
from typing import Any, NamedTuple

import redis

from shared.errors import DependencyFull
from shared.ledger.carried import IdempotencyState
from shared.ledger.connection import available

_FOLDER = Path(__file__).parent / "lua"


class Try(NamedTuple):
    """One try of a request; `answer` is there where `state` is `replay`."""

    state: IdempotencyState
    key: str
    token: str
    answer: bytes


class Idempotency:
    """Keys and answers in Redis.

    Args:
        client: made by `shared.ledger.connection.connect`.
        prefix: put before every key.
        ttl_seconds: how long an answer is kept.
        try_seconds: how long a key is taken for a try that is not told to be under way still; a process that dies in
            one frees it so.

    Every method raises DependencyUnavailable where Redis is away.
    """

    def __init__(self, client: redis.Redis, prefix: str, ttl_seconds: int, try_seconds: int = 15) -> None:
        self._prefix = prefix
        self._ttl_seconds = max(1, ttl_seconds)
        self.try_seconds = try_seconds
        self._begin = client.register_script((_FOLDER / "idempotency_begin.lua").read_text())
        self._hold = client.register_script((_FOLDER / "idempotency_hold.lua").read_text())
        self._keep = client.register_script((_FOLDER / "idempotency_keep.lua").read_text())
        self._forget = client.register_script((_FOLDER / "idempotency_forget.lua").read_text())

    def begin(self, key: str, digest: str) -> Try:
        """Looks a request up, and takes its key where it is new.

        Args:
            key: the header.
            digest: of all that makes the request what it is.

        Returns:
            A Try: `new` must be ended by `keep` or `forget`; `running` and `mismatch` are refusals; `replay` has
            the answer.
        """
        name = f"{self._prefix}idem:{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"
        token = secrets.token_hex(8)
        with available():
            told: Any = self._begin(keys=[name], args=[digest, token, self.try_seconds])
        state, answer = told
        return Try(state.decode(), name, token, answer)

    def hold(self, tried: Try) -> None:
        """The request is still being answered."""
        with available():
            self._hold(keys=[tried.key], args=[tried.token, self.try_seconds])

    def keep(self, tried: Try, answer: bytes) -> None:
        """The request has been answered; where Redis has no memory left the answer is forgotten."""
        try:
            with available():
                self._keep(keys=[tried.key], args=[tried.token, answer, self._ttl_seconds])
        except DependencyFull:
            self.forget(tried)

    def forget(self, tried: Try) -> None:
        """The request has failed: the same key may be used again, for the same or for mended bytes."""
        with available():
            self._forget(keys=[tried.key], args=[tried.token])
