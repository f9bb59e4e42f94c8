"""kill -9 of any worker process while pages walk through the whole house."""

import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.bench.pages import sentence
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(400)]
PAGES = 2000


@pytest.fixture
def house() -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    stack = Stack(folder, lease_seconds=5, clean_workers=2, retry_first_seconds=0.1)
    yield stack.start()
    stack.stop()
    shutil.rmtree(folder)


def page(number: int) -> str:
    dice = random.Random(number)
    story = "\n\n".join(" ".join(sentence(dice) for _ in range(4)) for _ in range(4))
    content = f"{sentence(dice)[:-1]}\n\nThe number of this one is foundonce{number}. {story}"
    return json.dumps({"url": f"https://many.example/{number}", "content_type": "text/plain", "content": content})


def kill_somebody(stack: Stack, dice: random.Random) -> None:
    """Ends a pool process, or now and then a whole worker, of any room."""
    room = dice.choice(["clean", "clean", "enrich", "index", "solo"])
    victims = list(stack.workers(room))
    if victims:
        victim = dice.choice(victims)
        parent = victim.parent()
        try:
            (parent if parent and dice.random() < 0.2 else victim).kill()
        except psutil.NoSuchProcess:
            return


def test_two_thousand_pages_walk_through_kills_and_none_is_lost_or_indexed_twice(house: Stack) -> None:
    dice = random.Random(7)
    accepted: set[str] = set()
    kills = 0
    with house.client() as client:
        for at in range(0, PAGES, 200):
            told = client.post(
                "/v1/pages/batch",
                content="\n".join(page(n) for n in range(at, at + 200)),
                headers={"Content-Type": "application/x-ndjson"},
            ).json()
            assert told["accepted"] == 200, told
            accepted |= {result["id"] for result in told["results"]}
            kill_somebody(house, dice)
            kills += 1
        assert len(accepted) == PAGES
        until = time.monotonic() + 240
        while True:
            counts = house.ledger()
            assert counts["balanced"], counts
            if not counts["waiting"] + counts["working"]:
                break
            assert time.monotonic() < until, f"pages still walk: {counts}"
            if kills < 40:
                kill_somebody(house, dice)
                kills += 1
            time.sleep(0.5)
        assert counts["accepted"] == counts["searchable"] == PAGES, counts
        assert counts["dead"] == 0, "no healthy page is dead"
        everything = client.get("/v1/search", params={"size": 0}).json()
        assert everything["total"] == {"value": PAGES, "exact": True}
        for number in dice.sample(range(PAGES), 50):
            found = client.get("/v1/search", params={"q": f"foundonce{number}"}).json()
            assert [hit["url"] for hit in found["hits"]] == [f"https://many.example/{number}"]
        ended = outcomes(house)
    assert {page_id for page_id, state in ended if state == "searchable"} == accepted
    assert len(ended) == PAGES, "each accepted page ends once"


def outcomes(stack: Stack) -> list[tuple[str, str]]:
    """Everything that ended, in order."""
    found: list[tuple[str, str]] = []
    after = None
    with stack.client() as client:
        while True:
            lines = client.get("/v1/outcomes", params={"after": after} if after else {}).text.splitlines()
            if not lines:
                return found
            for line in lines:
                told = json.loads(line)
                found.append((told["id"], told["state"]))
                after = told["cursor"]
