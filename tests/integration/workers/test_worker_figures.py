"""Given a running house whose workers serve figures, then every process can be scraped, and each page has its lines."""

import json
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.cli.worker_command import LANES, Lane
from tests.stack import Stack

pytestmark = pytest.mark.processes


def four_free_ports() -> int:
    """The first of four ports in a row that nobody listens on."""
    for first in range(42_000, 60_000, 7):
        try:
            held = [socket.create_server(("127.0.0.1", first + at)) for at in range(4)]
        except OSError:
            continue
        for each in held:
            each.close()
        return first
    raise RuntimeError("no four free ports in a row")


@pytest.fixture(scope="module")
def port() -> int:
    return four_free_ports()


@pytest.fixture(scope="module")
def scraped_mill(port: int) -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    stack = Stack(folder, metrics_listen=f"127.0.0.1:{port}", clean_workers=2, log_format="json")
    yield stack.start()
    stack.stop()
    shutil.rmtree(folder)


def figures(url: str) -> dict[tuple[str, str], float]:
    """Each figure by its name and its room, which is empty where it has none."""
    text = httpx.get(f"{url}/metrics", timeout=10).raise_for_status().text
    return {
        (sample.name, sample.labels.get("room", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of_worker(port: int, room: Lane) -> dict[tuple[str, str], float]:
    return figures(f"http://127.0.0.1:{port + LANES.index(room)}")


def test_workers_count_batches_and_writes_of_all_their_processes(scraped_mill: Stack, port: int) -> None:
    with scraped_mill.client() as client:
        for n in range(5):
            page = {"url": f"https://figures.example/{n}", "content": f"<p>Page number {n} of the figures.</p>" * 20}
            answer = client.post("/v1/pages?wait=searchable&timeout=50", json=page)
            assert answer.json()["state"] == "searchable"
    rooms: tuple[Lane, ...] = ("clean", "enrich", "index")
    for room in rooms:
        told = of_worker(port, room)
        assert told["pagemill_batch_pages_sum", room] == 5
        assert told["pagemill_worker_progress_timestamp_seconds", room] > time.time() - 120
        assert told["pagemill_worker_memory_bytes", room] > 1e7
    assert of_worker(port, "index")["pagemill_index_write_seconds_count", ""] >= 1


@pytest.mark.parametrize("room", LANES)
def test_every_worker_answers_and_tells_the_ledger_that_it_is_there(scraped_mill: Stack, port: int, room: Lane) -> None:
    assert of_worker(port, room)["pagemill_worker_processes", room] >= 1
    assert figures(scraped_mill.url)["pagemill_workers", room] == 1


def test_a_page_has_one_line_for_each_room_with_its_request(scraped_mill: Stack) -> None:
    page = {"url": "https://figures.example/lines", "content": "<p>A page with lines in the log.</p>" * 20}
    with scraped_mill.client() as client:
        told = client.post(
            "/v1/pages?wait=searchable&timeout=50", json=page, headers={"X-Request-Id": "asked-by-a-test"}
        ).json()
    lines = outcome_lines(scraped_mill, told["id"], 3)
    assert [(line["room"], line["outcome"]) for line in lines] == [
        (room, "done") for room in ("clean", "enrich", "index")
    ]
    assert {line["request_id"] for line in lines} == {"asked-by-a-test"}
    assert {line["version"] for line in lines} == {told["version"]}


def test_a_page_that_dies_has_a_line_that_says_why(scraped_mill: Stack) -> None:
    page = {"url": "https://figures.example/dead", "content": "<html><body></body></html>"}
    with scraped_mill.client() as client:
        told = client.post("/v1/pages?wait=searchable&timeout=50", json=page).json()
    (line,) = outcome_lines(scraped_mill, told["id"], 1)
    assert (line["room"], line["outcome"], line["reason"]) == ("clean", "dead", told["reason"])


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
