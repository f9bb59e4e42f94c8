"""One worker process's life: what the parent does beside its pool, and what a pool process opens after the fork."""

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psutil
from billiard.process import current_process
from billiard.util import get_logger as pool_logger
from celery import signals

from shared import clients
from shared.bell import Bellable
from shared.errors import DependencyUnavailable
from shared.ledger.ledger import Ledger
from shared.models.receipt import Room, Stage
from shared.revisions import Revisions
from shared.settings import Settings
from shared.telemetry import configure_logging
from shared.tracing import Tracing
from workers.alerts import send_alerts
from workers.alive import Alive, Answered
from workers.at_hand import clear_away, left_behind, notes_folder
from workers.figures import serve_figures
from workers.index.strain import watch_strain
from workers.outcome_lines import struck_out, tell_outcome
from workers.page_watch import PageWatch
from workers.pool import Pool
from workers.pool_table import PoolTable
from workers.presence import tell_presence
from workers.runtime import Runtime, log, open_runtime
from workers.stages import Step, floor_plan
from workers.stopped_watch import StoppedWatch
from workers.warming import warm

Plan = Callable[[Settings], dict[Stage, Step]]
_SWEEP_SECONDS = 1.0
_LATER_THAN_LOOKS = 1.1
"""So that the look at retention that a bell is for is due when it comes."""
WITHOUT_A_WORD: Final = (
    "the process was killed over this page (SIGKILL): for want of memory, out of time, or from outside"
)


class _Process:
    """What this process is; set by the signals below, empty in a process that is no worker."""

    settings: Settings | None = None
    notes: Path | None = None
    runtime: Runtime | None = None
    plan: Plan = staticmethod(floor_plan)
    answered: Answered | None = None
    rooms: Collection[str] = ()
    table = PoolTable(1)
    place = 0
    ended = threading.Event()


def the_runtime() -> Runtime:
    """The clients of this pool process; opened at the first task, so that a worker starts while Redis is away."""
    if _Process.runtime is None:
        if _Process.settings is None or _Process.notes is None:
            raise RuntimeError("tasks run in a Celery worker started with -A workers.app")
        row = _Process.table.row(_Process.place)
        _Process.runtime = open_runtime(_Process.settings, _Process.notes, _Process.plan(_Process.settings), row)
    return _Process.runtime


def note_answer() -> None:
    """This pool process has come for a bell."""
    if _Process.answered is not None:
        _Process.answered.note(time.monotonic())


def attach(settings: Settings, plan: Plan) -> None:
    """Connects Celery's signals; called once, where the application is made."""
    _Process.settings = settings
    _Process.plan = staticmethod(plan)
    signals.celeryd_init.connect(_log, weak=False)  # before anything is warned of
    signals.setup_logging.connect(_has_logging, weak=False)
    signals.worker_init.connect(_begin, weak=False)
    signals.celeryd_after_setup.connect(_warm, weak=False)
    signals.worker_ready.connect(_ready, weak=False)
    signals.worker_process_init.connect(_forked, weak=False)
    signals.worker_shutdown.connect(_end, weak=False)


def _begin(sender: Any, **_: Any) -> None:
    asked = getattr(sender, "concurrency", None)
    _Process.table = PoolTable(asked if isinstance(asked, int) else os.cpu_count() or 1)  # "auto" is resolved later
    if _Process.settings:
        _Process.notes = notes_folder(_Process.settings)
    _Process.answered = Answered()


def _log(**_: Any) -> None:
    if _Process.settings:
        configure_logging(_Process.settings, "worker")
        logging.captureWarnings(capture=True)
        if not sys.stderr.isatty():
            # Celery says there that it stops, past all logging, in a line of another form.
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (as long as the process lives)
            setattr(sys, "__stdout__", nowhere)  # noqa: B010  (it is Final by its type)


def _has_logging(**_: Any) -> None:
    """Celery sets up no logging of its own where somebody listens to this signal; before it, it resets the pool's."""
    pool_logger().propagate = True  # else it says past all logging that a process of the pool was killed


def _warm(instance: Any, **_: Any) -> None:
    _Process.rooms = tuple(instance.app.amqp.queues.consume_from)
    warm(_Process.rooms)
    gc.collect()
    gc.freeze()  # what is loaded now stays: the pool's collector need not walk it, and its memory stays shared


def _forked(**_: Any) -> None:
    _Process.runtime = None
    _Process.place = getattr(current_process(), "index", 0)
    _Process.table.row(_Process.place).begin()


def _ready(**_: Any) -> None:
    threading.Thread(target=_watch, name="sweep", daemon=True).start()
    threading.Thread(target=_watch_pool, name="pool watch", daemon=True).start()
    settings = _Process.settings
    if settings:
        _show_figures(settings)
    if settings and "index" in _Process.rooms:
        threading.Thread(target=watch_strain, args=(settings, _Process.ended), name="strain", daemon=True).start()
    if settings and settings.alerts_senders and "index" in _Process.rooms:
        send_alerts(settings, _Process.ended)
    if settings and settings.ready_file:
        settings.ready_file.touch()


