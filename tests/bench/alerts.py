"""What 10,000 saved searches cost the index room: the same batches with and without them, in turn, in CPU seconds.

CPU seconds of the whole process, the engine's threads included; a batch is indexed on disk and archived as the index
room does it, and its alerts are noted in a real Valkey. The texts are those of news pages with words of Zipf's law, so
that they have rare words as real ones do; `BENCH_DOCUMENTS` names a file of documents as JSON lines to take instead.
"""

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import psutil
from pydantic import SecretStr

from shared import clients
from shared.embedded.valkey import EmbeddedValkey
from shared.ledger.carried import Done, Leased, Offer
from shared.models.document import Document
from shared.models.raw_page import Submission
from shared.models.saved_search import SavedQuery, SavedSearch
from shared.packing import freeze, pack
from shared.redis_urls import redis_url
from shared.saved_searches.store import SavedSearches, fresh_id
from shared.settings import Settings
from shared.telemetry import configure_logging
from tests.bench.report import heading, row
from workers.index.alerts import open_alerts
from workers.index.room import Desk, _index
from workers.pool_table import PoolTable
from workers.runtime import open_runtime
from workers.stages import floor_plan

_WORDS = 60_000
_COMMON = 1_000
_FILE = os.environ.get("BENCH_DOCUMENTS")
_LANGUAGE = "en"


class _Vocabulary:
    """Made-up words, of which the n-th is 1/n as frequent as the first (Zipf)."""

    def __init__(self, dice: random.Random) -> None:
        parts = [c + v for c in "b c d f g h k l m n p r s t v w st tr br ch".split() for v in "a e i o u".split()]
        made: dict[str, None] = {}
        while len(made) < _WORDS:
            made["".join(dice.choices(parts, k=dice.choice((2, 2, 3, 3, 4)))) + dice.choice(("", "n", "r", "s"))] = None
        self.words = list(made)
        self._weights = list(accumulate(1 / (n + 10) for n in range(_WORDS)))
        self._telling = self.words[_COMMON:]
        self._telling_weights = list(accumulate(1 / (n + _COMMON) for n in range(_WORDS - _COMMON)))

    def some(self, dice: random.Random, count: int) -> list[str]:
        return dice.choices(self.words, cum_weights=self._weights, k=count)

    def telling(self, dice: random.Random, count: int) -> list[str]:
        """Words that a headline is made of: none of the most frequent ones."""
        return dice.choices(self._telling, cum_weights=self._telling_weights, k=count)


def documents(count: int, vocabulary: _Vocabulary, dice: random.Random) -> list[Document]:
    """Pages of about 450 words, a part of which are the page's own subject and come again and again."""
    made = []
    for number in range(count):
        subject = vocabulary.telling(dice, 12)
        words = [dice.choice(subject) if dice.random() < 0.1 else word for word in vocabulary.some(dice, 450)]
        made.append(_document(number, " ".join(words), " ".join(dice.sample(subject, 8)), dice))
    return made


def _document(number: int, text: str, title: str, dice: random.Random) -> Document:
    site = f"paper{dice.randrange(40)}.example"
    return Document(
        id=f"page-{number}",
        version=1,
        text=text,
        title=title,
        url=f"https://www.{site}/news/{number}",
        site=site,
        authors=(f"Author {dice.randrange(300)}",),
        published="2026-03-02",
        fetched_at=datetime(2026, 3, 2, tzinfo=UTC),
        indexed_at=datetime.now(UTC),
        language=_LANGUAGE,
        word_count=450,
        reading_minutes=2,
    )


def _queries(count: int, pages: Sequence[Document], dice: random.Random) -> list[SavedQuery]:
    """What people save: two or three words of a title, names, phrases, some with a filter, a few beginnings."""
    return [_query(dice.choice(pages), dice) for _ in range(count)]


def _query(page: Document, dice: random.Random) -> SavedQuery:
    words = (page.title or page.text).split()
    one, two, three, four = dice.sample(words, 4)
    at = dice.randrange(len(words) - 1)
    author = page.authors[0].split()[-1] if page.authors else one
    return dice.choices(
        (
            SavedQuery(q=f"{one} {two}"),
            SavedQuery(q=f"{one} {two} {three}"),
            SavedQuery(q=f'"{words[at]} {words[at + 1]}"'),
            SavedQuery(q=one, site=(page.site or "none",)),
            SavedQuery(q=f"({one} OR {two}) {three} -{four}"),
            SavedQuery(q=f"{one[:5]}* {two}"),
            SavedQuery(q=f"author:{author} {one}"),
            SavedQuery(q=f'"{one} {two}"~5 words:>=100'),
            SavedQuery(q=f"title:{one} date:2026"),
        ),
        weights=(30, 20, 20, 10, 5, 5, 4, 3, 3),
    )[0]


