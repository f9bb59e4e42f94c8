"""The services put together: the one file that knows them all."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI
from prometheus_client.registry import Collector

from services.http import Check, make_app, make_router
from services.http.app import Hook
from services.http.keys import KeyRing
from services.ingest import Parts, ingest_checks, make_ingest
from services.monitor.figures import LedgerFigures
from services.monitor.held_up import HeldUp
from services.monitor.index_routes import make_index_routes
from services.monitor.learnt_routes import make_learnt_routes
from services.monitor.live_routes import make_live_routes
from services.monitor.mill import Mill
from services.monitor.movement import Movement
from services.monitor.neighbours import Neighbour, make_neighbours
from services.monitor.page import make_page
from services.monitor.recorder import Recorder
from services.monitor.room_routes import make_room_routes
from services.monitor.routes import make_monitor
from services.monitor.sites_figures import SitesFigures
from services.monitor.standing import Standings
from services.monitor.watch import Watch
from services.query.cursor import Seal
from services.query.exports.desk import ExportDesk
from services.query.figures import SearchFigures
from services.query.gate import Gate
from services.query.reading_room import ReadingRoom
from services.query.routes import make_query
from services.query.saved_searches import Parts as SavedSearchParts
from services.query.saved_searches import SavedSearchFigures, SearchRoom, make_saved_searches
from services.query.seal_key import seal_key
from services.query.without_deleted import WithoutDeleted
from services.sweep import Sweeper
from shared import clients
from shared.errors import DependencyUnavailable
from shared.ledger.soon import SOON_SECONDS, AnswersSoon
from shared.private_addresses import Allowed
from shared.search.port import SearchIndex
from shared.settings import Settings

Name = Literal["ingest", "query", "monitor"]
_TITLE: Final = "Pagemill"


@dataclass(frozen=True)
class _Part:
    """What one service brings into an app."""

    routers: Sequence[APIRouter] = ()
    checks: Sequence[Check] = ()
    collectors: Sequence[Collector] = ()
    on_close: Sequence[Hook] = ()
    keys: KeyRing | None = None


def make_together(settings: Settings) -> FastAPI:
    """All services behind one address. Nothing is connected before the first request or the first sweep."""
    line, index, soon = _Line(settings), clients.search_index(settings), clients.answers_soon(settings)
    parts = [
        _ingest(settings, line, index),
        _query(settings, index, soon),
        _monitor(settings, line, index, soon),
        line.part(),
        _Part(checks=[Check("index", lambda: _found_here(settings, line, index))]),
        _Part(on_close=[index.close, soon.close]),
    ]
    return _app(_TITLE, settings, parts)


def app_for(settings: Settings, name: Name) -> FastAPI:
    """One service in a process of its own, behind a gateway."""
    match name:
        case "ingest":
            line, index = _Line(settings), clients.search_index(settings)
            parts = [_ingest(settings, line, index), line.part(), _Part(on_close=[index.close])]
        case "query":
            index, soon = clients.search_index(settings), clients.answers_soon(settings)
            parts = [_query(settings, index, soon), _keys(settings), _Part(on_close=[index.close, soon.close])]
        case "monitor":
            line, index, soon = _Line(settings), clients.search_index(settings), clients.answers_soon(settings)
            room = _monitor(settings, line, index, soon)
            closing = _Part(on_close=[index.close, soon.close])
            parts = [room, _neighbours(settings, room.checks), line.part(), closing]
    return _app(f"Pagemill: {name}", settings, parts)


def _keys(settings: Settings) -> _Part:
    """The keys, for a service that needs no ledger otherwise."""
    client = clients.redis_client(settings)
    ring = KeyRing(clients.key_store(settings, client))
    return _Part(routers=[make_router(lifespan=_kept(ring))], on_close=[client.close], keys=ring)


def _kept(ring: KeyRing) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The keys are read as long as the app runs."""

    @asynccontextmanager
    async def reading(_app: FastAPI) -> AsyncIterator[None]:
        await run_sync(ring.start)
        try:
            yield
        finally:
            await run_sync(ring.close)

    return reading


class _Line:
    """The ledger, the bell, the sweep and the keys, which the services in one process share."""

    def __init__(self, settings: Settings) -> None:
        self.client = clients.redis_client(settings)
        self.ledger = clients.ledger(settings, self.client)
        self.sites = clients.sites(settings, self.client)
        self.bell = clients.bell(settings, self.client)
        self._keys = KeyRing(clients.key_store(settings, self.client))
        self._movement = Movement(settings.stalled_seconds)
        self._held_up = HeldUp(self.ledger, lambda name: clients.breaker(settings, self.client, name))

    def part(self) -> _Part:
        """The sweep and the keys, which are kept up as long as the app runs."""
        routers = [make_router(lifespan=lifespan) for lifespan in (self._sweeping, _kept(self._keys))]
        return _Part(routers=routers, on_close=[self.client.close], keys=self._keys)

    @asynccontextmanager
    async def _sweeping(self, _app: FastAPI) -> AsyncIterator[None]:
        sweeper = Sweeper(self.ledger, self.bell.ring, self._movement)
        sweeper.start()
        try:
            yield
        finally:
            await run_sync(sweeper.close)

    def answers(self) -> tuple[bool, str]:
        """Whether the ledger does."""
        self.ledger.ping()
        return True, "answers"

    def pages_move(self) -> tuple[bool, str]:
        """Whether workers take the pages that wait; where they know why they do not, that is told at once.

        That there is no way back to the index that is kept is told, and no reason to be unready.
        """
        if held := self._held_up.told():
            return False, f"pages wait: {held}"
        still = self._movement.standstill()
        told = ", ".join(f"{room} has stood still for {seconds:.0f} seconds" for room, seconds in still.items())
        if still:
            return False, f"pages wait, but {told}"
        return True, "; ".join(filter(None, ["pages move", self._held_up.no_way_back()]))


