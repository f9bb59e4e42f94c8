"""The memory of Idempotency-Keys."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from shared.errors import DependencyUnavailable
from shared.ledger.connection import connect
from shared.ledger.idempotency import Idempotency


def test_a_request_is_new_then_running_then_replayed(valkey: redis.Redis) -> None:
    keys = Idempotency(valkey, "pm:", 60)
    tried = keys.begin("k", "digest")
    assert tried.state == "new"
    assert keys.begin("k", "digest").state == "running"
    keys.keep(tried, b"the answer\x00\xff")
    again = keys.begin("k", "digest")
    assert (again.state, again.answer) == ("replay", b"the answer\x00\xff")
    assert keys.begin("k", "other digest").state == "mismatch"
    assert keys.begin("another", "digest").state == "new"


def test_a_request_that_was_forgotten_is_new_again(valkey: redis.Redis) -> None:
    keys = Idempotency(valkey, "pm:", 60)
    keys.forget(keys.begin("k", "digest"))
    assert keys.begin("k", "other digest").state == "new"


def test_an_answer_is_forgotten_in_time(valkey: redis.Redis) -> None:
    keys = Idempotency(valkey, "pm:", 1)
    keys.keep(keys.begin("k", "digest"), b"answer")
    time.sleep(1.1)
    assert keys.begin("k", "digest").state == "new"


def test_a_try_whose_process_died_frees_its_key_and_can_change_nothing_later(valkey: redis.Redis) -> None:
    keys = Idempotency(valkey, "pm:", 60, try_seconds=1)
    lost = keys.begin("k", "digest")
    time.sleep(1.1)
    second = keys.begin("k", "digest")
    assert second.state == "new"
    keys.keep(lost, b"late")
    keys.forget(lost)
    assert keys.begin("k", "digest").state == "running"
    keys.keep(second, b"answer")
    assert keys.begin("k", "digest").answer == b"answer"


def test_a_try_that_is_under_way_still_keeps_its_key(valkey: redis.Redis) -> None:
    keys = Idempotency(valkey, "pm:", 60, try_seconds=1)
    tried = keys.begin("k", "digest")
    for _ in range(4):
        time.sleep(0.4)
        keys.hold(tried)
    assert keys.begin("k", "digest").state == "running"
    keys.keep(tried, b"answer")
    keys.hold(tried)
    assert valkey.ttl(tried.key) > 1, "an answer that is kept is kept for long, whoever comes late"


def test_of_many_at_once_one_is_new(valkey: redis.Redis, valkey_url: str) -> None:
    keys = [Idempotency(connect(valkey_url, timeout=20), "pm:", 60) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda n: keys[n % 8].begin("k", "digest").state, range(64)))
    assert sorted(states) == ["new"] + ["running"] * 63


def test_redis_away_is_told_as_such() -> None:
    keys = Idempotency(connect("unix:///nowhere/v.sock"), "pm:", 60)
    with pytest.raises(DependencyUnavailable):
        keys.begin("k", "digest")
