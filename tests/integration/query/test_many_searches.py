"""More searches at once than are worked at: they wait, are refused, or are not begun, and all else is answered."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message

from services.http.app import make_app
from services.query.cursor import Seal
from services.query.exports.desk import ExportDesk
from services.query.gate import Gate
from services.query.reading_room import ReadingRoom
from services.query.routes import make_query
from shared.search.port import EngineAnswer, EngineQuery
from shared.search.tantivy import TantivyIndex
from shared.settings import Settings
from tests.integration.query.conftest import ADDRESS

MOST = 2
LONG = 60.0


class SlowIndex(TantivyIndex):
    """An index whose searches end when they are let."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, cursor_idle_seconds=300, snapshots_max=8)
        self.begun, self._counting = 0, threading.Lock()
        self.full, self.let = threading.Event(), threading.Event()

    def search(self, query: EngineQuery, *, snapshot: str | None = None, after: str | None = None) -> EngineAnswer:
        """The same, later."""
        with self._counting:
            self.begun += 1
            if self.begun == MOST:
                self.full.set()
        assert self.let.wait(LONG)
        return super().search(query, snapshot=snapshot, after=after)


class Searchers:
    """Clients of one app over a slow index."""

    def __init__(self, index: SlowIndex, wait_seconds: float) -> None:
        seal = Seal()
        room = ReadingRoom(index, seal=seal)
        exports = ExportDesk(index, room, seal=seal, most=1, idle_seconds=60)
        self.index = index
        self.app = make_app("search", Settings(), routers=[make_query(room, exports, Gate(MOST, wait_seconds))])
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url=ADDRESS, timeout=LONG)

    async def as_many_as_may(self) -> list[asyncio.Task[httpx.Response]]:
        """So many searches as there are turns, once they have begun."""
        asked = [asyncio.create_task(self.search()) for _ in range(MOST)]
        assert await asyncio.to_thread(self.index.full.wait, LONG)
        return asked

    async def search(self) -> httpx.Response:
        """One search."""
        return await self.client.get("/v1/search", params={"q": "grain", "match": "all"})

    async def search_and_go_away(self, **request: Any) -> list[Message]:
        """One whose client is not there any more when it is read; what it was sent."""
        sent: list[Message] = []

        async def gone() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/v1/search",
            "query_string": b"q=grain&match=all",
            "headers": [],
        }
        told = {"headers": [(b"host", b"localhost:8800")], "http_version": "1.1", "scheme": "http", "root_path": ""}
        await self.app({**scope, **told, **request, "client": ("127.0.0.1", 1)}, gone, send)
        return sent


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SlowIndex]:
    """The index, whose searches are let in the end."""
    slow = SlowIndex(tmp_path / "index")
    yield slow
    slow.let.set()
    slow.close()


def test_those_beyond_are_refused_after_a_wait_and_all_else_is_answered(index: SlowIndex) -> None:
    async def ask() -> None:
        searchers = Searchers(index, wait_seconds=0.1)
        asked = await searchers.as_many_as_may()
        for path in ("/v1/search?q=a", "/v1/search/explain?q=a", "/v1/feeds/rss?q=a", "/search/facets?q=a"):
            refused = await searchers.client.get(path)
            problem = refused.json()
            assert (refused.status_code, problem["code"]) == (429, "searches-full")
            assert problem["limit"] == "PAGEMILL_SEARCHES_MAX"
            assert int(refused.headers["Retry-After"]) >= 1
        for path in ("/v1/suggest?q=gr", "/healthz", "/readyz", "/metrics"):
            assert (await searchers.client.get(path)).status_code == 200
        assert index.begun == MOST
        index.let.set()
        assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * MOST
        assert (await searchers.search()).status_code == 200

    asyncio.run(ask())


def test_those_beyond_wait_for_their_turn(index: SlowIndex) -> None:
    async def ask() -> None:
        searchers = Searchers(index, wait_seconds=LONG)
        asked = await searchers.as_many_as_may()
        asked += [asyncio.create_task(searchers.search()) for _ in range(3 * MOST)]
        await asyncio.sleep(0)
        index.let.set()
        assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * 4 * MOST
        assert index.begun == 4 * MOST

    asyncio.run(ask())


def test_a_search_whose_client_has_gone_is_not_begun(index: SlowIndex) -> None:
    async def ask() -> None:
        searchers = Searchers(index, wait_seconds=LONG)
        asked = await searchers.as_many_as_may()
        gone = [asyncio.create_task(searchers.search_and_go_away()) for _ in range(10)]
        await asyncio.sleep(0)
        index.let.set()
        await asyncio.gather(*asked, *gone)
        assert index.begun == MOST
        answer = await searchers.client.post("/v1/search", json={"q": "grain", "match": "all"})
        assert (answer.status_code, index.begun) == (200, MOST + 1)

    asyncio.run(ask())
