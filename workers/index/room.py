"""The index room: the one that writes to the search index and to the archive, many pages at once.

The order keeps the promise of a 202: the index answers, then the archive has the body on disk, then saved searches are
told (workers/index/alerts.py), then the ledger ends the page. Cut anywhere, the page is still leased, and doing it
again changes nothing.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shared import clients
from shared.archive.port import ArchivedPage, PageArchive
from shared.errors import DependencyUnavailable
from shared.ledger.carried import Done, Leased
from shared.models.document import Document
from shared.packing import thaw
from shared.search.analysis.written import remembering
from shared.search.every_generation import EveryGeneration
from shared.search.port import IndexOutcome, IndexWriter
from workers.index.alerts import Alerts, open_alerts
from workers.index.errands import put_away, take_out
from workers.index.opening import open_rebuilding
from workers.index.rebuild import Rebuilding
from workers.index.writes import note_writes
from workers.outcome_lines import struck_out, tell_outcome
from workers.revising import write_revisions
from workers.runtime import Runtime, log


@dataclass
class Desk:
    """The two stores that only this room writes to; kept open for the life of the process."""

    writer: IndexWriter
    archive: PageArchive
    rebuilding: Rebuilding
    alerts: Alerts
    trimmed_at: float = 0.0


_desks: list[Desk] = []
_FLOW = 4
"""Pages at once that make a flow; fewer are somebody waiting for a page, and are not kept."""


def _desk(runtime: Runtime) -> Desk:
    if not _desks:
        _desks.append(_new_desk(runtime))
    return _desks[0]


def _new_desk(runtime: Runtime) -> Desk:
    archive = clients.archive(runtime.settings, read_only=False)
    generations = clients.index_generations(runtime.settings)
    rebuilding = open_rebuilding(runtime.settings, runtime.ledger, generations, archive)
    return Desk(EveryGeneration(generations), archive, rebuilding, open_alerts(runtime))


def index_room(runtime: Runtime) -> int:
    """One task's work: errands, pages, slices of a rebuild in turn, until all is done or time is up; how many pages."""
    runtime.bell.answer("index")
    if not _at_home(runtime):
        return 0
    deadline = time.monotonic() + runtime.settings.drain_seconds
    taken = 0
    while True:
        begun = time.monotonic()
        pages = _batch(runtime)
        taken += pages
        rebuilds = _rebuild(runtime)
        if not pages and not rebuilds:
            return taken
        if time.monotonic() > deadline:
            runtime.bell.ring("index")
            return taken
        if pages >= _FLOW:
            _gather(runtime.settings.index_gather_seconds - (time.monotonic() - begun))


def _batch(runtime: Runtime) -> int:
    """Errands first, then some pages; how many. While the archive is away, deleted pages go out of the index alone."""
    index, archive = runtime.breaker("index"), runtime.breaker("archive")
    if index.opened():
        return 0
    try:
        desk = _desk(runtime)
        take_out(runtime.ledger, desk.writer)
        write_revisions(runtime.revisions, desk.writer, runtime.stories.indexed, desk.alerts.tell)
        pages = 0 if archive.opened() else _both(runtime, desk)
    except DependencyUnavailable as error:
        runtime.row.failed(error.name)
        breaker = archive if error.name == "archive" else index
        seconds = round(breaker.failed(error.detail), 1)
        log.warning("index room waits", dependency=error.name, detail=error.detail, seconds=seconds)
        if breaker is index:
            return 0
        pages = 0
    index.worked()
    return pages


def _both(runtime: Runtime, desk: Desk) -> int:
    """What needs the archive as well as the index; how many pages."""
    settings = runtime.settings
    put_away(runtime.ledger, desk.archive)
    leases = runtime.ledger.take("index", settings.index_batch, bytes_most=settings.index_bytes)
    if leases:
        _index(runtime, desk, leases)
    _trim(desk, settings.retention_look_seconds)
    runtime.breaker("archive").worked()
    return len(leases)


def _rebuild(runtime: Runtime) -> bool:
    """A slice of what is asked of the generations, also while the live one cannot be written to; whether more waits."""
    try:
        return _desk(runtime).rebuilding.slice()
    except DependencyUnavailable as error:
        log.warning("rebuild waits", dependency=error.name, detail=error.detail)
        return False


def _at_home(runtime: Runtime) -> bool:
    """Whether this ledger's pages go to the index that this room writes to."""
    home = clients.index_home(runtime.settings, make=True)
    other = runtime.ledger.homes.claim(home) if home else None
    if other:
        log.error("this ledger's pages go to another index: one index worker has to go", there=other, here=home)
    return not other


