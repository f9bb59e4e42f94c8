"""The house with Elasticsearch in the place of the embedded index and archive, as `pagemill up` starts it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.elasticsearch, pytest.mark.processes]

TIDES = "The moon pulls the sea, and the sea follows twice a day. Harbours keep tables of it for their pilots."


@pytest.fixture
def house(tmp_path: Path, elasticsearch_url: str, elasticsearch_prefix: str) -> Iterator[Stack]:
    stack = Stack(
        tmp_path / "data", search_url=elasticsearch_url, search_prefix=elasticsearch_prefix, search_replicas=0
    )
    yield stack.start()
    stack.stop()


def post(client: httpx.Client, name: str, content: str, **fields: Any) -> dict[str, Any]:
    page = {"url": f"https://{name}.example/", "content": content, "content_type": "text/plain", **fields}
    answer = client.post("/v1/pages", params={"wait": "searchable", "timeout": 30}, json=page)
    told: dict[str, Any] = answer.raise_for_status().json()
    return told


def total(client: httpx.Client, q: str) -> int:
    answer = client.get("/v1/search", params={"q": q}).raise_for_status().json()
    return int(answer["total"]["value"])


@pytest.mark.smoke
def test_a_page_is_posted_found_shown_and_deleted(house: Stack, tmp_path: Path) -> None:
    with house.client() as client:
        receipt = post(client, "tides", f"# Tides\n\n{TIDES}", content_type="text/markdown")
        assert receipt["state"] == "searchable"
        hit = client.get("/v1/search", params={"q": "harbour pilot"}).json()["hits"][0]
        assert "<mark>Harbours</mark>" in hit["snippet"]
        page = receipt["id"]
        assert TIDES in client.get(f"/v1/documents/{page}").json()["text"]
        assert TIDES.encode() in client.get(f"/v1/pages/{page}/raw").content
        assert client.delete(f"/v1/pages/{page}").status_code == 202
        until = time.monotonic() + 30
        while total(client, "harbour") and time.monotonic() < until:
            time.sleep(0.05)
        assert total(client, "harbour") == 0
        assert client.get(f"/v1/documents/{page}").status_code == 404
        late = post(client, "tides", "An older text of it.", fetched_at="2020-01-01T00:00:00Z")
        assert late["status"] == "superseded"
    assert house.ledger()["balanced"]
    assert not (tmp_path / "data" / "index").exists()
    assert not (tmp_path / "data" / "archive.sqlite3").exists()


def test_pages_wait_while_an_alias_is_missing_and_setup_puts_it_back(
    house: Stack, elasticsearch_url: str, elasticsearch_prefix: str
) -> None:
    alias = {"index": f"{elasticsearch_prefix}documents-000001", "alias": f"{elasticsearch_prefix}documents-write"}
    with httpx.Client(base_url=elasticsearch_url) as engine, house.client() as client:
        engine.post("/_aliases", json={"actions": [{"remove": alias}]}).raise_for_status()
        page = {"url": "https://wait.example/", "content": TIDES, "content_type": "text/plain"}
        taken = client.post("/v1/pages", json=page).raise_for_status().json()
        until = time.monotonic() + 30
        told = ""
        while "pagemill index setup" not in told and time.monotonic() < until:
            stages = client.get(f"/v1/pages/{taken['id']}").json()["stages"]
            told = next((each["detail"] or "" for each in stages if each["name"] == "index"), "")
        assert "pagemill index setup" in told
        assert client.get("/readyz").status_code == 503
        assert house.ledger()["dead"] == 0
        assert house.run("index", "setup").returncode == 0
        house.drained()
        assert total(client, "moon") == 1
        both = [{"remove": alias}, {"remove": {**alias, "alias": f"{elasticsearch_prefix}documents"}}]
        engine.post("/_aliases", json={"actions": both}).raise_for_status()
        refused = house.run("index", "setup")
        assert (refused.returncode, "--adopt INDEX" in refused.stderr) == (1, True)
        assert house.run("index", "setup", "--adopt", alias["index"]).returncode == 0
        assert total(client, "moon") == 1
    shown = house.run("index", "status")
    assert f"{elasticsearch_prefix}documents-000001" in shown.stdout.replace("\n", "")
    assert "live" in shown.stdout
    again = house.run("index", "setup")
    assert (again.returncode, "there already" in again.stdout) == (0, True)


def test_an_engine_that_is_strained_lets_no_new_pages_in_says_so_and_deletes(
    house: Stack, elasticsearch_url: str
) -> None:
    prefix = house.environment["PAGEMILL_SEARCH_PREFIX"]
    index = f"/{prefix}archive-000001/_settings"
    with httpx.Client(base_url=elasticsearch_url) as engine, house.client() as client:
        page = post(client, "buoys", "Buoys mark the fairway.")["id"]
        engine.put(index, json={"index.blocks.read_only_allow_delete": True}).raise_for_status()
        refused = _until(client, 429)
        assert refused["code"] == "line-full"
        assert "read_only_allow_delete" in refused["detail"]
        ready = client.get("/readyz")
        assert (ready.status_code, "new pages get 429" in ready.text) == (503, True)
        doctor = house.run("doctor")
        assert (doctor.returncode, "ready: intake" in doctor.stdout) == (1, True)
        assert client.delete(f"/v1/pages/{page}").status_code == 202
        until = time.monotonic() + 30
        while total(client, "fairway") and time.monotonic() < until:
            time.sleep(0.05)
        assert total(client, "fairway") == 0
        engine.put(index, json={"index.blocks.read_only_allow_delete": None}).raise_for_status()
        _until(client, 202)
        house.drained()
    assert house.ledger()["dead"] == 0


def _until(client: httpx.Client, status: int) -> dict[str, Any]:
    """Posts until the answer has this status."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        page = {"url": f"https://p{time.monotonic()}.example/", "content": TIDES, "content_type": "text/plain"}
        answer = client.post("/v1/pages", json=page)
        if answer.status_code == status:
            told: dict[str, Any] = answer.json()
            return told
        time.sleep(0.2)
    raise TimeoutError(f"no {status}, the last one was {answer.status_code}: {answer.text}")
