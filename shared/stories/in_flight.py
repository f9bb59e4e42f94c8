"""Pages between the enrich room and the index, in Redis: how near copies meet that are on their way at once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import redis

from shared.ledger.connection import Argument, available
from shared.models.document import Document
from shared.stories.fingerprint import BAND_DIGITS, BANDS, PERMUTATIONS

_FOLDER: Final = Path(__file__).parent / "lua"
_LIVE_MS: Final = 3_600_000
"""Only for pages that nobody settles: dead letters and deleted pages."""


class Met(NamedTuple):
    """What a page found in flight.

    Args:
        story: a near copy's; empty where none has a confirmed one.
        behind: a near copy that came first and whose story is not confirmed yet; empty where there is none.
        changed: the same page is in flight with another text.
    """

    story: str
    behind: str
    changed: bool


class Claim(NamedTuple):
    """A page's story, or the near copy whose story it waits for."""

    document: Document
    story: str
    behind: str


class InFlight:
    """The three steps, each atomic.

    Args:
        client: from `shared.ledger.connection.connect`.
        prefix: put before every key.

    Every method raises DependencyUnavailable where Redis is away.
    """

    def __init__(self, client: redis.Redis, prefix: str) -> None:
        self._client = client
        self._keys = [f"{prefix}stories:{name}" for name in ("pages", "bands", "due")]
        self._known: dict[str, Any] = {}

    def meet(self, documents: Sequence[Document], threshold: float) -> list[Met]:
        """Puts pages in flight, in order, and tells whom they met; all must have a fingerprint."""
        arguments: list[Argument] = [round(threshold * PERMUTATIONS), _LIVE_MS]
        for each in documents:
            arguments += [each.id, each.version, bytes.fromhex(each.fingerprint or "")]
        told = self._run("meet", arguments)
        return [
            Met(story.decode(), behind.decode(), bool(changed))
            for story, behind, changed in zip(told[0::3], told[1::3], told[2::3], strict=True)
        ]

    def confirm(self, claims: Sequence[Claim], *, wait: bool) -> list[str | None]:
        """Makes stories known, in order.

        Args:
            claims: one for each page.
            wait: whether one that waits for a near copy goes on waiting; else the near copy leads the story.

        Returns:
            The story that holds, which an earlier call may have set; empty to wait on; None where the near copy
            has left for the index or was forgotten.
        """
        arguments: list[Argument] = [int(wait)]
        for document, story, behind in claims:
            arguments += [document.id, document.version, story, behind]
        return [None if story is None else story.decode() for story in self._run("confirm", arguments)]

    def settle(self, documents: Sequence[Document]) -> None:
        """Forgets pages; newer versions of them stay."""
        arguments: list[Argument] = []
        for each in documents:
            arguments += [each.id, each.version]
        self._run("settle", arguments)

    def _run(self, name: str, arguments: Sequence[Argument]) -> Any:
        with available():
            script = self._known.get(name)
            if script is None:
                script = self._known[name] = self._client.register_script(_script(name))
            return script(keys=self._keys, args=(BANDS, BAND_DIGITS // 2, *arguments))


@cache
def _script(name: str) -> str:
    """The Lua of one step; it runs at Redis's memory limit too, or nothing would drain there."""
    return "#!lua flags=allow-oom\n" + (_FOLDER / "prelude.lua").read_text() + (_FOLDER / f"{name}.lua").read_text()
