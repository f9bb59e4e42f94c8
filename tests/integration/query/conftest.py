"""A search service over a real index on disk, called as a client calls it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.http.app import make_app
from services.query.cursor import Seal
from services.query.exports.desk import ExportDesk
from services.query.reading_room import ReadingRoom
from services.query.routes import make_query
from shared.models.document import Document
from shared.search.tantivy import TantivyIndex, TantivyWriter
from shared.settings import Settings

ADDRESS = "http://localhost:8800"


def page(page_id: str, text: str = "", **fields: Any) -> Document:
    """A document of which nothing is known but what is said here."""
    known = {
        "version": 1,
        "fetched_at": datetime(2024, 6, 1, tzinfo=UTC),
        "indexed_at": datetime(2024, 6, 1, tzinfo=UTC),
        "language": "en",
        "word_count": len(text.split()),
        "reading_minutes": 1,
    }
    return Document.model_validate({"id": page_id, "text": text, **known, **fields})


class Service:
    """An app that answers in this process.

    Args:
        app: what answers.
    """

    def __init__(self, app: FastAPI) -> None:
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ADDRESS)

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request."""
        return self._runner.run(self._client.request(method, path, **request))

    def get(self, path: str, **request: Any) -> httpx.Response:
        """A GET."""
        return self.ask("GET", path, **request)

    def search(self, **parameters: Any) -> Any:
        """What a search by GET found."""
        answer = self.get("/v1/search", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, **parameters: Any) -> Any:
        """What a search by POST found."""
        answer = self.ask("POST", "/v1/search", json=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def found(self, **parameters: Any) -> list[str]:
        """The ids that a search found, in order."""
        return [hit["id"] for hit in self.search(**parameters)["hits"]]

    def refusal(self, **parameters: Any) -> dict[str, Any]:
        """The problem that a search by GET was answered with."""
        return problem_in(self.get("/v1/search", params=parameters))

    def close(self) -> None:
        """Ends it."""
        self._runner.run(self._client.aclose())
        self._runner.close()


def problem_in(answer: httpx.Response) -> dict[str, Any]:
    """The problem that an answer is."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    assert told["request_id"] == answer.headers["x-request-id"]
    return told


class Clock:
    """Seconds that a test can let pass."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        """The time."""
        return time.monotonic() + self._ahead

    def pass_by(self, seconds: float) -> None:
        """Lets time pass."""
        self._ahead += seconds


def serve(
    index: TantivyIndex, clock: Callable[[], float] = time.monotonic, key: bytes | None = None, **settings: Any
) -> Service:
    """The search service over this index, in a process of its own as far as cursors can tell; `key` seals them."""
    known = Settings(**settings)
    seal = Seal(key)
    room = ReadingRoom(index, limits=known.query_limits, seal=seal)
    exports = ExportDesk(
        index, room, seal=seal, most=known.exports_max, idle_seconds=known.export_idle_seconds, clock=clock
    )
    return Service(make_app("search", known, routers=[make_query(room, exports)]))


@pytest.fixture
def clock() -> Clock:
    """The clock of the index."""
    return Clock()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[TantivyWriter]:
    """Who makes documents searchable."""
    writing = TantivyWriter(tmp_path / "index", heap_bytes=15_000_000)
    yield writing
    writing.close()


@pytest.fixture
def index(tmp_path: Path, clock: Clock) -> Iterator[TantivyIndex]:
    """The reading side of the same index."""
    reading = TantivyIndex(tmp_path / "index", cursor_idle_seconds=300, snapshots_max=8, clock=clock)
    yield reading
    reading.close()


@pytest.fixture
def service(index: TantivyIndex, clock: Clock) -> Iterator[Service]:
    """The search service."""
    serving = serve(index, clock)
    yield serving
    serving.close()
