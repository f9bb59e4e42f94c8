"""Given pages that wait, then each second their rooms are rung, whatever has happened to the ledger meanwhile."""

import queue
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.monitor.movement import Movement
from services.sweep import Sweeper
from shared.ledger.carried import Offer
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.models.receipt import Room
from shared.settings import Settings
from tests.conftest import start_valkey


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a Unix socket's may not be long."""
    path = Path(tempfile.mkdtemp(prefix="pm-"))
    yield path
    shutil.rmtree(path)


def eventually(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


def test_a_sweep_rings_the_rooms_where_pages_wait_and_no_other(ledger: Ledger) -> None:
    rung: list[Room] = []
    sweeper = Sweeper(ledger, rung.append, Movement(stalled_seconds=30))
    sweeper.sweep()
    assert rung == []
    ledger.accept([Offer(id="p", frame=b"x", content_key="1")])
    sweeper.sweep()
    assert rung == ["clean"]


def test_a_lease_that_ran_out_goes_back_in_line_and_its_room_is_rung(ledger: Ledger) -> None:
    rung: list[Room] = []
    ledger.accept([Offer(id="p", frame=b"x", content_key="1")])
    (lease,) = ledger.take("clean", 1)
    client = ledger.receipts._scripts.client
    client.zadd("pm:l:clean", {f"{lease.id}:{lease.version}": 0}, xx=True)
    Sweeper(ledger, rung.append, Movement(stalled_seconds=30)).sweep()
    assert rung == ["clean"]
    assert ledger.counts().working == 0


def test_pages_that_nobody_takes_are_seen_as_a_standstill(ledger: Ledger) -> None:
    movement = Movement(stalled_seconds=0)
    ledger.accept([Offer(id="p", frame=b"x", content_key="1")])
    sweeper = Sweeper(ledger, lambda _: None, movement)
    sweeper.sweep()
    sweeper.sweep()
    assert "clean" in movement.standstill()


def test_sweeping_outlives_the_ledger_and_speaks_once_of_an_outage(folder: Path) -> None:
    process, url = start_valkey(folder)
    rung: queue.SimpleQueue[Room] = queue.SimpleQueue()
    client = connect(url)
    ledger = Ledger(client, Settings())
    sweeper = Sweeper(ledger, rung.put, Movement(stalled_seconds=30), every_seconds=0.01)
    ledger.accept([Offer(id="p", frame=b"x", content_key="1")])
    with capture_logs() as logs:
        sweeper.start()
        assert rung.get(timeout=20) == "clean"
        process.kill()
        process.wait(10)
        eventually(lambda: logs)
        time.sleep(0.2)
        process, _ = start_valkey(folder)
        eventually(lambda: logs[-1]["event"] == "ledger is back")
        while not rung.empty():
            rung.get()
        assert rung.get(timeout=20) == "clean"
        sweeper.close()
    client.close()
    process.terminate()
    process.wait(10)
    assert [entry["log_level"] for entry in logs] == ["warning", "info"]


def test_a_sweeper_that_was_closed_sweeps_no_more(ledger: Ledger) -> None:
    rung: list[Room] = []
    ledger.accept([Offer(id="p", frame=b"x", content_key="1")])
    sweeper = Sweeper(ledger, rung.append, Movement(stalled_seconds=30), every_seconds=0.01)
    sweeper.start()
    eventually(lambda: rung)
    sweeper.close()
    seen = len(rung)
    time.sleep(0.1)
    assert len(rung) == seen
