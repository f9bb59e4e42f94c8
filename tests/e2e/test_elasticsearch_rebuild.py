"""The index in Elasticsearch built anew by the command line, by three processes at once, while pages come and go."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.many_pages import in_background, post, report, total
from tests.stack import Stack

pytestmark = [pytest.mark.elasticsearch, pytest.mark.processes, pytest.mark.timeout(400)]
PAGES = 400
LONG_WORDS = 15_000
"""Strange ones, which cost the most."""


@pytest.fixture
def house(tmp_path: Path, elasticsearch_url: str, elasticsearch_prefix: str) -> Iterator[Stack]:
    """The house, and a second worker of the index room with two processes."""
    stack = Stack(
        tmp_path / "data",
        search_url=elasticsearch_url,
        search_prefix=elasticsearch_prefix,
        search_replicas=0,
        clean_workers=2,
    ).start()
    with (tmp_path / "second.log").open("wb") as log:
        second = subprocess.Popen(
            [sys.executable, "-m", "services.cli.main", "work", "index", "--concurrency", "2"],
            env=stack.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    yield stack
    second.terminate()
    second.wait(60)
    stack.stop()


def ended(house: Stack, *arguments: str) -> dict[str, Any]:
    """One `pagemill index` command, and what it told of the rebuild."""
    done = house.run("index", *arguments, "--json", timeout=200)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)["rebuild"]
    return told


def gone(house: Stack, count: int) -> None:
    """Waits until so many are left: deletes are done by the index room."""
    until = time.monotonic() + 30
    while total(house) != count and time.monotonic() < until:
        time.sleep(0.1)
    assert total(house) == count


def test_rebuilds_of_both_kinds_through_traffic_and_the_way_back(house: Stack, elasticsearch_prefix: str) -> None:
    old = post(house, range(PAGES))
    house.drained(120)
    thread, done = in_background(house, "index", "rebuild", "--json")
    new = post(house, range(PAGES, PAGES + 60))
    assert house.run("delete", "--yes", *old[::100], new[7]).returncode == 0
    thread.join(300)
    assert done[0].returncode == 0, done[0].stderr
    told = json.loads(done[0].stdout)["rebuild"]
    assert (told["state"], told["comparison"]["unexplained"]) == ("live", 0)
    counts = house.drained()
    assert (counts["balanced"], counts["dead"]) == (True, 0)
    left = PAGES + 60 - 5
    gone(house, left)
    assert total(house, "foundonce100") == 0, "deleted"
    assert total(house, "foundonce101") == total(house, f"foundonce{PAGES + 1}") == 1

    post(house, range(PAGES + 60, PAGES + 70))
    house.drained()
    assert ended(house, "rollback")["state"] == "rolled-back"
    gone(house, left + 10)
    shown = {each["role"]: (each["name"], each["documents"]) for each in report(house)["generations"]}
    assert shown == {
        "live": (f"{elasticsearch_prefix}documents-000001", left + 10),
        "kept": (f"{elasticsearch_prefix}documents-000002", left + 10),
    }
    status = house.run("index", "status")
    assert "documents-000001" in status.stdout.replace("\n", "")
    assert ended(house, "retire")["state"] == "retired"

    thread, done = in_background(house, "index", "rebuild", "--from-raw", "--json")
    late = post(house, range(PAGES + 70, PAGES + 90))
    assert house.run("delete", "--yes", old[1], late[3]).returncode == 0
    thread.join(300)
    assert done[0].returncode == 0, done[0].stderr
    told = json.loads(done[0].stdout)["rebuild"]
    assert (told["state"], told["broken"], told["rejected"]) == ("live", {}, {})
    assert told["cleaned"] >= left
    house.drained()
    gone(house, left + 10 + 20 - 2)
    assert total(house, "foundonce2") == 1
    assert house.ledger()["balanced"]
    assert house.run("index", "rollback").returncode == 0
    gone(house, left + 10 + 20 - 2)


def test_a_lost_index_comes_back_from_raw_pages(
    house: Stack, elasticsearch_url: str, elasticsearch_prefix: str
) -> None:
    ids = post(house, range(40))
    house.drained(120)
    assert house.run("delete", "--yes", ids[3]).returncode == 0
    gone(house, 39)
    httpx.delete(f"{elasticsearch_url}/{elasticsearch_prefix}documents-000001").raise_for_status()
    assert house.run("index", "setup").returncode == 0
    assert total(house) == 0
    assert ended(house, "rebuild", "--from-raw")["state"] == "live"
    assert (total(house), total(house, "foundonce3"), total(house, "foundonce4")) == (39, 0, 1)


def test_an_index_that_was_set_aside_is_adopted_for_want_of_another_and_made_good_from_raw_pages(
    house: Stack, elasticsearch_url: str, elasticsearch_prefix: str
) -> None:
    """An empty index was adopted by mistake, and goes away again, with pages and deletes that came meanwhile."""
    first, wrong = (f"{elasticsearch_prefix}documents-00000{number}" for number in (1, 9))
    ids = post(house, range(40))
    house.drained(120)
    with httpx.Client(base_url=elasticsearch_url, timeout=30) as engine:
        engine.put(f"/{wrong}").raise_for_status()
        both = (f"{elasticsearch_prefix}documents", f"{elasticsearch_prefix}documents-write")
        lost = [{"remove": {"index": first, "alias": alias}} for alias in both]
        engine.post("/_aliases", json={"actions": lost}).raise_for_status()
        assert house.run("index", "setup", "--adopt", wrong).returncode == 0
        post(house, range(40, 45))
        house.drained(120)
        assert house.run("delete", "--yes", ids[3]).returncode == 0
        house.drained(120)
        assert total(house) == 5
        engine.post("/_aliases", json={"actions": [{"remove": {"index": wrong, "alias": each}} for each in both]})
        refused = house.run("index", "setup", "--adopt", first)
        assert (refused.returncode, f"{first} lacks what was written" in refused.stderr) == (1, True), refused.stderr
        engine.delete(f"/{wrong}").raise_for_status()
    adopted = house.run("index", "setup", "--adopt", first)
    assert (adopted.returncode, "pagemill index rebuild --from-raw" in adopted.stdout) == (0, True)
    assert (total(house), total(house, "foundonce42")) == (40, 0)
    assert ended(house, "rebuild", "--from-raw")["state"] == "live"
    assert (total(house), total(house, "foundonce3"), total(house, "foundonce42")) == (44, 0, 1)


def test_texts_that_take_long_are_copied_while_several_processes_could_take_them_from_each_other(house: Stack) -> None:
    texts = (" ".join(f"w{word}q{text}é漢字" for word in range(LONG_WORDS)) for text in range(4))
    with house.client() as client:
        for number, content in enumerate(texts):
            long = {"url": f"https://long.example/{number}", "content_type": "text/plain", "content": content}
            client.post("/v1/pages", json=long).raise_for_status()
    post(house, range(60))
    house.drained(300)
    assert total(house) == 64
    told = ended(house, "rebuild")
    assert (told["state"], told["copied"], told["trouble"]) == ("live", 64, None)
    assert (told["comparison"]["found"], total(house)) == (64, 64)
