"""Sources take turns: one that floods the line waits behind its own pages, and nobody else does."""

from itertools import islice
from typing import Any

import pytest
import redis

from shared.ledger.carried import DeadLetterFilter, Done, Offer
from shared.ledger.ledger import Ledger
from shared.settings import Settings


def offers(source: str | None, count: int, start: int = 0) -> list[Offer]:
    names = (f"{source}-{number}" for number in range(start, start + count))
    return [Offer(id=name, frame=b"x", content_key=name, source=source) for name in names]


def taken(ledger: Ledger, most: int) -> list[str]:
    leases = ledger.take("clean", most)
    ledger.finish([])
    return [lease.id for lease in leases]


def test_a_page_of_a_quiet_source_does_not_wait_behind_a_flood(ledger: Ledger) -> None:
    ledger.accept(offers("flood", 500))
    assert taken(ledger, 100) == [f"flood-{n}" for n in range(100)]
    ledger.accept(offers("quiet", 3))
    assert [name for name in taken(ledger, 8) if name.startswith("quiet")] == ["quiet-0", "quiet-1", "quiet-2"]


def test_two_floods_are_worked_off_side_by_side(ledger: Ledger) -> None:
    ledger.accept(offers("one", 200))
    ledger.accept(offers("two", 200))
    names = taken(ledger, 100)
    assert sum(name.startswith("one") for name in names) == 50
    assert [name for name in names if name.startswith("two")] == [f"two-{n}" for n in range(50)]


def test_turns_hold_in_later_rooms_and_after_a_wait(ledger: Ledger) -> None:
    ledger.accept(offers("flood", 100))
    ledger.accept(offers("quiet", 2))
    leases = ledger.take("clean", 102)
    ledger.advance([Done(lease=lease, frame=b"y") for lease in leases if lease.id.startswith("flood")], "enrich")
    ledger.wait_again([lease for lease in leases if lease.id.startswith("quiet")], reason="index-away", detail="")
    ledger.advance([Done(lease=lease, frame=b"y") for lease in ledger.take("clean", 2)], "enrich")
    assert {"quiet-0", "quiet-1"} <= {lease.id for lease in ledger.take("enrich", 4)}


def test_a_source_that_comes_back_has_no_credit_for_the_time_it_was_away(ledger: Ledger) -> None:
    ledger.accept(offers("early", 10))
    taken(ledger, 10)
    ledger.accept(offers("busy", 100))
    taken(ledger, 50)
    ledger.accept(offers("early", 50, start=10))
    names = taken(ledger, 40)
    assert 18 <= sum(name.startswith("busy") for name in names) <= 22


def test_a_full_line_has_room_for_those_that_have_nothing_in_it(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(line_max_pages=100))
    assert len(ledger.accept(offers("flood", 150))) == 100
    assert len(ledger.accept(offers("flood", 1, start=200))) == 0
    assert len(ledger.accept(offers("quiet", 1))) == 1
    assert len(ledger.accept(offers("quiet", 1, start=1))) == 0, "it has its share of a full line"
    came = [len(ledger.accept(offers(f"other{n}", 1))) for n in range(20)]
    assert sum(came) == 9, "a tenth more than the line, in all"


def test_what_has_ended_counts_for_its_source_no_more(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(line_max_pages=10))
    ledger.accept(offers("one", 8) + offers("two", 2))
    leases = ledger.take("clean", 10)
    for lease in islice(leases, 3):
        ledger.reject(lease, reason="empty", detail="")
    ledger.forget([lease.id for lease in leases[3:5]])
    ledger.finish([Done(lease=lease) for lease in leases[5:]])
    assert valkey.hgetall("pm:from") == {}
    letters = ledger.dead_letters.members(DeadLetterFilter())
    ledger.dead_letters.redrive(letters, {})
    assert sum(map(int, valkey.hvals("pm:from"))) == len(letters) == 3


def test_a_line_that_has_not_moved_for_too_long_takes_no_more(valkey: redis.Redis) -> None:
    patient, impatient = Ledger(valkey, Settings()), Ledger(valkey, Settings(line_max_seconds=1e-6))
    assert len(patient.accept(offers("one", 9))) == 9
    assert len(impatient.accept(offers("two", 1))) == 1, "nine may be old: they are tried again and again"
    members: Any = valkey.zrange("pm:s:clean", 0, -1)
    valkey.zadd("pm:s:clean", dict.fromkeys(members, 1))
    assert len(impatient.accept(offers("three", 1))) == 0
    assert impatient.counts().oldest_seconds > 1


@pytest.mark.parametrize("source", ["", None])
def test_pages_without_a_source_take_turns_among_themselves(ledger: Ledger, source: str | None) -> None:
    ledger.accept(offers(source, 5))
    assert taken(ledger, 5) == [f"{source}-{n}" for n in range(5)]
