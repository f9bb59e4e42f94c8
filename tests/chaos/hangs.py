"""Whether processes that a page hangs are ended in time, and replaced in time."""

import time
from dataclasses import dataclass
from typing import Final

import psutil

from tests.chaos.house import House
from tests.chaos.verdict import HangsOn
from workers.page_watch import GRACE_SECONDS

_LATE_SECONDS: Final = 6.0
"""The parent looks once a second; the rest is a busy machine's. What the watch lets go is ended after a minute."""
_WHOLE_SECONDS: Final = 5.0
"""After the end of a process its pool is whole again."""
_ROOMS: Final = ("clean", "solo")


@dataclass
class Hang:
    """A process that a page hangs, with seconds of the monotonic clock."""

    room: str
    since: float
    ended: float | None = None
    whole: float | None = None


class Hangs:
    """Looks at a house whose pages hang; made before they are sent, when every pool is whole.

    Args:
        house: with traps in its source, and faults of the machine.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._sizes = {room: self._running(room) for room in _ROOMS}
        self._most = house.setting("page_seconds") + GRACE_SECONDS + _LATE_SECONDS
        self.seen: dict[int, Hang] = {}

    def look(self) -> None:
        """One look at all of them; asked some times a second.

        Raises:
            HangsOn: a page has its process for too long, or its pool is not whole again in time.
        """
        assert self._house.machine is not None
        for name, since in self._house.machine.noted("hangs").items():
            if int(name) not in self.seen and (room := self._room(int(name))):
                self.seen[int(name)] = Hang(room, since)
        for pid, hang in self.seen.items():
            self._judge(pid, hang, time.monotonic())

    def _judge(self, pid: int, hang: Hang, now: float) -> None:
        if hang.ended is None and not _runs(pid):
            hang.ended = now
        if hang.ended is None and now - hang.since > self._most:
            raise HangsOn(
                f"a process of {hang.room} is at one page for more than {self._most:g} s\n{self._house.logs()}"
            )
        if hang.ended is None or hang.whole is not None:
            return
        if self._running(hang.room) >= self._sizes[hang.room]:
            hang.whole = now
        elif now - hang.ended > _WHOLE_SECONDS:
            raise HangsOn(
                f"{hang.room} has too few processes {_WHOLE_SECONDS:g} s after one ended\n{self._house.logs()}"
            )

    def _running(self, room: str) -> int:
        return sum(_runs(child.pid) for child in self._house.pool(room))

    def _room(self, pid: int) -> str | None:
        return next((room for room in _ROOMS if pid in {child.pid for child in self._house.pool(room)}), None)


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
