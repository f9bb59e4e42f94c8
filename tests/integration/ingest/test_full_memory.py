"""Redis at its memory limit, or over it: it answers, and takes nothing that grows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import redis

from tests.integration.ingest.conftest import House


@contextmanager
def limit(valkey: redis.Redis, share: float) -> Iterator[None]:
    """As long as the block runs, Redis may hold this share of what it holds now."""
    told: Any = valkey.info("memory")
    valkey.config_set("maxmemory", int(told["used_memory"] * share))
    try:
        yield
    finally:
        valkey.config_set("maxmemory", 0)


@pytest.fixture(params=[0.7, 1.1], ids=["over its limit", "at its mark"])
def tight(request: pytest.FixtureRequest, house: House, valkey: redis.Redis) -> Iterator[House]:
    """A house that knows two pages, one by its Idempotency-Key, when Redis has no memory for more."""
    house.post("known", url="https://a.example/known", fetched_at="2026-01-01T00:00:00Z")
    assert keyed(house, "old", "keyed").status_code == 202
    with limit(valkey, request.param):
        until_refused(house)
        yield house


def keyed(house: House, key: str, content: str) -> httpx.Response:
    """A post under an Idempotency-Key."""
    return house.http.post("/v1/pages", json={"content": content}, headers={"Idempotency-Key": key})


def until_refused(house: House) -> None:
    """What a ledger knows of its server's memory may be a second old."""
    for number in range(10_000):
        if house.http.post("/v1/pages", json={"content": f"filling {number}"}).status_code != 202:
            return


def is_full(answer: httpx.Response) -> None:
    """A 429 that says what is full and when to come again."""
    told = House.told(answer, 429)
    assert (told["code"], told["limit"]) == ("line-full", "PAGEMILL_REDIS_HIGH_WATER"), told
    assert "of its memory" in told["detail"]
    assert 1 <= int(answer.headers["retry-after"]) <= 60


def intake(house: House) -> tuple[bool, str]:
    """What readiness says of it."""
    checks = house.http.get("/readyz").json()["checks"]
    return next((check["ok"], check["detail"]) for check in checks if check["name"] == "intake")


def test_a_new_page_is_a_429_and_leaves_nothing(tight: House) -> None:
    before = tight.ledger.counts()
    is_full(tight.http.post("/v1/pages", json={"content": "new"}))
    assert tight.ledger.counts().accepted == before.accepted


def test_the_first_post_over_the_limit_is_a_429_already(house: House, valkey: redis.Redis) -> None:
    house.post("one")
    with limit(valkey, 0.7):
        is_full(house.http.post("/v1/pages", json={"content": "new"}))


def test_a_page_that_is_known_is_told_so(tight: House) -> None:
    page = {"url": "https://a.example/known", "content": "known"}
    assert tight.post(page["content"], url=page["url"])["status"] == "duplicate"
    assert tight.post(page["content"], url=page["url"], fetched_at="2026-02-01T00:00:00Z")["status"] == "unchanged"
    assert tight.post("older", url=page["url"], fetched_at="2025-01-01T00:00:00Z")["status"] == "superseded"


def test_a_batch_goes_as_far_as_what_is_known(tight: House) -> None:
    def batch(*contents: str) -> httpx.Response:
        body = "\n".join(json.dumps({"content": content}) for content in contents)
        return tight.http.post("/v1/pages/batch", content=body, headers={"Content-Type": "application/x-ndjson"})

    is_full(batch("new"))
    answer = batch("keyed", "new")
    told = House.told(answer, 202)
    assert (told["duplicate"], told["stopped"]["index"]) == (1, 1)
    assert told["stopped"]["error"]["code"] == "line-full"
    assert int(answer.headers["retry-after"]) >= 1


def test_a_request_with_a_key_is_answered_as_one_without(tight: House) -> None:
    replay = keyed(tight, "old", "keyed")
    assert House.told(replay, 202)["status"] == "accepted"
    assert replay.headers["idempotency-replayed"] == "true"
    assert House.told(keyed(tight, "old", "other"), 422)["code"] == "idempotency-mismatch"
    is_full(keyed(tight, "new", "new"))
    assert House.told(keyed(tight, "again", "keyed"), 202)["status"] == "duplicate"


def test_a_key_whose_page_was_refused_is_free_again(house: House, valkey: redis.Redis) -> None:
    house.post("one")
    with limit(valkey, 0.7):
        is_full(keyed(house, "k1", "new"))
        assert valkey.keys("pm:idem:*") == []
        assert House.told(keyed(house, "k2", "one"), 202)["status"] == "duplicate"
        assert valkey.keys("pm:idem:*") == [], "what is kept for a day would fill it further"


def test_readiness_says_that_no_pages_are_taken_and_when_they_are_again(house: House, valkey: redis.Redis) -> None:
    house.post("one")
    assert intake(house) == (True, "takes pages")
    with limit(valkey, 0.7):
        ok, detail = wait_for(house, ok=False)
        assert not ok
        assert "429" in detail
        assert "memory limit" in detail
        assert house.http.get("/readyz").status_code == 503
    assert wait_for(house, ok=True)[0]


def test_at_its_mark_readiness_says_so_and_is_well_as_it_drains(house: House, valkey: redis.Redis) -> None:
    house.post("one")
    with limit(valkey, 1.25):
        ok, detail = wait_for(house, text="429")
        assert ok
        assert "of its memory" in detail


def wait_for(house: House, *, ok: bool | None = None, text: str = "") -> tuple[bool, str]:
    """What readiness says of the intake as soon as it says this; answers are kept for half a second."""
    for _ in range(10_000):
        told = intake(house)
        if (ok is None or told[0] == ok) and text in told[1]:
            return told
    raise TimeoutError(told)
