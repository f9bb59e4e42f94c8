"""Whether a service lives, and whether it can do its work."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import anyio
from anyio.to_thread import run_sync

from shared.errors import DependencyUnavailable
from shared.models.frozen import Carried, Moment

CHECK_SECONDS: Final = 5.0
"""A check that takes longer has failed."""
_FRESH_SECONDS: Final = 0.5
"""Probes that come closer together share one answer."""


class CheckState(Carried):
    """What one check found.

    `since` is the first look that found it so behind the last one that did not. It is looked when somebody asks, so
    what changed twice between two looks is not known.
    """

    name: str
    ok: bool
    detail: str
    since: Moment


class Health(Carried):
    """The answer of /healthz and /readyz."""

    status: str
    """`ok`, or `failing`."""
    checks: tuple[CheckState, ...] = ()


class Check:
    """One thing that a service needs.

    Args:
        name: in `/readyz`, such as `ledger`.
        ask: gives whether it is well, and one line; may block, and may raise DependencyUnavailable.
        seconds: a check that takes longer has failed.
    """

    def __init__(self, name: str, ask: Callable[[], tuple[bool, str]], seconds: float = CHECK_SECONDS) -> None:
        self.name = name
        self._seconds = seconds
        self._ask = ask
        self._last: CheckState | None = None
        self._asked_at = -_FRESH_SECONDS
        self._lock = anyio.Lock()

    async def state(self) -> CheckState:
        """What is so now."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._asked_at > _FRESH_SECONDS:
                self._last = self._noted(*await self._asked())
                self._asked_at = time.monotonic()
            return self._last

    async def _asked(self) -> tuple[bool, str]:
        with anyio.move_on_after(self._seconds):
            return await run_sync(self._told, abandon_on_cancel=True)
        return False, f"no answer within {self._seconds:g} seconds"

    def _told(self) -> tuple[bool, str]:
        try:
            return self._ask()
        except DependencyUnavailable as error:
            return False, error.detail or str(error)
        except Exception as error:  # noqa: BLE001  (a check that breaks has failed)
            return False, f"{type(error).__name__}: {error}"

    def _noted(self, ok: bool, detail: str) -> CheckState:  # noqa: FBT001  (the check's own answer)
        same = self._last is not None and self._last.ok == ok
        since = self._last.since if self._last and same else datetime.now(UTC)
        return CheckState(name=self.name, ok=ok, detail=detail, since=since)


async def health_of(checks: Sequence[Check]) -> Health:
    """All checks at once."""
    states: list[CheckState | None] = [None] * len(checks)

    async def one(at: int, check: Check) -> None:
        states[at] = await check.state()

    async with anyio.create_task_group() as group:
        for at, check in enumerate(checks):
            group.start_soon(one, at, check)
    found = tuple(state for state in states if state is not None)
    return Health(status="ok" if all(state.ok for state in found) else "failing", checks=found)
