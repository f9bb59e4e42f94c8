"""Which index the pages of this ledger go to: one, or searches would find some of them here and some there."""

from typing import Any, Final, NamedTuple

from shared.ledger.connection import Scripts, available

HOLDS_SECONDS: Final = 30.0
"""How long a claim holds that is not renewed: the index worker that made it has ended then."""


class Home(NamedTuple):
    """An index: what tells it from every other one, and where that is, for people."""

    id: str
    where: str


class Homes:
    """Claims of index workers."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def claim(self, home: Home) -> str | None:
        """Says that pages go to this index, for `HOLDS_SECONDS` from now.

        Returns:
            None; or where the other index is that pages go to, and nothing is claimed.
        """
        other = self._scripts.run("home", home.id, home.where, int(HOLDS_SECONDS * 1000))
        return other.decode() or None

    def last(self) -> Home | None:
        """The index that pages went to last; None before the first."""
        with available():
            told: Any = self._scripts.client.hmget(self._scripts.key("home"), "id", "where")
        return Home(told[0].decode(), told[1].decode()) if told[0] else None
