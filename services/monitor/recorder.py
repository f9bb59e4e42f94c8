"""Writes a sample of the mill each minute, whether anybody looks or not."""

import threading
import time
from datetime import UTC, datetime
from typing import Final

import structlog

from services.monitor.standing import Standings
from services.monitor.watch import Reading, Watch, pace_between
from shared.errors import DependencyUnavailable
from shared.ledger.history import RoomSample, Sample, Totals
from shared.ledger.ledger import Ledger

_EVERY_SECONDS: Final = 5.0
"""Between two readings; rates are there at once for whoever opens the page."""

log = structlog.get_logger(__name__)


class Recorder:
    """A thread that never gives up.

    Args:
        ledger: where samples are kept.
        watch: does the reading.
        standings: of the parts around the ledger.
    """

    def __init__(self, ledger: Ledger, watch: Watch, standings: Standings) -> None:
        self._ledger = ledger
        self._watch = watch
        self._standings = standings
        self._last: Reading | None = None
        self._minute = int(time.time() // 60)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="record", daemon=True)

    def start(self) -> None:
        """Begins at once."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread."""
        self._ended.set()
        self._thread.join(10)

    def look(self, minute: int) -> None:
        """One reading; a sample where a minute is over since the last one.

        Args:
            minute: since 1970.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        self._standings.index()  # asked in time for whoever looks seldom: a figure is never older than a few seconds
        reading = self._watch.read()
        if self._last is None:
            self._last, self._minute = reading, minute
        if minute == self._minute:
            return
        if self._ledger.history.claim(minute):
            before = self._ledger.history.totals() or _totals(self._last, self._minute)
            after = _totals(reading, minute)
            self._ledger.history.add(self._sample(before, after, self._last, reading), after)
        self._last, self._minute = reading, minute

    def _sample(self, before: Totals, after: Totals, first: Reading, now: Reading) -> Sample:
        standing = self._standings.now(now.counts)
        return Sample(
            at=datetime.fromtimestamp(after.minute * 60, UTC),
            minutes=max(1, after.minute - before.minute),
            accepted=after.accepted - before.accepted,
            searchable=after.searchable - before.searchable,
            died=after.died - before.died,
            dead=now.counts.dead,
            memory_bytes=standing.server.used_bytes,
            documents=standing.index.documents,
            workers=len(self._ledger.presence.all()),
            intake=standing.intake.state,
            rooms=_rooms(before, first, now),
        )

    def _run(self) -> None:
        while True:
            try:
                self.look(int(time.time() // 60))
            except DependencyUnavailable:
                pass  # the sweep says so
            except Exception:
                log.exception("no sample of the mill")
            if self._ended.wait(_EVERY_SECONDS):
                return


def _totals(reading: Reading, minute: int) -> Totals:
    counts = reading.counts
    return Totals(
        minute=minute,
        accepted=counts.accepted,
        searchable=counts.searchable,
        died=sum(reading.measured.died.values()),
        out={name: room.left for name, room in counts.rooms.items()},
    )


def _rooms(before: Totals, first: Reading, now: Reading) -> dict[str, RoomSample]:
    paces = pace_between(first, now).rooms
    return {
        name: RoomSample(
            waiting=room.waiting,
            oldest_seconds=room.oldest_seconds,
            out=room.left - before.out.get(name, 0),
            wait_p95=paces[name].wait.p95,
            work_p95=paces[name].work.p95,
        )
        for name, room in now.counts.rooms.items()
    }
