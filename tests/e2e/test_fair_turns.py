"""One key floods the line under ever new sources; through the whole house, the other key's pages do not wait for it."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]
FLOOD, HONEST = 1200, 40


@pytest.fixture
def house() -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    stack = Stack(folder, clean_workers=1)
    yield stack.start()
    stack.stop()
    shutil.rmtree(folder)


def client_of(house: Stack, *scopes: str) -> httpx.Client:
    """A client with a new key."""
    wanted = [word for scope in scopes for word in ("--scope", scope)]
    made = json.loads(house.run("keys", "add", "somebody", *wanted, "--json").stdout)
    return httpx.Client(base_url=house.url, headers={"Authorization": f"Bearer {made['key']}"}, timeout=60)


def page(sender: str, number: int, source: str) -> str:
    content = f"Page {number} of {sender}. It says little, and says it once."
    return json.dumps({"url": f"https://{sender}.example/{number}", "content": content, "source": source})


def post(client: httpx.Client, pages: list[str]) -> None:
    told = client.post(
        "/v1/pages/batch", content="\n".join(pages), headers={"Content-Type": "application/x-ndjson"}
    ).json()
    assert told.get("accepted") == len(pages), told


def test_a_flood_under_a_thousand_sources_takes_one_key_s_share(house: Stack) -> None:
    with client_of(house, "admin") as admin, client_of(house, "ingest") as flood, client_of(house, "ingest") as honest:
        admin.post("/v1/monitor/rooms/clean/pause", json={}).raise_for_status()
        post(flood, [page("flood", number, f"r{number}") for number in range(FLOOD)])
        post(honest, [page("honest", number, "feed") for number in range(HONEST)])
        admin.post("/v1/monitor/rooms/clean/resume", json={}).raise_for_status()
        ended: list[str] = []
        with admin.stream("GET", "/v1/outcomes", headers={"Accept": "text/event-stream"}) as stream:
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    ended.append(json.loads(line[5:])["source"])
                if len(ended) == FLOOD + HONEST:
                    break
        assert ended.count("feed") == HONEST
        last = len(ended) - ended[::-1].index("feed")
        assert last < FLOOD // 2, f"the last honest page was number {last} of {len(ended)}"
        assert admin.get("/v1/monitor/ledger").json()["balanced"]
