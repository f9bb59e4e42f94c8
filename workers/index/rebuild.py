"""What is asked of the index's generations, done in slices of about half a second between batches and errands.

How far it has got is in the ledger after each slice, so any process goes on with it: after a kill it repeats at most
one slice, and repeats change nothing. The lease is renewed while a slice lasts, for one text alone may take long on a
busy machine; where a process was stopped and another has gone on, it leaves off before its next step.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.breaker import Breaker
from shared.errors import DependencyUnavailable
from shared.ledger.rebuilds import Rebuilds, SliceWent
from shared.models.rebuild import ENDED, Progress, Rebuild
from shared.search.generations import Generation, IndexGenerations
from workers.index.comparing import Comparing
from workers.index.filling import Filling
from workers.runtime import log

SLICE_SECONDS: Final = 0.5
_TRIES: Final = 10
_SHOWN_SECONDS: Final = 5.0

_LIVE_BY: Final = {"rebuild": "live", "rollback": "rolled-back"}
"""What has happened where the generation in hand is the live one."""

Change = dict[str, object]


class Rebuilding:
    """The index room's work on generations.

    Args:
        rebuilds: of the ledger: what is asked, and how far it has got.
        generations: of the engine; one process at a time works on them.
        filling: fills a new one.
        comparing: compares it with the live one.
        breaker: keeps it from asking an engine that has just failed.
        kept_hours: how long an earlier generation is kept.
    """

    def __init__(  # noqa: PLR0913  (one keyword per part)
        self,
        rebuilds: Rebuilds,
        generations: IndexGenerations,
        filling: Filling,
        comparing: Comparing,
        breaker: Breaker,
        kept_hours: float,
    ) -> None:
        self._rebuilds = rebuilds
        self._generations = generations
        self._filling = filling
        self._comparing = comparing
        self._breaker = breaker
        self._kept = timedelta(hours=kept_hours)
        self._shown_at = datetime.min.replace(tzinfo=UTC)

    def slice(self, seconds: float = SLICE_SECONDS) -> bool:
        """Does some of what is asked, for about so long; whether there is more that can be done now.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        if not self._rebuilds.active():
            self._filling.close()  # another process has ended it
            return False
        asked = None if self._breaker.opened() else self._rebuilds.take()
        if asked is None:
            return False
        with self._rebuilds.renewing():
            return self._worked(asked, seconds)

    def _worked(self, asked: Rebuild, seconds: float) -> bool:
        try:
            changed = self._step(asked, seconds)
        except DependencyUnavailable as error:
            if error.name == "ledger":
                raise
            log.warning("rebuild waits", dependency=error.name, detail=error.detail)
            self._breaker.failed()
            return self._saved(asked.model_copy(update={"trouble": str(error)}), "waited") and False
        except _TakenOverError:
            log.warning("rebuild left", why="another process has gone on with it")
            return False
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  (also what native extensions raise when they panic)
            log.exception("rebuild failed", tries=asked.tries + 1)
            self._breaker.failed()
            self._filling.drop()
            return self._saved(asked.model_copy(update={"trouble": _named(error)}), "failed") and False
        self._breaker.worked()
        told = asked.model_copy(update={"trouble": None, **changed})
        return self._saved(told, "got-on" if _got_on(asked, told) else "waited") and told.state not in ENDED

    def _saved(self, told: Progress, went: SliceWent) -> bool:
        """What was done is saved whether or not the generations can be shown: the engine may be away by now."""
        if told.state in ENDED:
            self._filling.close()
            log.info("rebuild ended", state=told.state, reason=told.reason)
        if told.state in ENDED or datetime.now(UTC) - self._shown_at > timedelta(seconds=_SHOWN_SECONDS):
            with suppress(DependencyUnavailable):
                self.show()
        return self._rebuilds.save(told, went)

    def show(self) -> None:
        """Makes known which generations there are."""
        self._shown_at = datetime.now(UTC)
        self._rebuilds.show(self._generations.status(), self._shown_at)

    def retire_due(self) -> None:
        """Retires an earlier generation that was kept for long enough, and shows what there is."""
        for each in self._generations.status():
            if each.role == "kept" and each.replaced_at and datetime.now(UTC) - each.replaced_at > self._kept:
                self._generations.retire(each.name)
                log.info("generation retired", name=each.name)
        self.show()

    def close(self) -> None:
        """Ends what it has started."""
        self._filling.close()

    def _step(self, asked: Rebuild, seconds: float) -> Change:
        if asked.cancelled:
            return self._cancelled(asked)
        there = {each.name: each for each in self._generations.status()}
        if asked.tries >= _TRIES:
            why = f"the work on it failed {asked.tries} times in a row, the last time so: {asked.trouble}"
            return self._ended("refused", why, there)
        match asked.kind:
            case "rollback":
                return self._roll_back(asked, there)
            case "retire":
                return self._retire(there)
            case _:
                return self._rebuild(asked, there, seconds)

    def _cancelled(self, asked: Rebuild) -> Change:
        """The end, whatever it waits for; done where the step had been made when its process was killed."""
        try:
            there = {each.name: each for each in self._generations.status()}
            if asked.generation and asked.generation == _live(there).name:
                with suppress(DependencyUnavailable):
                    return self._went_live(asked, there)
                return self._ended(_LIVE_BY[asked.kind], None, there)
            return self._ended("cancelled", None, there)
        except DependencyUnavailable as error:
            reason = f"what was begun could not be looked at, and the next rebuild takes it away: {error}"
            return {"state": "cancelled", "reason": reason, "ended_at": datetime.now(UTC)}

    def _roll_back(self, asked: Rebuild, there: dict[str, Generation]) -> Change:
        """The name is saved before the step, so that a step that was cut after the flip is not done twice."""
        live = _live(there)
        if asked.generation == live.name:
            return self._went_live(asked, there)
        kept = next((each for each in there.values() if each.role == "kept"), None)
        if kept is None or kept.trouble:
            why = f"the one that is kept cannot be used: {kept.trouble}" if kept else "no earlier generation is kept"
            return self._ended("refused", why, there)
        if asked.generation is None:
            return {"generation": kept.name, "began_at": datetime.now(UTC)}
        self._sure()
        self._generations.go_live(kept.name)
        return self._ended("rolled-back", None, there)

    def _retire(self, there: dict[str, Generation]) -> Change:
        self._sure()
        for each in there.values():
            if each.role in {"kept", "aside"}:
                self._generations.retire(each.name)
        return self._ended("retired", None, there)

    def _rebuild(self, asked: Rebuild, there: dict[str, Generation], seconds: float) -> Change:
        if asked.generation and asked.generation == _live(there).name:
            return self._went_live(asked, there)
        built = there.get(asked.generation or "")
        if asked.state == "asked" or built is None or built.trouble:
            return self._begin(asked, there)
        if asked.state == "filling":
            return self._fill(asked, built.name, _live(there), seconds)
        return self._compare(asked, built.name, _live(there), there)

    def _begin(self, asked: Rebuild, there: dict[str, Generation]) -> Change:
        live = _live(there)
        lost = live.trouble if live.documents is None else None
        if lost and not asked.from_raw:
            detail = f"the live index cannot be read: {lost}; with --from-raw a new one is filled from raw pages"
            return self._ended("refused", detail, there)
        self._sure()
        self._filling.drop()
        self._rebuilds.begin_again()
        begun = Progress(
            state="filling",
            generation=self._generations.begin(),
            began_at=datetime.now(UTC),
            lost=lost,
            total=live.documents or 0,
            part="archive" if lost else "documents",
        )
        return {name: getattr(begun, name) for name in Progress.model_fields}

    def _fill(self, asked: Rebuild, name: str, live: Generation, seconds: float) -> Change:
        changed = self._filling.slice(asked, name, live.name, seconds)
        if changed is not None:
            done = asked.model_copy(update=changed).done
            return {**changed, "total": max(live.documents or 0, done)}
        if asked.from_raw and asked.part == "documents":
            return {"part": "archive", "cursor": None}
        self._generations.filled(name)
        return {"state": "checking", "cursor": None, "total": live.documents or 0}

    def _compare(self, asked: Rebuild, name: str, live: Generation, there: dict[str, Generation]) -> Change:
        compared = self._comparing.slice(asked, name, live)
        if compared.cursor is not None:
            total = max(live.documents or 0, compared.comparison.live)
            return {"comparison": compared.comparison, "cursor": compared.cursor, "total": total}
        if compared.refused:
            return {"comparison": compared.comparison, **self._ended("refused", compared.refused, there)}
        self._sure()
        self._generations.go_live(name)
        return {"comparison": compared.comparison, **self._ended("live", None, there)}

    def _went_live(self, asked: Rebuild, there: dict[str, Generation]) -> Change:
        """The end where the step had been made when its process was killed: what of it was cut is made up for."""
        self._sure()
        self._generations.go_live(_live(there).name)
        return self._ended(_LIVE_BY[asked.kind], None, there)

    def _sure(self) -> None:
        """Before a step that could undo another's: is it still ours?"""
        if not self._rebuilds.renew():
            raise _TakenOverError

    def _ended(self, state: str, reason: str | None, there: dict[str, Generation]) -> Change:
        """The end; what was being built and did not go live is taken away."""
        self._sure()
        if state in {"refused", "cancelled"}:
            for each in there.values():
                if each.role == "building":
                    self._generations.retire(each.name)
        return {"state": state, "reason": reason, "ended_at": datetime.now(UTC)}


class _TakenOverError(Exception):
    """The lease is another process's by now."""


def _live(there: dict[str, Generation]) -> Generation:
    return next(each for each in there.values() if each.role == "live")


def _got_on(before: Progress, after: Progress) -> bool:
    """Whether the next slice begins at another place: where pages are still being made it does not."""
    places = (after.state, after.part, after.cursor, after.generation)
    return places != (before.state, before.part, before.cursor, before.generation)


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
