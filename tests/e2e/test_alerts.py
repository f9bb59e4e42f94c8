"""Alerts through the whole house: of each page that becomes searchable, whatever is killed meanwhile."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.integration.saved_searches.hooks import Hook, hook
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(400)]
PAGES = 400
ROOT = "/v1/saved-searches"


@pytest.fixture
def hooked() -> Iterator[Hook]:
    with hook() as made:
        yield made


@pytest.fixture
def house() -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    stack = Stack(
        folder,
        lease_seconds=5,
        retry_first_seconds=0.1,
        index_batch=20,
        index_gather_seconds=0,
        alerts_private_hosts="127.0.0.1",
        alerts_retry_seconds=0.1,
        alerts_timeout_seconds=5,
    )
    yield stack.start()
    stack.stop()
    shutil.rmtree(folder)


def page(number: int) -> str:
    text = f"Report {number}\n\nThe ferry of line {number} runs again after eleven weeks in the dock of the harbour."
    return json.dumps({"url": f"https://many.example/{number}", "content_type": "text/plain", "content": text})


def post(client: httpx.Client, numbers: range) -> None:
    body = "\n".join(map(page, numbers))
    told = client.post("/v1/pages/batch", content=body, headers={"Content-Type": "application/x-ndjson"}, timeout=60)
    assert told.raise_for_status().json()["accepted"] == len(numbers)


def save(client: httpx.Client, q: str, **asked: Any) -> str:
    made = client.post(ROOT, json={"name": q, "query": {"q": q}, **asked}).raise_for_status().json()
    return str(made["id"])


def inbox(client: httpx.Client, search: str) -> list[dict[str, Any]]:
    """Every alert, oldest first."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        told = client.get(f"{ROOT}/{search}/inbox", params={"order": "oldest", "size": 100, **cursor}).json()
        found += told["items"]
        if len(told["items"]) < 100:
            return found
        cursor = {"cursor": told["next"]}


def until(holds: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def index_workers(house: Stack) -> list[psutil.Process]:
    """The index worker and its pool process."""
    return [process for process in house.processes() if _is_index(process)]


def _is_index(process: psutil.Process) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return "-Q" in words and words[words.index("-Q") + 1] == "index"


def kill(house: Stack) -> int:
    """kill -9 of the index worker with all its processes; how many there were."""
    killed = 0
    for process in index_workers(house):
        try:
            process.kill()
            killed += 1
        except psutil.NoSuchProcess:
            continue
    return killed


def test_kills_of_the_index_worker_lose_no_alert(house: Stack, hooked: Hook) -> None:
    with house.client() as client:
        search = save(client, "ferries -nothing", webhook={"url": hooked.url})
        killed = 0
        for at in range(0, PAGES, 50):
            post(client, range(at, at + 50))
            done = client.get(f"{ROOT}/{search}").json()["alerts"]
            until(lambda done=done: client.get(f"{ROOT}/{search}").json()["alerts"] > done)  # type: ignore[misc]
            killed += kill(house)
        house.drained(200)
        assert killed >= PAGES // 50
        alerts = inbox(client, search)
        searchable = client.get("/v1/search", params={"q": "ferries", "size": 0}).json()["total"]["value"]
        assert searchable == PAGES
        assert len(alerts) == len({alert["document"]["id"] for alert in alerts}) == PAGES
        until(lambda: set(hooked.pages()) == {alert["document"]["id"] for alert in alerts})
        delivery = client.get(f"{ROOT}/{search}").json()["webhook"]["delivery"]
        assert delivery["undelivered"] == 0


def test_a_page_is_told_once_until_it_reads_otherwise(house: Stack, hooked: Hook) -> None:
    with house.client() as client:
        search = save(client, "harbour", webhook={"url": hooked.url})
        known = {"url": "https://one.example/", "content_type": "text/plain"}

        def send(text: str, day: int) -> None:
            asked = {**known, "content": text, "fetched_at": f"2024-01-{day:02}T00:00:00Z", "tags": [f"day {day}"]}
            told = client.post("/v1/pages", params={"wait": "searchable", "timeout": 60}, json=asked, timeout=90)
            assert told.json()["state"] == "searchable"

        first = "The ferry lies in the harbour, and will not run before the spring, it is said."
        send(first, 1)
        send(first, 2)
        (alert,) = inbox(client, search)
        assert alert["document"]["summary"].startswith("The ferry lies")
        send(f"{first} Now it runs.", 3)
        assert len(inbox(client, search)) == 2
        other = save(client, "dock")
        assert inbox(client, other) == []
        assert client.delete(f"{ROOT}/{search}").status_code == 204
        send(f"{first} The harbour is closed.", 4)
        assert client.get(f"{ROOT}/{search}/inbox").status_code == 404
        assert client.get(ROOT).json()["total"] == 1
