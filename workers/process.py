"""One worker process's life: what the parent does beside its pool, and what a pool process opens after the fork."""

import gc
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import signals

from shared import clients
from shared.bell import Bellable
from shared.errors import DependencyUnavailable
from shared.ledger.ledger import Ledger
from shared.models.receipt import Room, Stage
from shared.revisions import Revisions
from shared.settings import Settings
from shared.telemetry import configure_logging
from workers.alive import Alive, Answered
from workers.at_hand import left_behind, notes_folder
from workers.index.strain import watch_strain
from workers.runtime import Runtime, log, open_runtime
from workers.stages import Step, floor_plan
from workers.warming import warm

Plan = Callable[[Settings], dict[Stage, Step]]
_SWEEP_SECONDS = 1.0


class _Process:
    """What this process is; set by the signals below, empty in a process that is no worker."""

    settings: Settings | None = None
    notes: Path | None = None
    runtime: Runtime | None = None
    plan: Plan = staticmethod(floor_plan)
    answered: Answered | None = None
    rooms: Collection[str] = ()
    ended = threading.Event()


def the_runtime() -> Runtime:
    """The clients of this pool process; opened at the first task, so that a worker starts while Redis is away."""
    if _Process.runtime is None:
        if _Process.settings is None or _Process.notes is None:
            raise RuntimeError("tasks run in a Celery worker started with -A workers.app")
        _Process.runtime = open_runtime(_Process.settings, _Process.notes, _Process.plan(_Process.settings))
    return _Process.runtime


def note_answer() -> None:
    """This pool process has come for a bell."""
    if _Process.answered is not None:
        _Process.answered.note(time.monotonic())


def attach(settings: Settings, plan: Plan) -> None:
    """Connects Celery's signals; called once, where the application is made."""
    _Process.settings = settings
    _Process.plan = staticmethod(plan)
    signals.setup_logging.connect(_log, weak=False)
    signals.worker_init.connect(_begin, weak=False)
    signals.celeryd_after_setup.connect(_warm, weak=False)
    signals.worker_ready.connect(_ready, weak=False)
    signals.worker_process_init.connect(_forked, weak=False)
    signals.worker_shutdown.connect(_end, weak=False)


def _begin(**_: Any) -> None:
    if _Process.settings:
        _Process.notes = notes_folder(_Process.settings)
    _Process.answered = Answered()


def _log(**_: Any) -> None:
    if _Process.settings:
        configure_logging(_Process.settings, "worker")


def _warm(instance: Any, **_: Any) -> None:
    _Process.rooms = tuple(instance.app.amqp.queues.consume_from)
    warm(_Process.rooms)
    gc.collect()
    gc.freeze()  # what is loaded now stays: the pool's collector need not walk it, and its memory stays shared


def _forked(**_: Any) -> None:
    _Process.runtime = None


def _ready(**_: Any) -> None:
    threading.Thread(target=_watch, name="sweep", daemon=True).start()
    settings = _Process.settings
    if settings and "index" in _Process.rooms:
        threading.Thread(target=watch_strain, args=(settings, _Process.ended), name="strain", daemon=True).start()
    if settings and settings.ready_file:
        settings.ready_file.touch()


def _end(**_: Any) -> None:
    _Process.ended.set()


def _watch() -> None:
    """Each second: pages of dead pool processes go back, rooms where pages wait are rung, and the worker is judged."""
    settings, notes, answered = _Process.settings, _Process.notes, _Process.answered
    if settings is None or notes is None or answered is None:
        return
    client = clients.redis_client(settings, timeout=10)
    ledger, bell = clients.ledger(settings, client), clients.bell(settings, client)
    revisions = clients.revisions(settings, client)
    alive = Alive(_Process.rooms, answered, settings.alive_seconds)
    away = False
    while not _Process.ended.wait(_SWEEP_SECONDS):
        waiting: list[Room] = []
        try:
            _give_back(ledger, notes)
            if "index" in _Process.rooms and (home := clients.index_home(settings, make=True)):
                ledger.homes.claim(home)
            waiting = ledger.sweep()
            for room in {*waiting, *_revising(revisions)}:
                bell.ring(room)
            away = False
        except DependencyUnavailable as error:
            if not away:
                log.warning("sweep waits", detail=error.detail)
            away = True
        except Exception:  # noqa: BLE001  (a sweep that fails must not end the sweeping)
            log.exception("sweep failed")
        if settings.alive_file and alive.lives(waiting, time.monotonic()):
            with suppress(OSError):  # a file that grows old says it
                settings.alive_file.touch()


def _revising(revisions: Revisions) -> list[Bellable]:
    """Where documents wait to be enriched again, or to be written."""
    return [*revisions.waiting(), *(("index",) if revisions.has_made() else ())]


def _give_back(ledger: Ledger, notes: Path) -> None:
    for guilty, others in left_behind(notes):
        log.warning("pool process lost", over=[lease.id for lease in guilty], held=len(others))
        ledger.strike(guilty, reason="worker-lost", detail="the process ended over this page")
        ledger.return_unharmed(others, reason="worker-lost", detail="the process ended over another page")
