"""Batches of the index room that were lost as a whole: who goes again with whom, and when somebody is struck."""

from typing import Any

import redis

from shared.ledger.carried import DeadLetterFilter, Done, Leased, Offer
from shared.ledger.ledger import Ledger


def waiting(ledger: Ledger, *names: str) -> None:
    """Puts pages in the index room's line."""
    ledger.accept([Offer(id=name, frame=b"x", content_key="k") for name in names])
    ledger.advance([Done(lease=lease, frame=b"x") for lease in ledger.take("clean", len(names))], "index")


def lost(ledger: Ledger, leases: list[Leased]) -> None:
    """Their process ended while it wrote them."""
    ledger.suspect(leases, reason="worker-lost", detail="one of these")


def names_of(leases: list[Leased]) -> list[str]:
    return [lease.id for lease in leases]


def test_pages_of_a_lost_batch_go_again_in_batches_of_its_square_root_and_then_alone(ledger: Ledger) -> None:
    waiting(ledger, *(f"p{n:02}" for n in range(16)))
    lost(ledger, ledger.take("index", 100))
    batches = [ledger.take("index", 100) for _ in range(4)]
    assert [len(batch) for batch in batches] == [4, 4, 4, 4]
    lost(ledger, batches[0])
    assert [len(ledger.take("index", 100)) for _ in range(5)] == [1, 1, 1, 1, 0]
    assert ledger.counts().balanced


def test_suspects_are_not_struck_and_a_lost_batch_is_no_attempt_at_them(ledger: Ledger, valkey: redis.Redis) -> None:
    waiting(ledger, "a", "b")
    for _ in range(2):
        lost(ledger, ledger.take("index", 100))
    assert {valkey.hget(key, "strikes") for key in valkey.keys("pm:e:*")} == {b"0"}
    for _ in range(2):
        ledger.finish([Done(lease=lease) for lease in ledger.take("index", 100)])
    for name in "ab":
        receipt = ledger.receipts.get(name)
        assert receipt
        assert (receipt.state, [stage.attempts for stage in receipt.stages]) == ("searchable", [1, 1])
    assert valkey.exists("pm:suspects") == 0


def test_a_suspect_dies_after_three_tries_alone(ledger: Ledger) -> None:
    waiting(ledger, "good", "bad")
    for _ in range(2):
        lost(ledger, ledger.take("index", 100))
    tries = 0
    while leases := ledger.take("index", 100):
        (lease,) = leases
        if lease.id == "good":
            ledger.finish([Done(lease=lease)])
        else:
            tries += 1
            ledger.strike([lease], reason="worker-lost", detail="killed", traceback="")
    (letter,) = ledger.dead_letters.find(DeadLetterFilter()).items
    assert (letter.id, letter.stage, letter.attempts, tries) == ("bad", "index", 4, 3), (
        "cleaned once, and three tries alone"
    )
    assert ledger.counts().searchable == 1


def test_suspects_and_all_others_take_turns(ledger: Ledger) -> None:
    waiting(ledger, "a", "b", "c", "d")
    lost(ledger, ledger.take("index", 100))
    waiting(ledger, "e", "f")
    turns = [names_of(ledger.take("index", 1)) for _ in range(4)]
    suspects = [turn[0] in "abcd" for turn in turns]
    assert suspects in ([True, False, True, False], [False, True, False, True])
    assert ledger.take("index", 100)


def test_a_suspect_that_was_struck_stands_behind_the_other_suspects(ledger: Ledger) -> None:
    waiting(ledger, "a", "b")
    for _ in range(2):
        lost(ledger, ledger.take("index", 100))
    (first,) = ledger.take("index", 100)
    ledger.strike([first], reason="worker-lost", detail="killed")
    (second,) = ledger.take("index", 100)
    assert {first.id, second.id} == {"a", "b"}


def test_a_batch_whose_leases_run_out_is_suspected_and_a_page_alone_is_struck(
    ledger: Ledger, valkey: redis.Redis
) -> None:
    waiting(ledger, "a", "b")
    ledger.take("index", 100)
    for strikes in (0, 0, 1):
        members: Any = valkey.zrange("pm:l:index", 0, -1)
        valkey.zadd("pm:l:index", dict.fromkeys(members, 0), xx=True)
        ledger.sweep()
        told = [int(valkey.hget(key, "strikes") or 0) for key in valkey.keys("pm:e:*")]
        assert max(told) == strikes
        ledger.take("index", 100)


def test_a_page_that_leaves_a_room_with_no_worker_to_say_so_is_told_once(ledger: Ledger, valkey: redis.Redis) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    ledger.accept([Offer(id="p", frame=b"x", content_key="k", request_id="r", trace=trace)])
    told = []
    for room in ("clean", "clean", "solo", "solo", "solo"):
        (lease,) = ledger.take(room, 10)
        valkey.zadd(f"pm:l:{room}", {f"p:{lease.version}": 0}, xx=True)
        ledger.sweep()
        told.append([(seen.id, seen.room, seen.stage, how) for seen, how in ledger.left_unseen()])
    assert told == [[], [("p", "clean", "clean", "alone")], [], [], [("p", "solo", "clean", "dead")]]
    assert ledger.left_unseen() == []
    assert ledger.counts().balanced


def test_a_suspect_that_is_deleted_is_forgotten(ledger: Ledger, valkey: redis.Redis) -> None:
    waiting(ledger, "a", "b")
    lost(ledger, ledger.take("index", 100))
    ledger.forget(["a", "b"])
    assert ledger.take("index", 100) == []
    assert valkey.exists("pm:suspects") == 0
