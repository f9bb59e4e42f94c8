"""The index room on an Elasticsearch that misbehaves: a real ledger, a real engine behind a stand-in."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import redis

from services.monitor.held_up import HeldUp
from services.together import app_for
from shared import clients
from shared.ledger.carried import DeadLetterFilter
from shared.search.elasticsearch import ElasticsearchIndex
from tests.elasticsearch.stand_in import Answer, Asked, StandIn, error
from tests.integration.elasticsearch.refusing import refusing
from tests.integration.elasticsearch.rooms import drained, waiting
from tests.integration.query.conftest import Service
from workers.index import room
from workers.runtime import Runtime

pytestmark = pytest.mark.elasticsearch


def bulks_fail(asked: Asked, forward: Callable[[], Answer]) -> Answer:
    return error(503, "away", "away") if "_bulk" in asked.path else forward()


def test_only_the_items_that_there_was_no_room_for_go_again_and_without_a_strike(
    runtime: Runtime, engine: StandIn
) -> None:
    runtime.settings = runtime.settings.model_copy(update={"retry_first_seconds": 3})  # not again in the same task
    waiting(runtime.ledger, "a", "b", "c")
    engine.rule = refusing("b", 429)
    room.index_room(runtime)
    counts = runtime.ledger.counts()
    assert (counts.searchable, counts.waiting, counts.dead) == (2, 1, 0)
    stage = runtime.ledger.receipts.get("b")
    assert stage is not None
    assert "index-busy" in (stage.stages[-1].detail or "")
    engine.rule = lambda _, forward: forward()
    drained(runtime)
    assert runtime.ledger.counts().searchable == 3
    assert runtime.ledger.counts().balanced


def test_only_the_documents_that_the_mapping_refuses_are_dead_letters(runtime: Runtime, engine: StandIn) -> None:
    waiting(runtime.ledger, "a", "b", "c")
    engine.rule = refusing("b", 400, "document_parsing_exception")
    drained(runtime)
    counts = runtime.ledger.counts()
    assert (counts.searchable, counts.dead) == (2, 1)
    (letter,) = runtime.ledger.dead_letters.members(DeadLetterFilter())
    assert (letter.id, letter.reason, letter.detail) == ("b", "index-refused", "document_parsing_exception: because")


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
def test_while_nothing_can_be_written_pages_wait_and_none_is_dead(
    runtime: Runtime, engine: StandIn, status: int
) -> None:
    waiting(runtime.ledger, "a", "b")

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        return error(status, "some_exception", "no") if "_bulk" in asked.path else forward()

    engine.rule = rule
    for _ in range(20):
        room.index_room(runtime)
    counts = runtime.ledger.counts()
    assert (counts.searchable, counts.waiting + counts.working, counts.dead) == (0, 2, 0)
    engine.rule = lambda _, forward: forward()
    drained(runtime)
    assert runtime.ledger.counts().searchable == 2


@pytest.mark.smoke
def test_while_the_live_index_is_closed_pages_wait_readiness_says_so_and_none_is_dead(
    runtime: Runtime, engine: StandIn, elasticsearch_prefix: str
) -> None:
    waiting(runtime.ledger, *(f"p{n}" for n in range(38)))
    name = f"{elasticsearch_prefix}documents-000001"
    with httpx.Client(base_url=engine.url, timeout=30) as operator:
        operator.post(f"/{name}/_close").raise_for_status()
        for _ in range(20):
            room.index_room(runtime)
        counts = runtime.ledger.counts()
        assert (counts.searchable, counts.waiting + counts.working, counts.dead) == (0, 38, 0)
        told = HeldUp(runtime.ledger, runtime.breaker).told() or ""
        assert ("index: " in told, "the index is closed" in told, name in told) == (True, True, True)
        assert runtime.ledger.held_off() is None
        operator.post(f"/{name}/_open?wait_for_active_shards=1").raise_for_status()
    drained(runtime)
    assert runtime.ledger.counts().searchable == 38


def test_while_the_breaker_is_open_the_engine_is_left_alone(runtime: Runtime, engine: StandIn) -> None:
    waiting(runtime.ledger, "a")
    runtime.breakers["index"] = type(runtime.breaker("index"))(
        runtime.ledger._scripts.client, "pm:", "index", first_seconds=60, longest_seconds=60
    )
    engine.rule = bulks_fail
    for _ in range(5):
        room.index_room(runtime)
    assert len(engine.bulks()) == 1


def test_a_batch_that_cannot_be_written_is_one_failure_and_is_in_no_hand_any_more(
    runtime: Runtime, engine: StandIn, valkey: redis.Redis, tmp_path: Path
) -> None:
    waiting(runtime.ledger, "a", "b", "c")
    engine.rule = bulks_fail
    room.index_room(runtime)
    assert valkey.get("pm:breaker:index") == b"1"
    assert [each for each in tmp_path.iterdir() if each.suffix != ".last"] == []


def archive_is_blocked(asked: Asked, forward: Callable[[], Answer]) -> Answer:
    """Writes to the archive are refused as under a read-only block; all else is done."""
    if "_bulk" in asked.path and "archive" in asked.path:
        return error(429, "cluster_block_exception", "index blocked by: [TOO_MANY_REQUESTS/12/read-only]")
    return forward()


def test_a_deleted_page_is_found_no_more_while_the_archive_takes_no_writes(
    runtime: Runtime, engine: StandIn, index: ElasticsearchIndex
) -> None:
    waiting(runtime.ledger, "a", "b")
    drained(runtime)
    archive = clients.archive(runtime.settings, read_only=True)
    engine.rule = archive_is_blocked
    waiting(runtime.ledger, "c")
    room.index_room(runtime)
    assert runtime.ledger.counts().waiting == 1
    runtime.ledger.forget(["a"])
    room.index_room(runtime)
    assert (index.get("a"), index.get("b") is None, archive.get("a") is None) == (None, False, False)
    runtime.ledger.forget(["b"])
    room.index_room(runtime)
    assert index.get("b") is None
    engine.rule = lambda _, forward: forward()
    drained(runtime)
    while runtime.ledger.errands.left():
        room.index_room(runtime)
    assert (archive.get("a"), archive.get("b"), archive.get("c") is None) == (None, None, False)
    archive.close()


def test_a_page_that_comes_back_while_the_archive_waits_for_its_delete_stays(
    runtime: Runtime, engine: StandIn, index: ElasticsearchIndex
) -> None:
    waiting(runtime.ledger, "a")
    drained(runtime)
    engine.rule = archive_is_blocked
    runtime.ledger.forget(["a"])
    room.index_room(runtime)
    assert index.get("a") is None
    waiting(runtime.ledger, "a")
    engine.rule = lambda _, forward: forward()
    drained(runtime)
    while runtime.ledger.errands.left():
        room.index_room(runtime)
    archive = clients.archive(runtime.settings, read_only=True)
    assert (index.get("a") is None, archive.get("a") is None) == (False, False)
    archive.close()


def test_deletes_are_done_however_many_errands_wait_for_the_archive(
    runtime: Runtime, engine: StandIn, index: ElasticsearchIndex
) -> None:
    waiting(runtime.ledger, "a")
    drained(runtime)
    engine.rule = archive_is_blocked
    runtime.ledger.forget([f"gone-{n}" for n in range(1200)])
    room.index_room(runtime)
    assert runtime.ledger.errands.left() == 1200
    runtime.ledger.forget(["a"])
    room.index_room(runtime)
    assert index.get("a") is None


@pytest.mark.smoke
def test_a_deleted_page_is_found_no_more_while_the_engine_takes_no_deletes(
    runtime: Runtime, index: ElasticsearchIndex, elasticsearch_url: str, elasticsearch_prefix: str
) -> None:
    waiting(runtime.ledger, "a", "b")
    drained(runtime)
    blocks = f"{elasticsearch_url}/{elasticsearch_prefix}documents-000001/_settings"
    serving = Service(app_for(runtime.settings, "query"))

    def block(told: bool | None) -> None:
        httpx.put(blocks, json={"index.blocks.read_only_allow_delete": told}, timeout=30).raise_for_status()

    def found() -> tuple[list[str], int]:
        told = serving.search(q="text")
        return [hit["id"] for hit in told["hits"]], told["total"]["value"]

    block(told=True)
    runtime.ledger.forget(["a"])
    room.index_room(runtime)
    assert index.still_there(["a"]) == {"a"}
    assert found() == (["b"], 1)
    assert serving.get("/v1/documents/a").status_code == 404
    assert serving.get("/v1/suggest", params={"q": "text"}).status_code == 200
    block(told=None)
    for _ in range(100):
        if not index.still_there(["a"]):
            break
        time.sleep(0.1)
        room.index_room(runtime)
    assert (index.still_there(["a"]), found()) == (frozenset(), (["b"], 1))
    serving.close()
