"""Searches over 200,000 documents as long as news stories, by kind, through HTTP and of the engine in this process.

Documents are made up, with words as rare and as common as in a language (Zipf's law), and written to the embedded index
directly: cleaning them would take an hour and change nothing of what is measured here. BENCH_DOCUMENTS makes fewer.
"""

import itertools
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

import psutil
from pydantic_core import from_json

from shared import clients
from shared.models.document import Document, Names
from shared.query_language.parse import parse
from shared.search.port import EngineQuery, SearchIndex
from shared.settings import Settings
from tests.bench.disk import on_disk
from tests.bench.report import heading, row, spread
from tests.bench.walking import lines_of, post_all
from tests.stack import Stack

_SYLLABLES: Final = (
    "ba be bo ka ke ko da de do fa fe fi ga go ha he hi ja jo la le lo ma me mo na ne no pa pe po ra re ro sa se so ta "
    "te to va ve wa we"
).split()
_WORDS: Final = 60_000
_LENGTH: Final = (250, 900)
"""Words of a document: those of news stories for the most part."""
_BATCH: Final = 2_000
_BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SITES: Final = 200
_RARE: Final = 3_000
_COMMON: Final = 100
"""Ranks of words that people look for: none of the hundred that are in every text."""


class Kind(NamedTuple):
    """One kind of search: its parameters, and the same asked of the engine."""

    name: str
    ask: Callable[[random.Random], Mapping[str, object]]
    direct: Callable[[SearchIndex, Mapping[str, object]], object]
    path: str = "/v1/search"


class Made:
    """Documents of one seed, and words to look for in them."""

    def __init__(self) -> None:
        dice = random.Random(1)
        known = dict.fromkeys("".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(3 * _WORDS))
        self.words = list(itertools.islice(known, _WORDS))
        self._weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def documents(self, count: int) -> Iterator[Document]:
        """As many as are asked for, one after the other."""
        dice = random.Random(2)
        for number in range(count):
            words = dice.choices(self.words, cum_weights=self._weights, k=dice.randint(*_LENGTH))
            at = _BEGUN + timedelta(minutes=number)
            people = tuple(f"{dice.choice(self.words).title()} {dice.choice(self.words).title()}" for _ in range(3))
            yield Document(
                id=f"p{number:09d}",
                version=int(at.timestamp() * 1_000_000),
                url=f"https://site{number % _SITES}.example/{number}",
                title=" ".join(words[:9]).capitalize(),
                text=". ".join(" ".join(words[at : at + 15]).capitalize() for at in range(0, len(words), 15)),
                published=at.date().isoformat(),
                fetched_at=at,
                indexed_at=at,
                language="en",
                site=f"site{number % _SITES}.example",
                source=f"source{number % 7}",
                names=Names(people=people),
                keywords=tuple(dict.fromkeys(words[:5])),
                word_count=len(words),
                reading_minutes=1,
                story=f"p{number:09d}",
            )

    def word(self, dice: random.Random) -> str:
        """A word that a person might look for."""
        return self.words[int(_COMMON * (_RARE / _COMMON) ** dice.random())]

    def kinds(self) -> list[Kind]:
        """What is measured."""
        return [
            Kind("one word", lambda dice: {"q": self.word(dice)}, _searched),
            Kind("three words", lambda dice: {"q": " ".join(self.word(dice) for _ in range(3))}, _searched),
            Kind("three words, any", lambda dice: {"q": " OR ".join(self.word(dice) for _ in range(3))}, _searched),
            Kind("phrase", lambda dice: {"q": f'"{self.words[dice.randrange(40)]} {self.word(dice)}"'}, _searched),
            Kind("prefix", lambda dice: {"q": f"{self.word(dice)[:4]}*"}, _searched),
            Kind("one word, facets", lambda dice: {"q": self.word(dice), "facets": "site,source,person"}, _searched),
            Kind("suggest", lambda dice: {"q": self.word(dice)[:4]}, _suggested, "/v1/suggest"),
        ]


def _searched(index: SearchIndex, asked: Mapping[str, object]) -> object:
    facets = tuple(filter(None, str(asked.get("facets", "")).split(",")))
    return index.search(EngineQuery(tree=parse(str(asked["q"])).tree, facets=facets))


def _suggested(index: SearchIndex, asked: Mapping[str, object]) -> object:
    return index.suggest(str(asked["q"]), 10)


