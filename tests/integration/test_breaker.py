"""The breaker that all workers of a room share."""

import time

import redis

from shared.breaker import Breaker


def breaker(client: redis.Redis, name: str = "index", *, first: float = 60, longest: float = 60) -> Breaker:
    return Breaker(client, "pm:", name, first_seconds=first, longest_seconds=longest)


def test_a_failure_of_one_keeps_the_others_from_asking(valkey: redis.Redis) -> None:
    one, other = breaker(valkey), breaker(valkey)
    assert not one.opened()
    assert not other.opened()
    assert 45 <= one.failed() <= 60
    assert one.opened()
    assert other.opened()
    assert not breaker(valkey, "enrich").opened()


def test_of_all_workers_one_probes(valkey: redis.Redis) -> None:
    workers = [breaker(valkey, first=0.01) for _ in range(5)]
    workers[0].failed()
    time.sleep(0.05)
    assert [worker.opened() for worker in workers].count(False) == 1
    assert all(worker.opened() for worker in workers)


def test_when_the_probe_worked_all_go_on(valkey: redis.Redis) -> None:
    one, other = breaker(valkey), breaker(valkey)
    one.failed()
    one.worked()
    assert not other.opened()
    assert valkey.keys("pm:breaker:*") == []


def test_each_failure_opens_it_for_longer_up_to_a_limit(valkey: redis.Redis) -> None:
    held = breaker(valkey, first=1, longest=5)
    delays = [held.failed() for _ in range(6)]
    assert 0.75 <= delays[0] <= 1
    assert 1.5 <= delays[1] <= 2
    assert all(3.75 <= delay <= 5 for delay in delays[3:])


def test_one_that_is_closed_writes_nothing(valkey: redis.Redis) -> None:
    held = breaker(valkey)
    before = valkey.info("persistence")["rdb_changes_since_last_save"]
    for _ in range(10):
        assert not held.opened()
        held.worked()
    assert valkey.info("persistence")["rdb_changes_since_last_save"] == before


def test_why_it_failed_last_is_known_to_all_until_it_works_again(valkey: redis.Redis) -> None:
    one, other = breaker(valkey, first=0.01), breaker(valkey)
    assert other.trouble() is None
    one.failed("no answer in time")
    one.failed("user mill may not write")
    assert other.trouble() == "user mill may not write"
    assert breaker(valkey, "enrich").trouble() is None
    one.worked()
    assert other.trouble() is None
