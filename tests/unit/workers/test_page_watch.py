"""A parent's look at the notes of its pool; this process stands for a pool process."""

import os
from pathlib import Path

from shared.ledger.carried import Leased
from workers.at_hand import AtHand
from workers.page_watch import PageWatch

LEASES = [Leased(id=f"p{n}", version=n + 1, stage="clean", token=n, strikes=0, frame=b"") for n in range(3)]


def test_a_process_that_is_at_one_page_for_too_long_is_overdue(tmp_path: Path) -> None:
    note, watch = AtHand(tmp_path), PageWatch(tmp_path, page_seconds=15)
    note.hold(LEASES)
    note.begin(0)
    assert watch.overdue([os.getpid()], now=100) == []
    assert watch.overdue([os.getpid()], now=115) == []
    assert watch.overdue([os.getpid()], now=117) == [os.getpid()]
    assert watch.overdue([1], now=118) == [], "it is nobody else's"


def test_another_page_begins_the_time_anew(tmp_path: Path) -> None:
    note, watch = AtHand(tmp_path), PageWatch(tmp_path, page_seconds=15)
    note.hold(LEASES)
    for page, now in enumerate((100, 110, 120)):
        note.begin(page)
        assert watch.overdue([os.getpid()], now=now) == []
    note.hold(LEASES)
    note.begin(0)
    assert watch.overdue([os.getpid()], now=140) == []


def test_a_batch_that_is_being_handed_on_or_nothing_at_all_may_take_long(tmp_path: Path) -> None:
    note, watch = AtHand(tmp_path), PageWatch(tmp_path, page_seconds=15)
    note.hold(LEASES)
    assert watch.overdue([os.getpid()], now=100) == watch.overdue([os.getpid()], now=200) == []
    note.begin(2)
    note.rest()
    assert watch.overdue([os.getpid()], now=200) == watch.overdue([os.getpid()], now=300) == []
    note.drop()
    assert watch.overdue([os.getpid()], now=400) == []
