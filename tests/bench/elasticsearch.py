"""Elasticsearch beside its own client: documents in, searches, and the whole house; bytes that a document takes.

The node is the one that tests use: that of PAGEMILL_TEST_ELASTICSEARCH, else one that is started for this.
"""

import secrets
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import Manager
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
from elasticsearch import Elasticsearch, helpers
from pydantic import SecretStr
from pydantic_core import from_json

from shared.models.document import Document
from shared.models.raw_page import Submission
from shared.packing import pack, unpack
from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchGenerations, ElasticsearchIndex
from shared.search.elasticsearch.bulk import DOCUMENT_BYTES
from shared.search.elasticsearch.documents import to_engine
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.every_generation import EveryGeneration
from shared.search.port import EngineQuery
from shared.settings import Settings
from tests.bench.latency import QUERIES
from tests.bench.pages import items
from tests.bench.report import heading, row, spread
from tests.bench.walking import bare_loop, lines_of, whole_house
from tests.elasticsearch.server import named_or_own, wipe
from tests.stack import Stack
from workers.clean import clean
from workers.enrich import enrich

_LAYOUT = Layout(replicas=0)
_ROUNDS = 3


def documents(count: int) -> list[Document]:
    """Documents as the rooms make them, of pages of 2 KB."""
    made = []
    for number, item in enumerate(items(count, source="engine", html=False)):
        told = Submission(id=f"p{number:07d}", url=item["url"], content_type="text/plain", charset="utf-8")
        page = unpack(pack(told, item["content"].encode()), 1_790_000_000_000_000)
        made.append(enrich(clean(page)).model_copy(update={"story": told.id}))
    return made


@contextmanager
def place(url: str) -> Iterator[str]:
    """A prefix that is set up, and taken away afterwards."""
    prefix = f"bench-{secrets.token_hex(4)}-"
    set_up(Access(url), prefix, _LAYOUT)
    yield prefix
    wipe(url, prefix)


def ours(url: str, made: Sequence[Document]) -> float:
    """Documents per second through what the index room writes with, in batches and processes as it has them."""
    settings = Settings(search_url=SecretStr(url))
    processes = settings.index_processes
    with place(url) as prefix, ProcessPoolExecutor(processes) as pool:
        ready = Manager().Barrier(processes)
        parts = [made[at::processes] for at in range(processes)]
        told = [pool.submit(_written, url, prefix, part, settings.index_batch, ready) for part in parts]
        spans = [each.result() for each in told]
    return len(made) / (max(end for _, end in spans) - min(begun for begun, _ in spans))


def _written(url: str, prefix: str, made: Sequence[Document], step: int, ready: Barrier) -> tuple[float, float]:
    """One process's part; when it began and ended, on the clock that all processes share."""
    writer = EveryGeneration(ElasticsearchGenerations(Access(url), prefix, _LAYOUT))
    ready.wait()
    begun = time.monotonic()
    for at in range(0, len(made), step):
        writer.index(made[at : at + step])
    ended = time.monotonic()
    writer.close()
    return begun, ended


def theirs(url: str, sources: Sequence[tuple[str, dict[str, Any]]]) -> float:
    """The same documents, made ready before, through `helpers.parallel_bulk` into the same mapping."""
    with place(url) as prefix, Elasticsearch(url, request_timeout=60) as client:
        index = f"{prefix}documents-000001"
        actions = ({"_index": index, "_id": name, "_source": source} for name, source in sources)
        begun = time.perf_counter()
        deque(helpers.parallel_bulk(client, actions, thread_count=2), maxlen=0)
        client.indices.refresh(index=index)
        return len(sources) / (time.perf_counter() - begun)


