"""Given something that Redis refuses, then a step has done nothing: no counter is raised without what it counts."""

from collections.abc import Mapping
from typing import Any

import pytest
import redis

from shared.errors import DependencyUnavailable
from shared.ledger.carried import Done, Offer
from shared.ledger.connection import Scripts
from shared.ledger.idempotency import Idempotency
from shared.ledger.ledger import Ledger
from shared.settings import Settings

FINE = {"kept": 60_000, "outcomes": 1000}


def scripts(valkey: redis.Redis, told: Mapping[str, object]) -> Scripts:
    """The ledger's scripts, as somebody might be told them who does not look at settings."""
    chosen = {**FINE, **told}
    return Scripts(valkey, "pm:", (str(chosen["kept"]), 2, 3, str(chosen["outcomes"])))


def everything(valkey: redis.Redis) -> dict[Any, Any]:
    """All that Redis holds."""
    return {key: valkey.dump(key) for key in valkey.keys("*")}


def offer(name: str) -> Offer:
    return Offer(id=name, frame=b"x", content_key=name, site="a.example")


@pytest.mark.parametrize(
    "told",
    [{"kept": value} for value in ("86399999999913600000", "1e+300", "0", "-5", "1.5", "inf", "nan", "")]
    + [{"outcomes": value} for value in ("9" * 30, "1e+300", "0", "inf", "many")],
)
def test_a_step_that_is_told_what_redis_would_refuse_writes_nothing(
    valkey: redis.Redis, ledger: Ledger, told: dict[str, object]
) -> None:
    ledger.accept([offer("p"), offer("q")])
    lease, other = ledger.take("clean", 2)
    before, broken = everything(valkey), scripts(valkey, told)
    steps = (
        ("finish", "p:" + str(lease.version), lease.token, "", 1),
        ("finish", "p:" + str(lease.version), lease.token, "superseded", 1),
        ("give_back", f"q:{other.version}", other.token, 0, "reject", "empty", "", "", ""),
        ("forget", 100, "p"),
        ("sweep", 60_000),
        ("accept", 100, 1 << 30, 60_000, "r", "key", "", b"frame", "", "", "", "", ""),
    )
    for step in steps:
        with pytest.raises(DependencyUnavailable):
            broken.run(*step)
        assert everything(valkey) == before, step
    assert ledger.counts().balanced


def test_the_shortest_time_that_can_be_set_expires_and_is_no_error(valkey: redis.Redis) -> None:
    brief = Ledger(valkey, Settings(receipt_days=1e-12))
    brief.accept([offer("p")])
    brief.finish(Done(lease=lease) for lease in brief.take("clean", 1))
    assert brief.counts().balanced


def test_work_of_an_endless_time_is_measured_and_breaks_no_step(ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    assert ledger.finish([Done(lease=lease, ms=1e300) for lease in ledger.take("clean", 1)]) == 1
    assert ledger.measures.read().work["clean"].total == 1


def test_a_body_that_is_gone_takes_no_page_before_it_along(valkey: redis.Redis, ledger: Ledger) -> None:
    accepted = ledger.accept([offer("p"), offer("q")])
    valkey.delete(f"pm:b:q:{accepted[1].version}")
    assert [lease.id for lease in ledger.take("clean", 2)] == ["p"]
    with pytest.raises(DependencyUnavailable, match="the body of q"):
        ledger.take("clean", 2)


def test_an_answer_that_cannot_be_kept_for_so_long_is_not_kept_at_all(valkey: redis.Redis) -> None:
    keys = Idempotency(valkey, "pm:", 10**30)
    tried = keys.begin("k", "digest")
    before = valkey.hgetall(tried.key)
    with pytest.raises(DependencyUnavailable):
        keys.keep(tried, b"answer")
    assert valkey.hgetall(tried.key) == before
    assert keys.begin("k", "digest").state == "running"
