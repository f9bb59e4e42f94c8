import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from services.supervisor.asked_to_stop import AskedToStop
from services.supervisor.logs import put_aside_if_large
from services.supervisor.orphans import end_left_over
from services.supervisor.program import Place, Program
from services.supervisor.strays import reap_strays
from services.supervisor.watched import Watched

log = structlog.get_logger("supervisor")

_PAUSE_SECONDS: Final = 0.05
_TIDY_SECONDS: Final = 10.0
_STILL_SECONDS: Final = 15.0


class NotStarting(Exception):
    """A program exits again and again before it was ever ready."""

    def __init__(self, watched: Watched) -> None:
        super().__init__(f"{watched.program.name} does not start: {watched.last_words() or 'it says nothing'}")
        self.log_file = watched.place.log_file(watched.program.name)


class Supervisor:
    """Keeps programs running until this process is asked to stop, then ends them in order.

    Args:
        waves: programs, those that others need first. Started in this order, ended in the opposite one.
        place: where they run.
        each_round: called about twenty times a second.
        tries: exits in a row, before a program was ever ready, after which starting is given up.
    """

    def __init__(
        self,
        waves: Sequence[Sequence[Program]],
        place: Place,
        *,
        each_round: Callable[[], None] = lambda: None,
        tries: int = 5,
    ) -> None:
        self._waves = [[Watched(program, place) for program in wave] for wave in waves]
        self._place = place
        self._each_round = each_round
        self._tries = tries
        self._tidy_due = 0.0

    @property
    def programs(self) -> list[Watched]:
        """All of them, in the order of their start."""
        return [watched for wave in self._waves for watched in wave]

    def run(
        self,
        stop: AskedToStop,
        on_ready: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
    ) -> None:
        """Starts everything and keeps it running; returns when it was asked to stop and nothing is left.

        Args:
            stop: whether and how this process was asked.
            on_ready: called once, when every program is ready for the first time.
            on_stop: called once, before the first program is asked to end.

        Raises:
            NotStarting: a program cannot be started; nothing is left running.
        """
        try:
            if self._all_started(stop):
                on_ready()
            while not stop.asked:
                self._round(self.programs)
        finally:
            on_stop()
            self._end(stop)

    def _all_started(self, stop: AskedToStop) -> bool:
        begun: list[Watched] = []
        for wave in self._waves:
            begun += wave
            for watched in wave:
                watched.start()
            if not self._until_ready(begun, [one for one in wave if one.program.gate], stop):
                return False
        return self._until_ready(begun, begun, stop)

    def _until_ready(self, begun: Sequence[Watched], awaited: Sequence[Watched], stop: AskedToStop) -> bool:
        """Whether all that are awaited got ready before this process was asked to stop."""
        tell_at = time.monotonic() + _STILL_SECONDS
        while not all(watched.ready for watched in awaited):
            if stop.asked:
                return False
            self._round(begun)
            self._give_up_on_loops(begun)
            if time.monotonic() > tell_at:
                log.warning("still starting", waiting_for=_lacking(awaited))
                tell_at += _STILL_SECONDS
        return True

    def _give_up_on_loops(self, begun: Iterable[Watched]) -> None:
        for watched in begun:
            if watched.backoff.in_a_row >= self._tries:
                raise NotStarting(watched)

    def _round(self, begun: Iterable[Watched]) -> None:
        for watched in begun:
            watched.look()
        if time.monotonic() >= self._tidy_due:
            self._tidy_due = time.monotonic() + _TIDY_SECONDS
            self._tidy()
        self._each_round()
        time.sleep(_PAUSE_SECONDS)

    def _tidy(self) -> None:
        for watched in self.programs:
            put_aside_if_large(self._place.log_file(watched.program.name), self._place.log_max_bytes)
        if os.getpid() == 1:
            reap_strays([watched.child.pid for watched in self.programs if watched.child])

    def _end(self, stop: AskedToStop) -> None:
        for last in reversed(range(len(self._waves))):
            needed = [watched for wave in self._waves[:last] for watched in wave if watched.starts]
            for watched in self._waves[last]:
                if watched.child is not None:
                    watched.child.ask_to_end()
            self._wait_for(self._waves[last], needed, stop)
        if stray := end_left_over(self._place.data):
            log.warning("ended what programs had left", processes=stray)

    def _wait_for(self, wave: Sequence[Watched], needed: Sequence[Watched], stop: AskedToStop) -> None:
        """Until a wave has ended; what it needs for that is kept running meanwhile."""
        began = time.monotonic()
        while living := [watched for watched in wave if not watched.gone()]:
            waited = time.monotonic() - began
            for watched in living:
                if stop.hurried and not watched.program.gate:
                    watched.end_now("asked a second time to stop")
                elif waited > watched.program.grace:
                    watched.end_now(f"did not end within {watched.program.grace:g} s")
            self._round(needed)


def _lacking(awaited: Iterable[Watched]) -> str:
    missing = [(one.program.name, one.program.lacks()) for one in awaited if not one.ready]
    return "; ".join(f"{name} ({why})" if why else name for name, why in missing)
