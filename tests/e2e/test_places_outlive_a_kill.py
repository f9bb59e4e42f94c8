"""The whole house killed and begun again: whoever pages through results or reads an export goes on where they were."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

COUNT = 90
SEARCH: dict[str, Any] = {"q": "harbour", "size": 30, "sort": "indexed"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path / "data").start()
    yield stack
    stack.stop()


def post(house: Stack, client: httpx.Client, text: str) -> None:
    """The same pages with another text, searchable when this returns."""
    pages = [{"url": f"https://sea.example/{n}", "content": f"{text} number {n} by the sea."} for n in range(COUNT)]
    told = client.post("/v1/pages/batch", json=pages).raise_for_status().json()
    assert told["accepted"] == COUNT
    house.drained()


def kill(house: Stack) -> None:
    """kill -9 of every process of the house, of the one that would start others anew first."""
    processes = house.processes()
    assert house.process is not None
    house.process.kill()
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=30)
    house.stop()


def ids(answer: Any) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


def test_cursors_and_exports_outlive_a_kill_of_everything(house: Stack) -> None:
    with house.client() as client:
        post(house, client, "The old harbour")
        whole = ids(client.get("/v1/search", params={**SEARCH, "size": 100}).json())
        first = client.get("/v1/search", params=SEARCH).json()
        file = client.get("/v1/export", params={"q": "harbour"})
    kill(house)
    house.start()
    token, half = file.headers["pagemill-export"], len(file.content) // 2
    with house.client() as client:
        post(house, client, "The new quay")
        assert client.get("/v1/search", params=SEARCH).json()["total"]["value"] == 0
        second = client.get("/v1/search", params={**SEARCH, "cursor": first["next"]}).json()
        third = client.get("/v1/search", params={**SEARCH, "cursor": second["next"]}).json()
        rest = client.get("/v1/export", params={"q": "harbour", "export": token, "offset": half})
        told = client.get("/v1/export/manifest", params={"q": "harbour", "export": token, "wait": 30}).json()
    assert ids(first) + ids(second) + ids(third) == whole
    assert len(whole) == COUNT
    assert rest.content == file.content[half:]
    assert (told["complete"], told["sha256"]) == (True, hashlib.sha256(file.content).hexdigest())
