"""The keys in Redis, and scripts on them.

saved:searches      hash: id to the saved search as JSON
saved:ids           sorted set of ids, which are in the order of their making
saved:changes       sorted set: id to the number of its last change, a delete too
saved:n             hash: `change` (the last number), `floor` (changes up to it are no longer told one by one)
saved:inbox:ID      sorted set: what `events.member` makes of a document, by microseconds of its finding
saved:wait:ID       list of members that wait for the webhook, the oldest first
saved:dead:ID       list of those that no call brought there
saved:call:ID       hash: what is known of the calls of its webhook
saved:due           sorted set: id to the milliseconds when its webhook may be called
"""

from collections.abc import Sequence
from typing import Any, Final

import redis

from shared.ledger.connection import Argument, available

OF_ONE: Final = ("inbox", "wait", "dead", "call")
"""Kinds of keys that one saved search has."""
_NOW: Final = """#!lua flags=allow-oom
local function now_us() local t = redis.call('TIME') return t[1] * 1000000 + t[2] end
local P = ARGV[1]
"""


class Keys:
    """Scripts under one prefix; each is told the prefix first.

    Args:
        client: made by `shared.ledger.connection.connect`.
        prefix: put before every key.
    """

    def __init__(self, client: redis.Redis, prefix: str) -> None:
        self.client = client
        self._prefix = f"{prefix}saved:"
        self._known: dict[str, Any] = {}

    def name(self, *parts: str) -> str:
        """A key's whole name."""
        return self._prefix + ":".join(parts)

    def run(self, script: str, *arguments: Argument) -> Any:
        """Runs one step, also at the memory limit of Redis; its answer as Redis gives it.

        Raises:
            DependencyUnavailable: Redis is away.
        """
        with available():
            known = self._known.get(script)
            if known is None:
                known = self._known[script] = self.client.register_script(_NOW + script)
            return known(keys=(), args=(self._prefix, *arguments))


def texts(told: Sequence[bytes]) -> list[str]:
    """What Redis gave, as text."""
    return [each.decode() for each in told]