def _in(url: str, count: int) -> None:
    made = documents(count)
    begun = time.perf_counter()
    lines = [to_engine(document, DOCUMENT_BYTES) for document in made]
    alone = count / (time.perf_counter() - begun)
    sources = [(document.id, from_json(line)) for document, line in zip(made, lines, strict=True)]
    size = sum(map(len, lines)) / count / 1024
    heading(f"documents in: {count:,} of {size:.1f} KiB as they are sent, the median of {_ROUNDS} rounds")
    ours(url, made)  # so that the node has compiled what it needs
    told = [(ours(url, made), theirs(url, sources)) for _ in range(_ROUNDS)]
    figure, yardstick = (statistics.median(column) for column in zip(*told, strict=True))
    row("through our writer (D, by parallel_bulk)", figure, "documents/s", yardstick=yardstick, goal=".8")
    row("made into the engine's form, no engine", alone, "documents/s")


def _times(count: int, ask: Callable[[str], object]) -> list[float]:
    times = []
    for number in range(count):
        begun = time.perf_counter()
        ask(QUERIES[number % len(QUERIES)])
        times.append((time.perf_counter() - begun) * 1000)
    return times


def _plain(client: Elasticsearch, index: str, text: str) -> object:
    """What a client by itself would ask: the words, a highlight, ten hits."""
    return client.search(
        index=index,
        query={"multi_match": {"query": text, "fields": ["text.en", "title.en"], "operator": "and"}},
        highlight={"fields": {"text.en": {"number_of_fragments": 1}}, "encoder": "html"},
        source_includes=["document", "text"],
        size=10,
    )


def _out(url: str, count: int, searches: int) -> None:
    """Searches over an index that is filled directly, then through the services on the same index."""
    with place(url) as prefix, tempfile.TemporaryDirectory() as folder, Elasticsearch(url) as client:
        writer = EveryGeneration(ElasticsearchGenerations(Access(url), prefix, _LAYOUT))
        writer.index(documents(count))
        writer.close()
        heading(f"search over {count:,} documents, {searches} searches each")
        index = ElasticsearchIndex(Access(url), prefix, cursor_idle_seconds=300, snapshots_max=8)
        stack = Stack(Path(folder) / "data", search_url=url, search_prefix=prefix, search_replicas=0).start()
        try:
            with stack.client() as services:
                measured: dict[str, Callable[[str], object]] = {
                    "through HTTP": lambda text: _found(services, text),
                    "our adapter called directly": lambda text: index.search(EngineQuery(tree=parse(text).tree)),
                    "the client alone": lambda text: _plain(client, f"{prefix}documents", text),
                }
                for name, ask in measured.items():
                    _times(len(QUERIES) * 4, ask)
                    spread(name, _times(searches, ask))
        finally:
            stack.stop()
            index.close()
        _bytes(client, f"{prefix}documents-000001", count)


def _found(services: httpx.Client, text: str) -> None:
    services.get("/v1/search", params={"q": text}).raise_for_status()


def _bytes(client: Elasticsearch, index: str, count: int) -> None:
    heading("on disk, merged into one segment and without a copy")
    client.options(request_timeout=120).indices.forcemerge(index=index, max_num_segments=1, flush=True)
    told: Any = client.indices.stats(index=index, metric="store").body
    row("a document (B)", told["_all"]["primaries"]["store"]["size_in_bytes"] / count, "bytes")


def _through(url: str, count: int) -> None:
    lines = lines_of(count)
    heading(f"through the whole house with Elasticsearch: {count:,} made-up HTML pages")
    bare = bare_loop(lines, 2)
    with place(url) as prefix:
        figure = whole_house(lines, search_url=url, search_prefix=prefix, search_replicas=0)
    row("whole house, the node beside it on these cores", figure, "pages/s", yardstick=bare)


def measure(count: int = 8_000, searched: int = 10_000, searches: int = 300, pages: int = 1_000) -> None:
    """Prints all of it; D and B are what docs/scaling.md reckons with."""
    with named_or_own() as url:
        with Elasticsearch(url) as client:
            print(f"  Elasticsearch {client.info()['version']['number']}")
        _in(url, count)
        _out(url, searched, searches)
        _through(url, pages)
