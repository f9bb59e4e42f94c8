"""Pages that bring down the index process, beside others that do not: real processes of a copy with traps in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.senders import story
from tests.chaos.trees import tree
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with tree() as root:
        stack = Stack(tmp_path_factory.mktemp("trapped") / "d", root, clean_workers=1, retry_first_seconds=0.1)
        yield stack.start()
        stack.stop()


def pages(source: str, words: dict[int, str], count: int = 20) -> list[dict[str, Any]]:
    """Stories, of which some say a word that springs a trap in the index room."""
    return [
        {
            "url": f"https://{source}.example/{number}",
            "source": source,
            "content_type": "text/plain",
            "content": f"{story(number, source)} {words.get(number, '')}",
        }
        for number in range(count)
    ]


def ends(stack: Stack, posted: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Posts pages together and waits for their ends: the dead letters, and the receipts of all others."""
    with stack.client() as client:
        told = client.post("/v1/pages/batch", json=posted).raise_for_status().json()
        ids = [item["id"] for item in told["results"]]
        stack.drained(200)
        found = (
            client.get("/v1/dead-letters", params={"source": posted[0]["source"]}).raise_for_status().json()["items"]
        )
        dead = [client.get(f"/v1/dead-letters/{each['id']}").raise_for_status().json() for each in found]
        living = set(ids) - {letter["id"] for letter in dead}
        return dead, [client.get(f"/v1/pages/{page_id}").raise_for_status().json() for page_id in sorted(living)]


def test_a_page_that_kills_the_index_process_dies_alone_and_its_neighbours_are_indexed(trapped: Stack) -> None:
    (letter,), others = ends(trapped, pages("killing", {7: "INDEXKILL"}))
    assert (letter["reason"], letter["stage"], letter["attempts"] <= 5) == ("worker-lost", "index", True), letter
    assert "killed over this page" in letter["detail"]
    assert "SIGKILL" in letter["detail"]
    assert [receipt["state"] for receipt in others] == ["searchable"] * 19
    assert {stage["attempts"] for receipt in others for stage in receipt["stages"]} == {1}, "no neighbour was struck"


def test_a_page_that_fails_in_the_index_room_dies_alone_with_its_traceback(trapped: Stack) -> None:
    (letter,), others = ends(trapped, pages("failing", {3: "INDEXRAISE"}))
    assert (letter["reason"], letter["stage"], letter["attempts"] <= 5) == ("crashed", "index", True), letter
    assert "this page is poison" in letter["traceback"]
    assert [receipt["state"] for receipt in others] == ["searchable"] * 19
    assert {stage["attempts"] for receipt in others for stage in receipt["stages"]} == {1}, "no neighbour was struck"


def test_while_pages_kill_the_index_process_those_of_another_source_are_indexed(trapped: Stack) -> None:
    poison = pages("many", dict.fromkeys(range(0, 40, 10), "INDEXKILL"), count=40)
    with trapped.client() as client:
        client.post("/v1/pages/batch", json=poison).raise_for_status()
        for number in range(3):
            page = pages("another", {}, count=number + 1)[-1]
            told = client.post("/v1/pages", params={"wait": "searchable", "timeout": 60}, json=page, timeout=90)
            assert told.json()["state"] == "searchable"
        walking = client.get("/v1/monitor/ledger").raise_for_status().json()
        assert walking["waiting"] + walking["working"] > 0, "the others are still being tried"
    counts = trapped.drained(250)
    assert counts["balanced"]
    with trapped.client() as client:
        dead = client.get("/v1/dead-letters", params={"source": "many"}).raise_for_status().json()["total"]
    assert dead == 4


@pytest.mark.elasticsearch
def test_on_elasticsearch_one_index_process_is_killed_and_the_page_dies_alone(
    elasticsearch_url: str, elasticsearch_prefix: str, tmp_path: Path
) -> None:
    search = {"search_url": elasticsearch_url, "search_prefix": elasticsearch_prefix, "index_workers": 2}
    with tree() as root:
        stack = Stack(tmp_path / "d", root, clean_workers=1, retry_first_seconds=0.1, **search).start()
        try:
            (letter,), others = ends(stack, pages("killing", {7: "INDEXKILL"}))
        finally:
            stack.stop()
    assert (letter["reason"], letter["stage"], letter["attempts"] <= 5) == ("worker-lost", "index", True), letter
    assert [receipt["state"] for receipt in others] == ["searchable"] * 19
    assert {stage["attempts"] for receipt in others for stage in receipt["stages"]} == {1}, "no neighbour was struck"