def _ingest(settings: Settings, line: _Line, index: SearchIndex) -> _Part:
    archive = clients.archive(settings, read_only=True)
    parts = Parts(
        settings=settings,
        ledger=line.ledger,
        archive=archive,
        index=index,
        idempotency=clients.idempotency(settings, line.client),
        sites=clients.known_sites(settings, line.sites),
        ring=line.bell.ring,
        send=line.bell.send,
        tracing=clients.tracing(settings, "ingest"),
    )
    return _Part(
        routers=[make_ingest(parts)], checks=ingest_checks(parts), on_close=[archive.close, parts.tracing.close]
    )


def _query(settings: Settings, index: SearchIndex, soon: AnswersSoon) -> _Part:
    client = clients.redis_client(settings, timeout=SOON_SECONDS)
    index = WithoutDeleted(index, clients.being_deleted(settings, client))
    seal = Seal(lambda: seal_key(settings))
    figures = SearchFigures(index.snapshots_held)
    room = ReadingRoom(index, limits=settings.query_limits, seal=seal, figures=figures)
    exports = ExportDesk(
        index, room, seal=seal, most=settings.exports_max, idle_seconds=settings.export_idle_seconds, figures=figures
    )
    saved = _saved_searches(settings, index, soon)
    return _Part(
        routers=[*saved.routers, make_query(room, exports, Gate(settings.searches_max))],
        checks=[Check("index", index.healthy)],
        collectors=[figures, *saved.collectors],
        on_close=[client.close, *saved.on_close],
    )


def _saved_searches(settings: Settings, index: SearchIndex, soon: AnswersSoon) -> _Part:
    """They lie in Redis; while that is away they cannot be asked for, and all else can."""
    client = clients.redis_client(settings)
    searches, outbox = clients.saved_searches(settings, client), clients.outbox(settings, client)
    parts = SavedSearchParts(
        searches=searches,
        inboxes=clients.inboxes(settings, client),
        outbox=outbox,
        index=index,
        matcher=partial(clients.matcher, settings),
        limits=settings.query_limits,
        most=settings.saved_searches_max,
        allowed=Allowed(settings.alerts_private_hosts),
    )
    return _Part(
        routers=[make_saved_searches(SearchRoom(parts))],
        collectors=[SavedSearchFigures(searches, outbox, soon)],
        on_close=[client.close],
    )


def _found_here(settings: Settings, line: _Line, index: SearchIndex) -> tuple[bool, str]:
    """Whether the index answers, and is the one that the ledger's pages go to."""
    well, told = index.healthy()
    home, here = None, clients.index_home(settings)
    with suppress(DependencyUnavailable):  # the ledger has a check of its own
        home = line.ledger.homes.last()
    if well and home and (here is None or here.id != home.id):
        return False, f"pages are indexed in {home.where}, and searched elsewhere, in {clients.index_folder(settings)}"
    return well, told


def _monitor(settings: Settings, line: _Line, index: SearchIndex, soon: AnswersSoon) -> _Part:
    """Workers that stand still are told here and not at the intake, which holds pages for them."""
    ledger, standings = line.ledger, Standings(settings, line.ledger, index)
    watch = Watch(ledger)
    recorder = Recorder(ledger, watch, standings)
    return _Part(
        routers=[
            make_monitor(ledger),
            make_live_routes(ledger, Mill(ledger, watch, standings)),
            make_room_routes(ledger, line.bell.ring),
            make_learnt_routes(line.sites, ledger.audit),
            make_index_routes(ledger, line.bell.ring),
            make_page(),
            make_router(lifespan=_while_open(recorder)),
        ],
        checks=[Check("ledger", line.answers), Check("workers", line.pages_move)],
        collectors=[LedgerFigures(ledger, standings, soon), SitesFigures(line.sites, soon)],
    )


def _while_open(recorder: Recorder) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def recording(_app: FastAPI) -> AsyncIterator[None]:
        recorder.start()
        try:
            yield
        finally:
            await run_sync(recorder.close)

    return recording


def _neighbours(settings: Settings, own: Sequence[Check]) -> _Part:
    """What the control room answers for all services, where it is told of the others."""
    others = [Neighbour(url) for url in settings.services]
    routers = [make_neighbours(_TITLE, own, others)] if others else []
    return _Part(routers=routers, on_close=[other.close for other in others])


def _app(title: str, settings: Settings, parts: Sequence[_Part]) -> FastAPI:
    checks = {check.name: check for part in parts for check in part.checks}
    return make_app(
        title,
        settings,
        routers=[router for part in parts for router in part.routers],
        checks=list(checks.values()),
        collectors=[collector for part in parts for collector in part.collectors],
        on_close=[hook for part in parts for hook in part.on_close],
        keys=next((part.keys for part in parts if part.keys), None),
    )
