"""Pages that bring down what works on them, in real Celery workers on a real Valkey."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from shared.ledger.carried import DeadLetterFilter, Offer
from shared.ledger.ledger import Ledger
from shared.models.document import Document
from shared.models.raw_page import Submission
from shared.packing import pack
from shared.search.tantivy import TantivyIndex
from shared.settings import Settings

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

STORY = (
    "The ferry between the two islands will run again from Monday, the harbour office said. "
    "It had been laid up for eleven weeks after a crack was found in its bow thruster. "
    "Repairs cost more than the council had set aside, and took longer than anyone had hoped."
)


@pytest.fixture
def workers(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> Iterator[None]:
    """One Celery worker for each room, on the poisoned floor plan."""
    environment = {
        **os.environ,
        "PAGEMILL_REDIS_URL": valkey_url,
        "PAGEMILL_DATA": str(tmp_path),
        "PAGEMILL_PAGE_SECONDS": "1",
        "PAGEMILL_LEASE_SECONDS": "20",
        "PAGEMILL_RETRY_FIRST_SECONDS": "0.1",
        "PAGEMILL_ENRICH_AGAIN_SECONDS": "0",
    }
    command = [sys.executable, "-m", "celery", "-A", "tests.integration.workers.poisoned", "worker", "-P", "prefork"]
    flags = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "warning"]
    logs = [(tmp_path / f"{room}.log").open("wb") for room in ("clean", "enrich", "index", "solo")]
    started = [
        subprocess.Popen(
            [*command, "-Q", room, "-c", "1", "-n", f"{room}@test", *flags],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        for room, log in zip(("clean", "enrich", "index", "solo"), logs, strict=True)
    ]
    yield
    for process in started:
        process.terminate()
    for process, log in zip(started, logs, strict=True):
        process.wait(60)
        log.close()


def offer(page_id: str, body: str) -> Offer:
    frame = pack(Submission(id=page_id, content_type="text/plain"), body.encode())
    return Offer(id=page_id, frame=frame, content_key="k", request_id=f"asked-{page_id}")


def drained(ledger: Ledger, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        counts = ledger.counts()
        assert counts.balanced
        if not counts.waiting + counts.working:
            return True
        time.sleep(0.2)
    return False


def told_in(folder: Path) -> set[tuple[str, str, str, str | None, str | None]]:
    """How pages left rooms, as the workers' logs have it: page, room, outcome, reason, request."""
    lines = (line for path in folder.glob("*.log") for line in path.read_text(errors="replace").splitlines())
    told = [json.loads(line) for line in lines if '"page left room"' in line]
    return {(each["page"], each["room"], each["outcome"], each.get("reason"), each.get("request_id")) for each in told}


def test_poison_ends_as_dead_letters_after_five_tries_and_its_neighbours_are_indexed(
    workers: None, valkey: redis.Redis, tmp_path: Path
) -> None:
    ledger = Ledger(valkey, Settings())
    traps = ["RAISE", "HANG", "KILL", "MEMORY", "RECURSE"]
    pages = [offer(f"healthy-{n}", f"Number {n} of the harbour reports\n\n{STORY} Report {n}.") for n in range(30)]
    for place, trap in enumerate(traps):
        pages.insert(place * 6, offer(trap.lower(), f"{trap} {STORY}"))
    ledger.accept(pages)
    assert drained(ledger, 120), ledger.counts()
    dead = {letter.id: letter for letter in ledger.dead_letters.find(DeadLetterFilter()).items}
    assert set(dead) == {trap.lower() for trap in traps}, "no healthy page is dead"
    assert all(letter.attempts <= 5 for letter in dead.values()), {i: d.attempts for i, d in dead.items()}
    assert {i: d.reason for i, d in dead.items()} == {
        "raise": "crashed",
        "hang": "worker-lost",
        "kill": "worker-lost",
        "memory": "out-of-memory",
        "recurse": "crashed",
    }
    assert "this page is poison" in (dead["raise"].traceback or "")
    assert "longer than PAGEMILL_PAGE_SECONDS, 1 s" in (dead["hang"].detail or "")
    assert "poisoned.py" in (dead["hang"].traceback or ""), "where it hung"
    assert "killed over this page" in (dead["kill"].detail or "")
    assert ledger.counts().searchable == 30
    for trap in ("kill", "hang"):
        ends = {each for each in told_in(tmp_path) if each[0] == trap}
        assert ends == {
            (trap, "clean", "alone", "worker-lost", f"asked-{trap}"),
            (trap, "solo", "dead", "worker-lost", f"asked-{trap}"),
        }


def test_a_step_of_enrichment_that_ends_its_process_costs_the_step_and_not_the_page(
    workers: None, valkey: redis.Redis, tmp_path: Path
) -> None:
    ledger = Ledger(valkey, Settings())
    ledger.accept([offer("bad-step", f"STEP {STORY}"), offer("healthy", f"Of other things. {STORY}")])
    assert drained(ledger, 120), ledger.counts()
    assert ledger.dead_letters.find(DeadLetterFilter()).total == 0
    with_it = TantivyIndex(tmp_path / "index", cursor_idle_seconds=60, snapshots_max=2)
    document = _waited_for(with_it, "bad-step")
    assert set(document.enrichment.values()) == {"done"}, "it was tried again"
    assert document.revision == 1
    assert "enrichment-incomplete" not in document.quality
    assert document.language == "en"
    with_it.close()


def _waited_for(index: TantivyIndex, page_id: str) -> Document:
    """The document, once it has been enriched again."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        document = index.get(page_id)
        if document and document.revision:
            return document
        time.sleep(0.2)
    raise AssertionError(f"{page_id} was not enriched again")
