"""The index built anew by the command line, while pages come and go and the index worker is killed."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.many_pages import in_background, post, report, total
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(400)]
PAGES = 1500


@pytest.fixture
def house() -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    stack = Stack(folder, lease_seconds=5, clean_workers=2, retry_first_seconds=0.1)
    yield stack.start()
    stack.stop()
    shutil.rmtree(folder)


def kill_the_index_worker(house: Stack, times: int) -> int:
    """kill -9 of its pool process while a rebuild fills; how often."""
    killed, seen, until = 0, -1, time.monotonic() + 120
    while killed < times and time.monotonic() < until:
        rebuild = report(house)["rebuild"]
        if rebuild is None:
            continue
        if rebuild["ended_at"]:
            break
        if rebuild["state"] == "filling" and rebuild["done"] > seen:
            for victim in house.workers("index"):
                try:
                    victim.kill()
                except psutil.NoSuchProcess:
                    continue
                killed, seen = killed + 1, rebuild["done"]
        time.sleep(0.05)
    return killed


def test_a_rebuild_through_kills_and_traffic_and_the_way_back(house: Stack) -> None:
    old = post(house, range(PAGES))
    house.drained()
    thread, ended = in_background(house, "index", "rebuild", "--json")
    assert kill_the_index_worker(house, 2) >= 1
    new = post(house, range(PAGES, PAGES + 100))
    gone = [*old[::100], new[7]]
    assert house.run("delete", "--yes", *gone).returncode == 0
    thread.join(300)
    (done,) = ended
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["rebuild"]
    assert (told["state"], told["comparison"]["unexplained"]) == ("live", 0)
    counts = house.drained()
    assert counts["balanced"]
    assert counts["dead"] == 0
    left = PAGES + 100 - len(gone)
    assert total(house) == left
    assert total(house, "foundonce700") == 0, "deleted"
    assert total(house, "foundonce701") == 1

    post(house, range(PAGES + 100, PAGES + 110))
    house.drained()
    back = house.run("index", "rollback")
    assert back.returncode == 0, back.stderr
    assert total(house) == left + 10
    shown = {each["role"]: each["documents"] for each in report(house)["generations"]}
    assert shown == {"live": left + 10, "kept": left + 10}
    assert house.run("index", "retire").returncode == 0
    refused = house.run("index", "rollback")
    assert (refused.returncode, "no earlier" in refused.stderr) == (1, True)
    status = house.run("index", "status")
    assert "plain" in status.stdout
    assert house.run("index", "rebuild", "--cancel").returncode == 1


def test_a_lost_index_comes_back_from_raw_pages(house: Stack) -> None:
    ids = post(house, range(60))
    house.drained()
    assert house.run("delete", "--yes", ids[3]).returncode == 0
    time.sleep(1)
    house.stop()
    shutil.rmtree(house.data / "index")
    house.start()
    assert total(house) == 0
    done = house.run("index", "rebuild", "--from-raw", timeout=120)
    assert done.returncode == 0, done.stderr
    assert total(house) == 59
    assert total(house, "foundonce3") == 0
    assert total(house, "foundonce4") == 1
