"""`--wait`: follows the pages of a run until each has come to its end."""

import json
import secrets
import time
from collections import Counter
from typing import Any, Final

from services.cli.client import Client, ServerRefused, path_of
from services.cli.posting.progress import Shown
from services.cli.posting.sending import Answered

FINAL: Final = ("searchable", "dead", "dropped", "deleted")
_STEP: Final = 10_000
_LOOK_SECONDS: Final = 0.1
_LONGEST_SECONDS: Final = 1.0
_QUIET_SECONDS: Final = 5.0
"""Without an outcome for so long, pages are asked for one by one: outcomes may have been trimmed, or come earlier."""

Key = tuple[str, int]


class Waiting:
    """The pages that are not at their end yet.

    Outcomes are read while the run goes on, so no more pages are held than can be in the line.

    Args:
        client: of the services.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._cursor = _end_of_outcomes(client)
        self._pending: dict[Key, None] = {}
        self._repeated: dict[Key, None] = {}
        self.states: Counter[str] = Counter()

    def note(self, answered: Answered) -> None:
        """Some items were answered: what was accepted is waited for, and so is what was there already."""
        for told in answered.results:
            if "id" in told:
                kept = self._pending if told["status"] == "accepted" else self._repeated
                kept[told["id"], told["version"]] = None
        self._catch_up()

    def settle(self, shown: Shown) -> None:
        """Comes back when every page is at its end."""
        pause, quiet_since = _LOOK_SECONDS, time.monotonic()
        while self._pending:
            if self._catch_up():
                pause, quiet_since = _LOOK_SECONDS, time.monotonic()
            elif time.monotonic() - quiet_since > _QUIET_SECONDS:
                self._ask_for(self._pending)
                quiet_since = time.monotonic()
            shown.remark(f"waiting until the pages are searchable; {len(self._pending):,} to go")
            time.sleep(pause)
            pause = min(_LONGEST_SECONDS, pause * 1.5)
        while self._repeated:
            self._ask_for(self._repeated)
            time.sleep(_LOOK_SECONDS if self._repeated else 0)

    def _catch_up(self) -> bool:
        """Reads the outcomes there are; whether there were any."""
        before = self._cursor
        while True:
            lines, headers = self._client.get_lines("/v1/outcomes", {"after": self._cursor, "limit": _STEP})
            for line in lines:
                self._ended(json.loads(line))
            moved, self._cursor = self._cursor, headers["X-Next-Cursor"]
            if self._cursor == moved:
                return self._cursor != before

    def _ended(self, outcome: dict[str, Any]) -> None:
        key = (outcome["id"], outcome["version"])
        for kept in (self._pending, self._repeated):
            if key in kept:
                del kept[key]
                self.states[outcome["state"]] += 1

    def _ask_for(self, kept: dict[Key, None]) -> None:
        """Receipts of what is at its end, or of what a newer version has taken the place of."""
        for page_id, version in list(kept):
            try:
                told = self._client.get(path_of("v1", "pages", page_id))
            except ServerRefused as refused:
                if refused.status != 404:
                    raise
                told = {"version": version, "state": "deleted"}
            if told["state"] in FINAL or told["version"] != version:
                del kept[page_id, version]
                self.states[told["state"] if told["version"] == version else "superseded"] += 1


def _end_of_outcomes(client: Client) -> str:
    """The cursor behind all outcomes so far: asked for those of a source that nobody is, only the cursor comes."""
    cursor, nobody = "0-0", secrets.token_hex(16)
    while True:
        _, headers = client.get_lines("/v1/outcomes", {"after": cursor, "source": nobody, "limit": 100_000})
        if headers["X-Next-Cursor"] == cursor:
            return cursor
        cursor = headers["X-Next-Cursor"]