class _Room:
    """An index room over a ledger, an index and an archive of its own.

    Args:
        settings: where they are.
        folder: for its notes.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        table = PoolTable(1)
        self.runtime = open_runtime(settings, folder, floor_plan(settings), table.row(0))
        self.row = table.row(0)
        self.alerts = open_alerts(self.runtime)
        self.writer = clients.index_writer(settings)
        self.archive = clients.archive(settings, read_only=False)
        self.desk = Desk(self.writer, self.archive, None, self.alerts)  # type: ignore[arg-type]  # nothing is rebuilt

    def work(self, pages: Sequence[Document], valkey: psutil.Process) -> float:
        """Indexes a batch as the room does; CPU seconds of this process and of Valkey."""
        self._lease(pages)
        begun = time.process_time() + _cpu(valkey)
        leases = self.runtime.ledger.take("index", 5000)
        assert len(leases) == len(pages)
        _index(self.runtime, self.desk, leases)
        return time.process_time() + _cpu(valkey) - begun

    def _lease(self, pages: Sequence[Document]) -> None:
        """Brings pages to the door of the index room."""
        ledger = self.runtime.ledger
        ledger.accept(list(map(_offer, pages)))
        for room, to in (("clean", "enrich"), ("enrich", "index")):
            known = {page.id: page for page in pages}
            taken = ledger.take(room, 5000)  # type: ignore[arg-type]  # a room's name
            done = [_done(lease, known[lease.id], last=to == "index") for lease in taken]
            ledger.advance(done, to)  # type: ignore[arg-type]  # as above


def _offer(page: Document) -> Offer:
    body = page.text.encode()
    return Offer(id=page.id, frame=pack(Submission(id=page.id, content_type="text/plain"), body), content_key=page.id)


def _done(lease: Leased, page: Document, *, last: bool) -> Done:
    frame = freeze(page.model_copy(update={"version": lease.version})) if last else b"x"
    return Done(lease=lease, frame=frame, ms=1.0)


def _cpu(process: psutil.Process) -> float:
    told = process.cpu_times()
    return float(told.user + told.system)


def measure(searches: int = 10_000, batches: int = 8, size: int = 250) -> None:
    """Prints CPU milliseconds a page with and without saved searches, batch by batch in turn, and their ratio."""
    dice = random.Random(7)
    vocabulary = _Vocabulary(dice)
    pages = _pages(batches * size, vocabulary, dice)
    others = pages if _FILE else documents(searches, vocabulary, dice)
    heading(f"{searches:,} saved searches, {len(pages):,} pages in batches of {size}")
    with tempfile.TemporaryDirectory() as folder, _valkey(Path(folder) / "d") as valkey:
        settings = Settings(data=Path(folder) / "d", log_level="warning")
        configure_logging(settings, "worker")
        client = clients.redis_client(settings, timeout=10)
        asked = _queries(searches, others, dice)
        rooms = {}
        for name in ("without", "with"):
            own = settings.model_copy(update={"data": Path(folder) / name, "redis_prefix": f"{name}:"})
            own = own.model_copy(update={"redis_url": SecretStr(redis_url(settings))})
            if name == "with":
                _save(clients.saved_searches(own, client), asked)
            (Path(folder) / name / "notes").mkdir(parents=True)
            rooms[name] = _Room(own, Path(folder) / name / "notes")
        _compare(rooms, [pages[at : at + size] for at in range(0, len(pages), size)], valkey)
        told = clients.outbox(settings.model_copy(update={"redis_prefix": "with:"}), client).figures()["alerts"]
        row("alerts", told / len(pages), "a page")


def _pages(count: int, vocabulary: _Vocabulary, dice: random.Random) -> list[Document]:
    if _FILE:
        return [Document.model_validate_json(line) for line in Path(_FILE).read_text().splitlines()[:count]]
    return documents(count, vocabulary, dice)


def _compare(rooms: dict[str, _Room], batches: Sequence[Sequence[Document]], valkey: psutil.Process) -> None:
    spent = {name: [room.work(batch, valkey) for _ in (0,)] for name, room in rooms.items() for batch in batches[:1]}
    load = spent["with"][0] - spent["without"][0]
    spent = {name: [] for name in rooms}
    for batch in batches[1:]:
        for name, room in rooms.items():
            spent[name].append(room.work(batch, valkey))
    count = sum(map(len, batches[1:]))
    without, alerted = (sum(spent[name]) * 1000 / count for name in ("without", "with"))
    row("first batch, which reads the saved searches", load * 1000, "ms more")
    row("index room without saved searches", without, "ms CPU/page")
    row("index room with them", alerted, "ms CPU/page", yardstick=without, goal="under 1.25 (20 % of the throughput)")
    row("throughput lost", 100 * (1 - without / alerted), "%", goal="under 20 %")
    if failed := rooms["with"].row.get("alerts_failed"):
        raise RuntimeError(f"{failed:.0f} pages failed")


def _save(saved: SavedSearches, asked: Sequence[SavedQuery]) -> None:
    now = datetime.now(UTC)
    for query in asked:
        search = SavedSearch(id=fresh_id(now), name=query.q, query=query, created_at=now, changed_at=now)
        assert saved.add(search)


@contextmanager
def _valkey(data: Path) -> Iterator[psutil.Process]:
    embedded = EmbeddedValkey(data)
    embedded.prepare()
    process = subprocess.Popen(embedded.command(), stdout=subprocess.DEVNULL)
    while not embedded.answers():
        time.sleep(0.02)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)
