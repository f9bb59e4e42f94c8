"""Near copies: how many edited texts are still taken for copies, how many strangers are, and what a fingerprint costs.

Each labelled text is edited as editors do: of its words a share is replaced by words of another text, taken out or put
in, a third each. Beside it, all pairs of different pages. `memory` holds fingerprints in a Valkey of its own, as pages
in flight are, and in an index, where the others are.
"""

import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import redis

from shared.ledger.connection import connect
from shared.models.document import Document
from shared.search.tantivy import TantivyWriter
from shared.stories import Stories
from shared.stories.assigning import THRESHOLD
from shared.stories.fingerprint import bands, similarity
from tests.conftest import start_valkey
from tests.quality.labelled_pages import folder, labelled_texts
from workers.enrich.fingerprint import fingerprint

SHARES = (0.05, 0.10, 0.15, 0.20, 0.25)
HELD = 20_000
"""Fingerprints of which the memory is measured; 100,000 gave the same bytes each."""


def edited(text: str, other: str, share: float, dice: random.Random) -> str:
    words, pool = text.split(), other.split()
    found: list[str] = []
    for word in words:
        if dice.random() >= share:
            found.append(word)
            continue
        what = dice.randrange(3)
        found += [] if what == 0 else [dice.choice(pool)] if what == 1 else [word, dice.choice(pool)]
    return " ".join(found)


def are_copies(one: str, other: str) -> bool:
    """As the house decides: a band in common, and likeness enough."""
    return bool(set(bands(one)) & set(bands(other))) and similarity(one, other) >= THRESHOLD


def recall(texts: Sequence[str], share: float) -> float:
    dice = random.Random(7)
    pairs = [(text, edited(text, texts[at - 1], share, dice)) for at, text in enumerate(texts)]
    marks = [(fingerprint(one), fingerprint(other)) for one, other in pairs]
    return sum(are_copies(one, other) for one, other in marks if one and other) / len(marks)


def false_matches(texts: Sequence[str]) -> tuple[int, float]:
    """Pairs of different texts that are taken for copies, and the most alike pair's likeness."""
    marks = [mark for text in texts if (mark := fingerprint(text))]
    pairs = list(combinations(marks, 2))
    return sum(are_copies(*pair) for pair in pairs), max(similarity(*pair) for pair in pairs)


def measure() -> None:
    if folder() is not None:
        texts = [text for text in labelled_texts() if len(text.split()) >= 50]
        print(f"Near copies: share of {len(texts)} texts still found, by share of words edited")
        for share in SHARES:
            print(f"  {share:4.0%}  {recall(texts, share):.3f}")
        wrong, most = false_matches(texts)
        print(f"  false matches among {len(texts) * (len(texts) - 1) // 2} pairs: {wrong}; the most alike: {most:.2f}")
        started = time.process_time()
        for text in texts:
            fingerprint(text)
        print(f"  CPU: {1000 * (time.process_time() - started) / len(texts):.2f} ms a fingerprint")
    memory()


def memory(held: int = HELD) -> None:
    """What fingerprints take: of pages in flight in Redis, of all others in the index."""
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        server, url = start_valkey(Path(place))
        try:
            print(f"  a page in flight: {_in_flight(connect(url), min(held, 20_000), dice):.0f} bytes of Redis")
        finally:
            server.terminate()
            server.wait(30)
    with tempfile.TemporaryDirectory() as place:
        bytes_each, seconds = _in_index(Path(place), held, dice)
        print(f"  a fingerprint among {held:,} in the index: {bytes_each:.0f} bytes on disk; {seconds:.1f} s of CPU")


def _documents(many: int, dice: random.Random, *, marked: bool) -> list[Document]:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return [
        Document(
            id=f"{dice.getrandbits(128):032x}"[:22],
            version=1,
            fetched_at=now,
            indexed_at=now,
            text="",
            word_count=0,
            reading_minutes=0,
            fingerprint=f"{dice.getrandbits(2048):0512x}" if marked else None,
        )
        for _ in range(many)
    ]


class _Nothing:
    """An index that holds nothing."""

    def get(self, _: str) -> None:
        return None

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[str, str, str]]:
        return []


def _in_flight(client: redis.Redis, many: int, dice: random.Random) -> float:
    stories = Stories(client, "q:", _Nothing())
    before = client.info("memory")["used_memory"]
    for _ in range(0, many, 500):
        stories.assign(_documents(500, dice, marked=True))
    return float(client.info("memory")["used_memory"] - before) / many


def _in_index(place: Path, many: int, dice: random.Random) -> tuple[float, float]:
    sizes, started = [], time.process_time()
    for marked in (False, True):
        writer = TantivyWriter(place / str(marked))
        for _ in range(0, many, 5_000):
            writer.index(_documents(min(5_000, many), dice, marked=marked))
        writer.close()
        sizes.append(int(subprocess.check_output(["du", "-sb", str(place / str(marked))]).split()[0]))
    return (sizes[1] - sizes[0]) / many, time.process_time() - started
