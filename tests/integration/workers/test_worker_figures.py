"""Given a running house, then each of its processes can be scraped, and each page has its lines in the log."""

import json
import re
import time
from typing import Any

import pytest

from services.cli.worker_command import LANES, Lane
from shared.ledger.carried import Offer
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.settings import Settings
from tests.scraping import figures, worker_address
from tests.stack import Stack

pytestmark = pytest.mark.processes


def test_workers_count_batches_and_writes_of_all_their_processes(mill: Stack) -> None:
    rooms: tuple[Lane, ...] = ("clean", "enrich", "index")
    before = {room: figures(worker_address(mill, room))["pagemill_batch_pages_sum", room] for room in rooms}
    with mill.client() as client:
        for n in range(5):
            page = {"url": f"https://figures.example/{n}", "content": f"<p>Page number {n} of the figures.</p>" * 20}
            answer = client.post("/v1/pages?wait=searchable&timeout=50", json=page)
            assert answer.json()["state"] == "searchable"
    for room in rooms:
        told = figures(worker_address(mill, room))
        assert told["pagemill_batch_pages_sum", room] - before[room] >= 5
        assert told["pagemill_worker_progress_timestamp_seconds", room] > time.time() - 120
        assert told["pagemill_worker_memory_bytes", room] > 1e7
    assert figures(worker_address(mill, "index"))["pagemill_index_write_seconds_count", ""] >= 1


def test_no_figure_tells_when_it_was_made(mill: Stack) -> None:
    with mill.client() as client:
        client.get("/v1/search").raise_for_status()
        assert "_created" not in client.get("/metrics").text


@pytest.mark.parametrize("room", LANES)
def test_every_worker_answers_and_tells_the_ledger_that_it_is_there(mill: Stack, room: Lane) -> None:
    assert figures(worker_address(mill, room))["pagemill_worker_processes", room] >= 1
    assert figures(mill.url.removeprefix("http://"))["pagemill_workers", room] == 1


def test_a_page_has_one_line_for_each_room_with_its_request(mill: Stack) -> None:
    page = {"url": "https://figures.example/lines", "content": "<p>A page with lines in the log.</p>" * 20}
    with mill.client() as client:
        headers = {"X-Request-Id": "asked-by-a-test"}
        told = client.post("/v1/pages?wait=searchable&timeout=50", json=page, headers=headers).json()
    lines = outcome_lines(mill, told["id"], 3)
    assert [line["room"] for line in lines] == ["clean", "enrich", "index"]
    assert {line["outcome"] for line in lines} == {"done"}
    assert {line["request_id"] for line in lines} == {"asked-by-a-test"}
    assert {line["version"] for line in lines} == {told["version"]}


def test_a_page_that_dies_has_a_line_that_says_why(mill: Stack) -> None:
    page = {"url": "https://figures.example/dead", "content": "<html><body></body></html>"}
    with mill.client() as client:
        told = client.post("/v1/pages?wait=searchable&timeout=50", json=page).json()
    (line,) = outcome_lines(mill, told["id"], 1)
    assert (line["room"], line["outcome"], line["reason"]) == ("clean", "dead", told["reason"])


def test_a_page_whose_workers_host_is_gone_has_its_line_all_the_same(mill: Stack) -> None:
    client = connect(json.loads((mill.data / "pagemill.lock").read_text())["redis_url"])
    ledger = Ledger(client, Settings())
    ledger.pauses.pause("clean")
    ledger.accept([Offer(id="left", frame=b"x", content_key="k", request_id="asked-and-left")])
    for strikes in (0, 1):  # as a worker leaves it that is gone while it holds the page
        waiting: Any = client.zrange("pm:w:clean", 0, -1)
        member = waiting[0].decode()
        client.hset(f"pm:e:{member}", mapping={"st": "l", "tk": 1, "strikes": strikes})
        client.zrem("pm:w:clean", member)
        client.zadd("pm:l:clean", {member: 0})
        ledger.sweep()
    (line,) = outcome_lines(mill, "left", 1)
    assert (line["room"], line["outcome"], line["reason"]) == ("clean", "alone", "worker-lost")
    assert line["request_id"] == "asked-and-left"
    ledger.pauses.resume("clean")
    client.close()


def outcome_lines(stack: Stack, page: str, count: int) -> list[dict[str, object]]:
    """What the logs say of a page, in order, once there are so many lines: each is written behind its step."""
    until = time.monotonic() + 20
    while True:
        texts = [path.read_text() for path in (stack.data / "logs").iterdir()]
        told = [json.loads(line) for text in texts for line in re.findall(r"\{.*\}", text) if "page left room" in line]
        found = [line for line in told if line["page"] == page]
        if len(found) >= count or time.monotonic() > until:
            return sorted(found, key=lambda line: str(line["timestamp"]))
        time.sleep(0.1)
