"""Pages on their way, found by what was said of them at the door."""

from collections.abc import Iterator
from typing import Any, Final

from shared.ledger.carried import ROOMS
from shared.ledger.connection import Scripts, available

_STEP: Final = 500


class Walking:
    """Reads the ledger; never changes it."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def ids(self, *, site: str | None = None, source: str | None = None) -> Iterator[str]:
        """Pages that wait or are worked on, at one moment: that of the call's first step.

        One that ends before its turn is left out; whoever wants it too looks where pages end, and does so later.

        Args:
            site: the registered domain; None is any.
            source: who sent them; None is anybody.
        """
        client, key = self._scripts.client, self._scripts.key
        with available():
            pipe = client.pipeline(transaction=True)
            for room in ROOMS:
                pipe.zrange(key(f"s:{room}"), 0, -1)
            rooms: Any = pipe.execute()
        for members in rooms:
            for at in range(0, len(members), _STEP):
                step = [member.decode() for member in members[at : at + _STEP]]
                with available():
                    pipe = client.pipeline(transaction=False)
                    for member in step:
                        pipe.hmget(key(f"e:{member}"), "site", "src")
                    told: Any = pipe.execute()
                for member, (its_site, its_source) in zip(step, told, strict=True):
                    if _is(its_site, site) and _is(its_source, source):
                        yield member.rpartition(":")[0]


def _is(found: bytes | None, asked: str | None) -> bool:
    return asked is None or found == asked.encode()
