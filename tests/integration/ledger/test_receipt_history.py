"""What a receipt keeps of a page's way: each try, each death, and how long it really waited."""

import time
from datetime import timedelta
from typing import Any

import pytest
import redis

from shared.ledger.carried import DeadLetterFilter, Done, Leased, Offer
from shared.ledger.ledger import Ledger
from shared.models.receipt import Receipt, Room, StageRecord
from shared.settings import Settings
from workers.process import WITHOUT_A_WORD

PAUSE = 0.15


@pytest.fixture
def ledger(valkey: redis.Redis) -> Ledger:
    ledger = Ledger(valkey, Settings(shared_tries=2, solo_tries=3))
    ledger.accept([Offer(id="p", frame=b"x", content_key="k", source="s")])
    return ledger


def receipt(ledger: Ledger) -> Receipt:
    told = ledger.receipts.get("p")
    assert told
    return told


def taken(ledger: Ledger, room: Room = "clean") -> Leased:
    (lease,) = ledger.take(room, 1)
    return lease


def happened(ledger: Ledger) -> list[tuple[str, str, str | None, int]]:
    return [(each.what, each.room, each.detail, each.times) for each in receipt(ledger).history]


def waited(stage: StageRecord) -> timedelta:
    assert stage.waited_ms is not None
    return timedelta(milliseconds=stage.waited_ms)


def strike(ledger: Ledger, room: Room, detail: str, reason: str = "crashed") -> None:
    ledger.strike([taken(ledger, room)], reason=reason, detail=detail)


def send_again(ledger: Ledger) -> None:
    letters = ledger.dead_letters.find(DeadLetterFilter()).items
    assert ledger.dead_letters.redrive(letters, {})


def finish(ledger: Ledger, first: Room = "clean") -> None:
    ledger.advance([Done(lease=taken(ledger, first), frame=b"y")], "index")
    ledger.finish([Done(lease=taken(ledger, "index"))])


def test_a_page_that_went_straight_through_has_no_history(ledger: Ledger) -> None:
    finish(ledger)
    assert receipt(ledger).history == ()


def test_each_try_is_told_with_what_came_of_it(ledger: Ledger) -> None:
    strike(ledger, "clean", "one")
    strike(ledger, "clean", "two")
    strike(ledger, "solo", "three")
    tries = [
        ("retry", "clean", "crashed: one", 1),
        ("retry", "clean", "crashed: two", 1),
        ("retry", "solo", "crashed: three", 1),
    ]
    assert happened(ledger) == tries
    finish(ledger, "solo")
    assert happened(ledger) == tries
    assert sorted(each.at for each in receipt(ledger).history) == [each.at for each in receipt(ledger).history]


def test_waiting_counts_from_when_the_page_came_to_the_room(ledger: Ledger) -> None:
    strike(ledger, "clean", "one")
    time.sleep(PAUSE)
    begun = time.monotonic()
    strike(ledger, "clean", "two")
    lease = taken(ledger, "solo")
    between = timedelta(seconds=time.monotonic() - begun)
    _, solo = receipt(ledger).stages
    assert waited(solo) <= between + timedelta(milliseconds=2), "not since it was accepted"
    ledger.advance([Done(lease=lease, frame=b"y")], "index")
    time.sleep(PAUSE)
    taken(ledger, "index")
    assert waited(receipt(ledger).stages[-1]) >= timedelta(seconds=PAUSE - 0.01)


def test_a_wait_is_told_after_the_end_as_before_it_even_where_it_was_none(ledger: Ledger) -> None:
    waits: list[float | None] = []
    ledger.reject(taken(ledger), reason="no-text", detail="nothing is left")
    while 0 not in waits:  # taken within the millisecond of being accepted
        ledger.accept([Offer(id="p", frame=b"x", content_key=f"{len(waits)}", source="s")])
        lease = taken(ledger)
        waits.append(receipt(ledger).stages[0].waited_ms)
        ledger.reject(lease, reason="no-text", detail="nothing is left")
        assert receipt(ledger).stages[0].waited_ms == waits[-1]


def test_a_page_that_is_sent_again_keeps_its_first_death(ledger: Ledger) -> None:
    ledger.reject(taken(ledger), reason="no-text", detail="nothing is left")
    died = receipt(ledger).stages[0].finished_at
    time.sleep(PAUSE)
    send_again(ledger)
    assert happened(ledger) == [("died", "clean", "no-text: nothing is left", 1), ("sent-again", "clean", None, 1)]
    assert receipt(ledger).history[0].at == died
    again = receipt(ledger).history[1].at
    lease = taken(ledger)
    (clean,) = receipt(ledger).stages
    assert clean.started_at
    assert clean.started_at - waited(clean) == again
    ledger.reject(lease, reason="no-text", detail="still nothing")
    send_again(ledger)
    finish(ledger)
    assert [what for what, *_ in happened(ledger)] == ["died", "sent-again"] * 2


def test_an_outage_is_one_entry_however_often_it_was_tried(ledger: Ledger) -> None:
    for _ in range(5):
        ledger.wait_again([taken(ledger)], reason="index-away", detail="refused")
    assert happened(ledger) == [("retry", "clean", "index-away: refused", 5)]


def test_the_list_is_bounded_and_keeps_its_beginning_and_its_end(ledger: Ledger, valkey: redis.Redis) -> None:
    for number in range(20):
        ledger.reject(taken(ledger), reason="no-text", detail=f"{number} {'x' * 500}")
        send_again(ledger)
    told = receipt(ledger).history
    assert len(told) == 8
    assert told[0].detail
    assert told[0].detail.startswith("no-text: 0 ")
    assert told[-2].detail
    assert told[-2].detail.startswith("no-text: 19 ")
    finish(ledger)
    size: Any = valkey.strlen("pm:p:p")
    assert size < 2000


@pytest.mark.parametrize("before", range(4))
def test_what_is_cut_short_is_text_still(ledger: Ledger, before: int) -> None:
    detail = "x" * before + "\N{GRINNING FACE}" * 100
    strike(ledger, "clean", detail)
    ledger.reject(taken(ledger), reason="no-text", detail=detail)
    told = receipt(ledger)
    for shown, whole in ((told.history[0].detail, f"crashed: {detail}"), (told.stages[0].detail, f"no-text: {detail}")):
        assert shown
        assert shown[-1] == "…", "it says that it is not all"
        assert whole.startswith(shown[:-1])
        assert len(shown) > 30


def test_what_killed_a_process_is_told_whole(ledger: Ledger) -> None:
    assert len(f"worker-lost: {WITHOUT_A_WORD}") <= 120
    strike(ledger, "clean", WITHOUT_A_WORD, "worker-lost")
    assert receipt(ledger).history[0].detail == f"worker-lost: {WITHOUT_A_WORD}"