def _show_figures(settings: Settings) -> None:
    """Serves them where that is set, and tells the control room of this worker; a taken port costs the first alone."""
    pool = Pool(_Process.rooms, _Process.table, settings.metrics_listen)
    if settings.metrics_listen:
        try:
            serve_figures(settings.metrics_listen, pool)
        except (OSError, ValueError) as error:
            log.error("figures are not served", listen=settings.metrics_listen, error=str(error))
    threading.Thread(target=tell_presence, args=(settings, pool, _Process.ended), name="presence", daemon=True).start()


def _end(**_: Any) -> None:
    _Process.ended.set()
    if _Process.notes:
        clear_away(_Process.notes)


def _watch() -> None:
    """Each second: pages of dead pool processes go back, rooms where pages wait are rung, and the worker is judged."""
    settings, notes, answered = _Process.settings, _Process.notes, _Process.answered
    if settings is None or notes is None or answered is None:
        return
    client = clients.redis_client(settings, timeout=10)
    ledger, bell = clients.ledger(settings, client), clients.bell(settings, client)
    revisions = clients.revisions(settings, client)
    tracing = clients.tracing(settings, "worker")
    alive = Alive(_Process.rooms, answered, settings.alive_seconds)
    away, looked = False, time.monotonic()
    while not _Process.ended.wait(_SWEEP_SECONDS):
        waiting: list[Room] = []
        try:
            _give_back(ledger, notes, settings, tracing)
            if "index" in _Process.rooms and (home := clients.index_home(settings, make=True)):
                ledger.homes.claim(home)
            waiting = ledger.sweep()
            for room in {*waiting, *_revising(revisions)}:
                bell.ring(room)
            if _looks_at_retention(settings, looked):
                looked = time.monotonic()
                bell.ring("index")
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


def _looks_at_retention(settings: Settings, looked: float) -> bool:
    """Whether the index room is to look for what is past its age: pages that come make it, but for hours none may."""
    due = time.monotonic() - looked > settings.retention_look_seconds * _LATER_THAN_LOOKS
    return due and "index" in _Process.rooms


def _watch_pool() -> None:
    """Each second: a pool process that is at one page for too long, or stopped for so long, is ended."""
    settings, notes = _Process.settings, _Process.notes
    if settings is None or notes is None:
        return
    seconds = settings.page_seconds
    pages, stopped = PageWatch(notes, seconds), StoppedWatch(seconds)
    page_by_page = "index" not in _Process.rooms  # there the engine has limits of its own, and batches are many pages
    while not _Process.ended.wait(_SWEEP_SECONDS):
        pool, now = psutil.Process().children(), time.monotonic()
        over = dict.fromkeys(stopped.overdue(pool, now), f"stopped for longer than {seconds:g} s")
        if page_by_page:
            slow = pages.overdue([child.pid for child in pool], now)
            over |= dict.fromkeys(slow, f"one page took longer than {seconds:g} s")
        for pid, why in over.items():
            log.warning("pool process ended", pid=pid, why=why)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _give_back(ledger: Ledger, notes: Path, settings: Settings, tracing: Tracing) -> None:
    for left in left_behind(notes):
        suspects = len(left.others) if left.written_together else 0
        over, held = [lease.id for lease in left.guilty], len(left.others)
        log.warning("pool process lost", over=over, held=held, suspects=suspects)
        detail = _how_it_ended(left.last_words, settings.page_seconds)
        for lease in left.guilty:
            struck = ledger.strike([lease], reason="worker-lost", detail=detail, traceback=left.last_words)
            if struck and lease.room and (outcome := struck_out(settings, lease.room, lease.strikes + 1)):
                tell_outcome(tracing, lease.room, lease, outcome, reason="worker-lost")
        if suspects:
            told = f"the process was lost over one of these {suspects} pages, or was killed from outside"
            ledger.suspect(left.others, reason="worker-lost", detail=told)
        else:
            ledger.return_unharmed(left.others, reason="worker-lost", detail="the process ended over another page")
    for lease, outcome in ledger.left_unseen():
        if lease.room:
            tell_outcome(tracing, lease.room, lease, outcome, reason="worker-lost")


def _how_it_ended(last_words: str, page_seconds: float) -> str:
    if not last_words:
        return WITHOUT_A_WORD
    fatal = last_words.split("\n", 1)[0]
    if fatal.startswith("Fatal"):
        return f"the process ended over this page: {fatal}"
    return f"the process ended over this page: it took longer than PAGEMILL_PAGE_SECONDS, {page_seconds:g} s"


def _revising(revisions: Revisions) -> list[Bellable]:
    """Where documents wait to be enriched again, or to be written; `names` only where this worker serves it."""
    due = [desk for desk in revisions.waiting() if desk == "enrich" or desk in _Process.rooms]
    return [*due, *(("index",) if revisions.has_made() else ())]
