"""Keys take turns, and each key's sources: one that floods waits behind its own pages, and nobody else does."""

from itertools import islice
from typing import Any

import pytest
import redis

from shared.ledger.carried import DeadLetterFilter, Done, Offer
from shared.ledger.ledger import Ledger
from shared.settings import Settings


def offers(source: str | None, count: int, start: int = 0, *, key: str | None = None) -> list[Offer]:
    names = (f"{source}-{number}" for number in range(start, start + count))
    return [Offer(id=name, frame=b"x", content_key=name, source=source, api_key=key) for name in names]


def made_up(key: str, count: int) -> list[Offer]:
    """A page of each of so many sources, all of one key."""
    return [offer for number in range(count) for offer in offers(f"{key}-{number}", 1, key=key)]


def taken(ledger: Ledger, most: int) -> list[str]:
    return [lease.id for lease in ledger.take("clean", most)]


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
    assert sum(came) == 4, "a twentieth more than the line, in all: the flood came by no key, and so did these"
    came = [len(ledger.accept(offers("any", 1, n, key=f"key{n}"))) for n in range(20)]
    assert sum(came) == 5, "and another twentieth for keys that have nothing in it"


def test_what_has_ended_counts_for_its_source_no_more(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(line_max_pages=10))
    ledger.accept(offers("one", 8) + offers("two", 2))
    leases = ledger.take("clean", 10)
    for lease in islice(leases, 3):
        ledger.reject(lease, reason="empty", detail="")
    ledger.forget([lease.id for lease in leases[3:5]])
    ledger.finish([Done(lease=lease) for lease in leases[5:]])
    assert valkey.hgetall("pm:shares") == {}
    letters = ledger.dead_letters.members(DeadLetterFilter())
    ledger.dead_letters.redrive(letters, {})
    shares: Any = valkey.hgetall("pm:shares")
    assert {name: int(pages) for name, pages in shares.items()} == {b"": 3, b":one": 2, b":two": 1}
    assert len(letters) == 3


def test_a_line_that_has_not_moved_for_too_long_takes_no_more(valkey: redis.Redis) -> None:
    patient, impatient = Ledger(valkey, Settings()), Ledger(valkey, Settings(line_max_seconds=1e-6))
    assert len(patient.accept(offers("one", 9))) == 9
    assert len(impatient.accept(offers("two", 1))) == 1, "nine may be old: they are tried again and again"
    assert impatient.counts().stood_seconds < 1
    members: Any = valkey.zrange("pm:s:clean", 0, -1)
    valkey.zadd("pm:s:clean", dict.fromkeys(members, 1))
    assert len(impatient.accept(offers("three", 1))) == 0
    assert impatient.counts().stood_seconds > 1


@pytest.mark.parametrize("source", ["", None])
def test_pages_without_a_source_take_turns_among_themselves(ledger: Ledger, source: str | None) -> None:
    ledger.accept(offers(source, 5))
    assert taken(ledger, 5) == [f"{source}-{n}" for n in range(5)]


def test_a_key_with_a_thousand_sources_has_one_key_s_share(ledger: Ledger) -> None:
    ledger.accept(made_up("flood", 1000))
    ledger.accept(offers("honest", 30, key="quiet"))
    names = taken(ledger, 40)
    assert sum(name.startswith("honest") for name in names) == 20
    ledger.accept(made_up("later", 500))
    assert sum(name.startswith("later") for name in taken(ledger, 30)) >= 9, "three keys wait"


def test_within_its_key_a_quiet_source_does_not_wait_behind_a_flood(ledger: Ledger) -> None:
    ledger.accept(offers("flood", 500, key="one"))
    ledger.accept(offers("other", 500, key="two"))
    assert len(taken(ledger, 100)) == 100
    ledger.accept(offers("quiet", 3, key="one"))
    assert sum(name.startswith("quiet") for name in taken(ledger, 14)) == 3


def test_pages_that_are_sent_again_take_the_turns_of_their_own_key(ledger: Ledger) -> None:
    ledger.accept(made_up("flood", 200))
    for lease in ledger.take("clean", 200):
        ledger.reject(lease, reason="empty", detail="")
    letters = ledger.dead_letters.members(DeadLetterFilter())
    assert len(ledger.dead_letters.redrive(letters, {})) == 200
    ledger.accept(offers("honest", 10, key="quiet"))
    assert sum(name.startswith("honest") for name in taken(ledger, 22)) == 10


def test_turns_do_not_depend_on_how_many_pages_are_taken_at_once(ledger: Ledger) -> None:
    for key in ("one", "two", "three"):
        ledger.accept(offers(key, 60, key=key))
    names = [name for most in (1, 2, 40, 3, 14) for name in taken(ledger, most)]
    assert [sum(name.startswith(key) for name in names) for key in ("one", "two", "three")] == [20, 20, 20]
    for lease in ledger.take("clean", 30):
        ledger.return_unharmed([lease], reason="time-up", detail="")
    assert len(taken(ledger, 120)) == 120


def test_pages_deleted_before_their_turn_hold_nobody_up(valkey: redis.Redis, ledger: Ledger) -> None:
    ledger.accept(made_up("gone", 50) + offers("here", 5, key="quiet"))
    ledger.forget([f"gone-{n}-0" for n in range(50)])
    assert taken(ledger, 9) == [f"here-{n}" for n in range(5)]
    assert list(valkey.scan_iter("pm:q:*")) == list(valkey.scan_iter("pm:last:*")) == []
    assert valkey.exists("pm:senders") == 0


def test_a_full_line_leaves_half_of_its_tenth_to_other_keys_whatever_sources_one_makes_up(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(line_max_pages=200))
    assert len(ledger.accept(made_up("flood", 400))) == 210
    assert len(ledger.accept(offers("honest", 5, key="quiet"))) == 2, "less than a hundredth of the line"
    came = [len(ledger.accept(offers("any", 1, n, key=f"key{n}"))) for n in range(20)]
    assert sum(came) == 8, "a tenth more than the line, in all"


def test_pages_that_an_older_release_took_in_are_taken_beside_new_ones(valkey: redis.Redis, ledger: Ledger) -> None:
    old = offers("old", 100)
    for turn, answer in enumerate(ledger.accept(old), 1):  # it gave them their turns at once, and knew no keys
        member = f"{answer.id}:{answer.version}"
        valkey.zadd("pm:w:clean", {member: turn})
        valkey.hset(f"pm:e:{member}", "turn", turn)
        valkey.hdel(f"pm:e:{member}", "key")
    valkey.delete("pm:senders", "pm:q:", "pm:last:", "pm:shares")
    valkey.hset("pm:n", "turn", 0)
    ledger.accept(offers("new", 10, key="one"))
    names = taken(ledger, 20)
    assert sum(name.startswith("new") for name in names) == 10
    assert len(taken(ledger, 100)) == 90


def test_pages_that_an_older_release_takes_without_their_turn_are_taken_once(
    valkey: redis.Redis, ledger: Ledger
) -> None:
    ledger.accept(offers("any", 10, key="one"))
    members: Any = valkey.zrange("pm:w:clean", 0, 3)
    valkey.zrem("pm:w:clean", *members)  # leased there; what this release keeps of them stays
    assert len(taken(ledger, 10)) == 6
    assert valkey.exists("pm:senders") == 0
