"""Near copies among a million fingerprints: what one takes on disk and in memory, and what it costs to look for a copy.

Documents are a title and a fingerprint of chance, written to the embedded index directly.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

import psutil

from shared import clients
from shared.models.document import Document
from shared.search.port import SearchIndex
from shared.settings import Settings
from shared.stories.assigning import THRESHOLD
from shared.stories.fingerprint import PERMUTATIONS, VALUE_DIGITS, bands, similarity
from tests.bench.disk import on_disk
from tests.bench.report import heading, row

_BATCH: Final = 2_000
_ASKED: Final = 500
_KEPT: Final = 0.6
"""Of a copy's values, how many are the first one's: about as many as with 15 % of the words edited."""
_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


def _fingerprint(number: int) -> str:
    return f"{random.Random(number).getrandbits(16 * PERMUTATIONS):0{VALUE_DIGITS * PERMUTATIONS}x}"


def _copy_of(fingerprint: str, dice: random.Random) -> str:
    values = [fingerprint[at : at + VALUE_DIGITS] for at in range(0, len(fingerprint), VALUE_DIGITS)]
    return "".join(value if dice.random() < _KEPT else f"{dice.getrandbits(16):04x}" for value in values)


def _documents(first: int, end: int, *, fingerprints: bool) -> Iterator[Document]:
    for number in range(first, end):
        yield Document(
            id=f"p{number:09d}",
            version=1,
            title=f"Story {number}",
            text=f"Story {number}",
            fetched_at=_AT,
            indexed_at=_AT,
            word_count=2,
            reading_minutes=1,
            story=f"p{number:09d}",
            fingerprint=_fingerprint(number) if fingerprints else None,
        )


def _fill(settings: Settings, first: int, end: int, *, fingerprints: bool) -> None:
    writer = clients.index_writer(settings)
    documents = _documents(first, end, fingerprints=fingerprints)
    while batch := list(islice(documents, _BATCH)):
        writer.index(batch)
    writer.close()


def _looked_for(index: SearchIndex, count: int) -> None:
    """Copies of pages that are there, and pages that nothing is like: how many are found, and the CPU of asking."""
    dice = random.Random(count)
    there = [dice.randrange(count) for _ in range(_ASKED)]
    copies = [_copy_of(_fingerprint(number), dice) for number in there]
    strangers = [_fingerprint(count + number + 1) for number in range(_ASKED)]
    begun = time.process_time()
    found = [_nearest(index, copy) for copy in copies]
    met = [_nearest(index, stranger) for stranger in strangers]
    spent = time.process_time() - begun
    row(f"{count:,} fingerprints: looking for one", spent * 1000 / (2 * _ASKED), "ms of CPU")
    right = sum(story == f"p{number:09d}" for story, number in zip(found, there, strict=True))
    row("  copies found", 100 * right / _ASKED, "%", goal="95")
    row("  strangers taken for copies", float(sum(story is not None for story in met)), "of 500", goal="0")


def _nearest(index: SearchIndex, fingerprint: str) -> str | None:
    found = index.story_candidates(bands(fingerprint))
    near = [
        (likeness, story) for _, story, theirs in found if (likeness := similarity(fingerprint, theirs)) >= THRESHOLD
    ]
    return max(near)[1] if near else None


def measure(sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)) -> None:
    """Prints all of it."""
    heading("near copies by fingerprint in the embedded index")
    with tempfile.TemporaryDirectory() as folder:
        without, settings = Settings(data=Path(folder) / "without"), Settings(data=Path(folder) / "with")
        _fill(without, 0, sizes[0], fingerprints=False)
        bare = on_disk(clients.index_folder(without)) / sizes[0]
        first = 0
        for size in sizes:
            _fill(settings, first, size, fingerprints=True)
            first = size
            index = clients.search_index(settings)
            before = psutil.Process().memory_info().rss
            _looked_for(index, size)
            row("  a fingerprint on disk", on_disk(clients.index_folder(settings)) / size - bare, "bytes")
            grown = psutil.Process().memory_info().rss - before
            row("  memory that the search has touched", grown / size, "bytes a fingerprint")
            index.close()