def _gather(seconds: float) -> None:
    """While pages flow, lets some come together: a commit costs the same for one page as for a hundred."""
    if seconds > 0:
        time.sleep(seconds)


def _index(runtime: Runtime, desk: Desk, leases: Sequence[Leased]) -> None:
    begun = time.perf_counter()
    runtime.at_hand.hold(leases)
    runtime.row.batch("index", len(leases))
    if len(leases) == 1:
        runtime.at_hand.begin(0)
    try:
        with remembering():
            _write(runtime, desk, leases, begun)
    except DependencyUnavailable as error:
        if error.name != "ledger":
            delay = runtime.settings.retry_first_seconds  # the breaker does the rest
            runtime.ledger.wait_again(leases, reason=f"{error.name}-away", detail=error.detail, delay_seconds=delay)
            runtime.at_hand.drop()
            runtime.row.set("held", 0)
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  (also what native extensions raise when they panic)
        detail = f"{type(error).__name__}: {error}"
        log.exception("index batch failed", pages=len(leases))
        runtime.ledger.strike(leases, reason="crashed", detail=detail)
        for lease in leases:
            if outcome := struck_out(runtime.settings, "index", lease.strikes + 1):
                tell_outcome(runtime.tracing, "index", lease, outcome, reason="crashed")
    runtime.at_hand.drop()
    runtime.row.done(time.time())


def _write(runtime: Runtime, desk: Desk, leases: Sequence[Leased], begun: float) -> None:
    now = datetime.now(UTC)
    documents = [thaw(Document, lease.frame).model_copy(update={"indexed_at": now}) for lease in leases]
    writing = time.perf_counter()
    outcomes = desk.writer.index(documents)
    runtime.row.wrote(time.perf_counter() - writing)
    note_writes(runtime.settings.writes_file, documents, outcomes)
    _archive(runtime, desk, leases, outcomes)
    indexed = [page for page, outcome in zip(documents, outcomes, strict=True) if outcome.result == "indexed"]
    desk.alerts.tell(indexed)
    ms = (time.perf_counter() - begun) * 1000 / len(leases)
    told = list(zip(leases, documents, outcomes, strict=True))
    for lease, _, outcome in told:
        if outcome.result == "rejected":
            runtime.ledger.reject(lease, reason="index-refused", detail=outcome.reason or "")
    runtime.revisions.note(indexed)
    runtime.ledger.finish(
        Done(lease=lease, ms=ms, dropped_for="superseded" if outcome.result == "superseded" else None)
        for lease, _, outcome in told
        if outcome.result in ("indexed", "superseded")
    )
    _again(runtime, [(lease, outcome) for lease, _, outcome in told if outcome.result == "again"])
    for lease, _, outcome in told:
        _tell(runtime, lease, outcome, ms)
    runtime.stories.settle([document for _, document, outcome in told if outcome.result != "again"])


def _tell(runtime: Runtime, lease: Leased, told: IndexOutcome, ms: float) -> None:
    fates = {"indexed": ("done", None), "superseded": ("dropped", "superseded"), "rejected": ("dead", "index-refused")}
    if told.result in fates:
        outcome, reason = fates[told.result]
        tell_outcome(runtime.tracing, "index", lease, outcome, ms, reason)


def _again(runtime: Runtime, busy: Sequence[tuple[Leased, IndexOutcome]]) -> None:
    """Pages that the engine had no room for at the moment go back in line, with no strike against them."""
    delay = runtime.settings.retry_first_seconds
    for lease, outcome in busy:
        runtime.ledger.wait_again([lease], reason="index-busy", detail=outcome.reason or "", delay_seconds=delay)
    if busy:
        log.warning("index busy", pages=len(busy), detail=busy[0][1].reason)


def _archive(runtime: Runtime, desk: Desk, leases: Sequence[Leased], outcomes: Sequence[IndexOutcome]) -> None:
    indexed = [lease for lease, told in zip(leases, outcomes, strict=True) if told.result == "indexed"]
    bodies = runtime.ledger.errands.bodies(indexed)
    desk.archive.put(
        [
            ArchivedPage(id=lease.id, version=lease.version, packed=body)
            for lease, body in zip(indexed, bodies, strict=True)
            if body is not None
        ]
    )


def _trim(desk: Desk, every_seconds: float) -> None:
    """Retention, looked at now and then; the worker rings for it where no page comes (workers/process.py)."""
    if time.monotonic() - desk.trimmed_at > every_seconds:
        desk.trimmed_at = time.monotonic()
        desk.rebuilding.retire_due()
        while desk.archive.trim() and time.monotonic() - desk.trimmed_at < 5:
            pass  # one call stops early so that errands are never kept waiting
