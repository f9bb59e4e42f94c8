"""The front door over a real Valkey, a real archive and a real index, called over a socket."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
import uvicorn

from services.http import make_app
from services.http.protocol import protocol_for
from services.ingest import Parts, ingest_checks, make_ingest
from shared import clients
from shared.archive.port import ArchivedPage
from shared.errors import PageRejected
from shared.ledger.carried import Done, Leased
from shared.ledger.idempotency import Idempotency
from shared.ledger.ledger import Ledger
from shared.models.clean_page import CleanPage
from shared.models.document import Document
from shared.models.receipt import Room
from shared.packing import freeze, thaw, unpack
from shared.search.port import SearchIndex
from shared.settings import Settings
from workers.clean import CleanLimits, clean
from workers.enrich import enrich
from workers.index.errands import run_errands


class House:
    """The front door of a house whose rooms are worked when the test says so.

    Args:
        folder: holds archive and index.
        client: of an empty Redis.
        seen_through: makes of the index what the front door reads.
        settings: limits; the rest is by default.
    """

    def __init__(
        self,
        folder: Path,
        client: redis.Redis,
        seen_through: Callable[["House", SearchIndex], SearchIndex] = lambda _, index: index,
        **settings: Any,
    ) -> None:
        self.settings = Settings(data=folder, **settings)
        self.ledger = Ledger(client, self.settings)
        self._rung: list[Room] = []
        self.writer = clients.index_writer(self.settings)
        self.archive = clients.archive(self.settings, read_only=False)
        self.writer.index([])
        self.parts = Parts(
            settings=self.settings,
            ledger=self.ledger,
            archive=clients.archive(self.settings, read_only=True),
            index=seen_through(self, clients.search_index(self.settings)),
            idempotency=Idempotency(client, self.settings.redis_prefix, 86_400, try_seconds=2),
            sites=clients.known_sites(self.settings, clients.sites(self.settings, client)),
            ring=self._rung.append,
            send=self._rung.append,
        )
        app = make_app("Intake", self.settings, routers=[make_ingest(self.parts)], checks=ingest_checks(self.parts))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=protocol_for(self.settings),
                log_config=None,
                access_log=False,
                ws="none",
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        self.address: tuple[str, int] = self._socket.getsockname()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.address[1]}", timeout=30)

    @property
    def rung(self) -> list[Room]:
        """The bells so far; the first one is waited for, as a thread of its own sends it."""
        until = time.monotonic() + 10
        while not self._rung and time.monotonic() < until:
            time.sleep(0.01)
        return self._rung

    def post(self, content: str = "A page.", /, status: int = 202, **fields: Any) -> Any:
        """Posts one page as JSON; the answer."""
        return self.told(self.http.post("/v1/pages", json={"content": content, **fields}), status)

    def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        """The answer to a GET."""
        return self.told(self.http.get(path, params=parameters), status)

    @staticmethod
    def told(answer: httpx.Response, status: int) -> Any:
        """The JSON of an answer that has this status."""
        assert answer.status_code == status, answer.text
        return answer.json()

    def walk(self) -> None:
        """Takes everything that waits to its end, as the workers would."""
        self._room("clean", lambda lease: clean(unpack(lease.frame, lease.version), CleanLimits()), "enrich")
        self._room("enrich", lambda lease: enrich(thaw(CleanPage, lease.frame)), "index")
        self._index()
        run_errands(self.ledger, self.writer, self.archive)

    def close(self) -> None:
        """Ends the service and closes the stores."""
        self.http.close()
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
        for part in (self.parts.archive, self.parts.index, self.writer, self.archive):
            part.close()

    def _room(self, room: Room, work: Callable[[Leased], CleanPage | Document], to: Room) -> None:
        for lease in self.ledger.take(room, 10_000):
            try:
                made = work(lease)
            except PageRejected as rejected:
                self.ledger.reject(lease, reason=rejected.reason, detail=rejected.detail, traceback="Traceback: here")
            else:
                self.ledger.advance([Done(lease=lease, frame=freeze(made), ms=1.5)], to)

    def _index(self) -> None:
        leases = self.ledger.take("index", 10_000)
        now = datetime.now(UTC)
        documents = [thaw(Document, lease.frame).model_copy(update={"indexed_at": now}) for lease in leases]
        outcomes = self.writer.index(documents)
        bodies = self.ledger.errands.bodies(leases)
        pairs = [(lease, body) for lease, body in zip(leases, bodies, strict=True) if body is not None]
        self.archive.put([ArchivedPage(id=lease.id, version=lease.version, packed=body) for lease, body in pairs])
        self.ledger.finish(
            Done(lease=lease, dropped_for="superseded" if told.result == "superseded" else None)
            for lease, told in zip(leases, outcomes, strict=True)
        )


@pytest.fixture
def open_house(valkey: redis.Redis, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Opens a house with settings of its own."""
    houses: list[House] = []

    def make(**settings: Any) -> House:
        houses.append(House(tmp_path / str(len(houses)), valkey, **settings))
        return houses[-1]

    yield make
    for house in houses:
        house.close()


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    """A house as it comes."""
    return open_house()
