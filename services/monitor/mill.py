"""All that the control room shows of a mill at one moment."""

from datetime import UTC, datetime
from typing import Final

from services.monitor.ledger_report import LedgerReport, report
from services.monitor.standing import Recent, Standing, Standings
from services.monitor.watch import Pace, Watch
from shared.ledger.ledger import Ledger
from shared.ledger.present import Present
from shared.models.frozen import Carried, Moment

_FRESH_SECONDS: Final = 1.0
"""However many look, the ledger is read once in so long."""


class ReasonCount(Carried):
    """Dead letters of one reason and room."""

    reason: str
    stage: str
    count: int


class MillState(Carried):
    """A mill at one moment."""

    at: Moment
    ledger: LedgerReport
    pace: Pace
    standing: Standing
    workers: tuple[Present, ...]
    reasons: tuple[ReasonCount, ...]
    """Of the dead letters that lie there, most frequent first."""


class Mill:
    """Looks at a mill for everybody who wants to know.

    Args:
        ledger: the pages.
        watch: what moved.
        standings: the parts around the ledger.
    """

    def __init__(self, ledger: Ledger, watch: Watch, standings: Standings) -> None:
        self._ledger = ledger
        self._watch = watch
        self._standings = standings
        self._recent = Recent(_FRESH_SECONDS, self._look)

    def state(self) -> MillState:
        """What is so now.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        return self._recent.get()

    def _look(self) -> MillState:
        reading = self._watch.read()
        return MillState(
            at=datetime.now(UTC),
            ledger=report(reading.counts),
            pace=self._watch.pace(reading),
            standing=self._standings.now(reading.counts),
            workers=tuple(self._ledger.presence.all()),
            reasons=self._reasons(),
        )

    def _reasons(self) -> tuple[ReasonCount, ...]:
        found: dict[tuple[str, str], int] = {}
        for group in self._ledger.dead_letters.groups():
            key = (group.reason, group.stage)
            found[key] = found.get(key, 0) + group.count
        ordered = sorted(found.items(), key=lambda each: -each[1])
        return tuple(ReasonCount(reason=reason, stage=stage, count=count) for (reason, stage), count in ordered)