class _Caller:
    """The plainest client there is, for its time is measured with the service's."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(url.partition("//")[2], timeout=60)

    def get(self, path: str, asked: Mapping[str, object]) -> bytes:
        self._connection.request("GET", f"{path}?{urlencode(asked)}")
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status != 200:
            raise RuntimeError(told.decode())
        return told


def fill(settings: Settings, made: Made, count: int) -> None:
    """Writes documents as the index room does; prints how fast."""
    writer = clients.index_writer(settings)
    begun = time.perf_counter()
    documents = made.documents(count)
    while batch := list(itertools.islice(documents, _BATCH)):
        writer.index(batch)
    writer.close()
    row("documents made and written", count / (time.perf_counter() - begun), "documents/s")


def by_kind(stack: Stack, index: SearchIndex, made: Made, times: int) -> None:
    """Each kind through HTTP and directly, by turns, with the same words."""
    caller = _Caller(stack.url)
    for kind in made.kinds():
        dice = random.Random(kind.name)
        through, direct = [], []
        spent = _services_cpu(stack)
        for number in range(times + 5):
            asked = kind.ask(dice)
            over_http = _ms(partial(caller.get, kind.path, asked))
            alone = _ms(partial(kind.direct, index, asked))
            if number >= 5:  # the first ones fill caches
                through.append(over_http)
                direct.append(alone)
        spread(f"{kind.name}, through HTTP", through, goal="the engine's p95 + 3 ms")
        spread(f"{kind.name}, the engine alone", direct)
        row(f"{kind.name}, CPU of the services", (_services_cpu(stack) - spent) * 1000 / (times + 5), "ms a query")
    spread("the tenth page by cursor, through HTTP", [_deep(caller, made, turn) for turn in range(max(2, times // 10))])


def _deep(caller: _Caller, made: Made, turn: int) -> float:
    asked: dict[str, object] = {"q": made.word(random.Random(turn))}
    for _ in range(9):
        asked["cursor"] = from_json(caller.get("/v1/search", asked))["next"]
        if asked["cursor"] is None:
            del asked["cursor"]
    return _ms(partial(caller.get, "/v1/search", asked))


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def under_load(stack: Stack, made: Made, seconds: float, clients_at_once: int = 8) -> None:
    """Queries per second from several clients at once, while pages are being posted and indexed."""
    ended = threading.Event()
    posted = threading.Thread(target=_posting, args=(stack, ended))
    posted.start()
    over, spent = time.monotonic() + seconds, _services_cpu(stack)
    with ThreadPoolExecutor(clients_at_once) as pool:
        found = [pool.submit(_asking, stack.url, made, number, over) for number in range(clients_at_once)]
        times = [each for one in found for each in one.result()]
    ended.set()
    posted.join()
    row("queries with a writer running", len(times) / seconds, "queries/s", goal="500 on two cores")
    spread("of these, each", times)
    row("CPU of the services, posts included", (_services_cpu(stack) - spent) * 1000 / len(times), "ms a query")


def _asking(url: str, made: Made, number: int, over: float) -> list[float]:
    caller, dice, times = _Caller(url), random.Random(number), list[float]()
    while time.monotonic() < over:
        times.append(_ms(partial(caller.get, "/v1/search", {"q": made.word(dice)})))
    return times


def _posting(stack: Stack, ended: threading.Event) -> None:
    for turn in itertools.count():
        if ended.is_set():
            return
        post_all(stack, lines_of(20, start=turn * 20, source="writer", html=False))
        ended.wait(1)


def measure(
    documents: int = int(os.environ.get("BENCH_DOCUMENTS", "200000")), times: int = 200, seconds: float = 20
) -> None:
    """Prints all of it."""
    heading(f"searches over {documents:,} documents of {_LENGTH[0]} to {_LENGTH[1]} words")
    with tempfile.TemporaryDirectory() as folder:
        settings, made = Settings(data=Path(folder) / "data"), Made()
        fill(settings, made, documents)
        stack = Stack(settings.data).start()
        index = clients.search_index(settings)
        try:
            by_kind(stack, index, made, times)
            under_load(stack, made, seconds)
            row("memory of the services", sum(map(_resident, _services(stack))), "MiB")
            place = clients.index_folder(settings)
            live, every = on_disk(place, without="snapshots"), on_disk(place)
            row("index on disk", live / documents, "bytes a document")
            row("  and what only snapshots hold", (every - live) / documents, "bytes a document")
        finally:
            index.close()
            stack.stop()


def _services(stack: Stack) -> list[psutil.Process]:
    return [each for each in stack.processes() if "serve" in each.cmdline()]


def _services_cpu(stack: Stack) -> float:
    """Seconds, of all cores."""
    return sum(sum(each.cpu_times()[:2]) for each in _services(stack))


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20
