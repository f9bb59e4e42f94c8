"""The index room's stores on a real Valkey, with an index, an archive and what works on rebuilds."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from shared import clients
from shared.archive.port import ArchivedPage
from shared.ledger.carried import Done, Offer
from shared.ledger.ledger import Ledger
from shared.models.document import Document
from shared.models.raw_page import Submission
from shared.models.rebuild import ENDED, Rebuild
from shared.packing import pack, unpack
from shared.search.every_generation import EveryGeneration
from shared.search.tantivy import TantivyGenerations
from shared.settings import Settings
from tests.integration.ledger.rebuilds_on import rebuilds_on
from workers.clean import clean
from workers.enrich import enrich
from workers.index.errands import run_errands
from workers.index.opening import open_rebuilding

CHILD = "workers.index.cleaning_child"


class House:
    """The index room without its Celery task: pages are put by hand, slices are run by hand."""

    def __init__(self, settings: Settings, client: redis.Redis, child: str = CHILD) -> None:
        self.settings = settings
        self.client = client
        self.ledger = Ledger(client, settings)
        self.child = child
        self.index = clients.search_index(settings)
        self.archive = clients.archive(settings, read_only=False)
        self.open()

    def open(self) -> None:
        """What a new process of the index room opens."""
        self.generations = TantivyGenerations(self.settings.data / "index", heap_bytes=16_000_000)
        self.writer = EveryGeneration(self.generations)
        self.rebuilding = open_rebuilding(self.settings, self.ledger, self.generations, self.archive, self.child)

    def reopen(self) -> None:
        """A new process in the place of one that was ended between two slices."""
        self.close()
        self.open()

    def close(self) -> None:
        self.rebuilding.close()
        self.generations.close()
        self.index.close()

    def put(self, *documents: Document) -> None:
        self.writer.index(documents)

    def walk(self, page_id: str, body: str, *, fetched_ms: int = 1_700_000_000_000, url: str | None = None) -> Document:
        """Takes a raw page through the ledger, the index and the archive, as the rooms do; its document."""
        frame = pack(Submission(id=page_id, content_type="text/plain", url=url, canonical_url=url), body.encode())
        (told,) = self.ledger.accept([Offer(id=page_id, frame=frame, content_key=body, fetched_ms=fetched_ms)])
        document = enrich(clean(unpack(frame, told.version))).model_copy(update={"story": page_id})
        for room, after in (("clean", "enrich"), ("enrich", "index")):
            self.ledger.advance([Done(lease=lease, ms=1) for lease in self.ledger.take(room, 5)], after)  # type: ignore[arg-type]
        self.put(document)
        self.archive.put([ArchivedPage(id=page_id, version=told.version, packed=frame)])
        self.ledger.finish(Done(lease=lease, ms=1) for lease in self.ledger.take("index", 5))
        return document

    def delete(self, *ids: str) -> None:
        """Deletes pages in the ledger; `errands` does the rest."""
        self.ledger.forget(ids)

    def errands(self) -> None:
        run_errands(self.ledger, self.writer, self.archive)

    def ask(self, *, from_raw: bool = False) -> None:
        assert self.ledger.rebuilds.ask("rebuild", from_raw=from_raw)

    def last(self) -> Rebuild:
        told = self.ledger.rebuilds.last()
        assert told is not None
        return told

    def run(self, *, most: int = 2000) -> Rebuild:
        """Slices until it has ended."""
        for _ in range(most):
            if not self.rebuilding.slice():
                time.sleep(0.01)  # it waits after a failure
            if self.last().state in ENDED:
                return self.last()
        raise TimeoutError(self.last())

    def until(self, state: str, *, done: int = 0, most: int = 2000) -> Rebuild:
        """Slices until it is in this state and has done so many pages."""
        for _ in range(most):
            told = self.last()
            if told.state == state and told.done >= done:
                return told
            assert told.state not in ENDED, told
            self.rebuilding.slice(0.05)
        raise TimeoutError(self.last())

    def roles(self) -> dict[str, int | None]:
        return {each.role: each.documents for each in self.generations.status()}

    def building(self) -> str:
        return next(each.name for each in self.generations.status() if each.role == "building")


def abandoned(valkey: redis.Redis) -> None:
    """A process that takes a slice and is ended in it."""
    ended = rebuilds_on(valkey, 0.001)
    until = time.monotonic() + 60
    while ended.take() is None:
        assert time.monotonic() < until
        time.sleep(0.002)


@pytest.fixture
def settings(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path, redis_url=SecretStr(valkey_url), page_seconds=1, clean_workers=2, retry_first_seconds=0.01
    )


@pytest.fixture
def house(settings: Settings, valkey: redis.Redis) -> Iterator[House]:
    opened = House(settings, valkey)
    yield opened
    opened.close()
    opened.archive.close()
