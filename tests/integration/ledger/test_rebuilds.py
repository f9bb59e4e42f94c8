"""Given something that is asked of the index's generations, then one process at a time works on it, slice by slice."""

import redis

from shared.ledger.ledger import Ledger
from shared.ledger.rebuilds import Rebuilds
from shared.models.rebuild import Progress, Rebuild
from shared.settings import Settings


def last(rebuilds: Rebuilds) -> Rebuild:
    told = rebuilds.last()
    assert told is not None
    return told


def test_nothing_was_ever_asked(ledger: Ledger) -> None:
    rebuilds = ledger.rebuilds
    assert (rebuilds.last(), rebuilds.take(), rebuilds.active(), rebuilds.shown()) == (None, None, False, None)
    assert not rebuilds.cancel()
    assert not rebuilds.save(Progress(state="filling"))


def test_what_is_asked_is_taken_saved_and_ended(ledger: Ledger) -> None:
    rebuilds = ledger.rebuilds
    assert rebuilds.ask("rebuild", from_raw=True)
    taken = rebuilds.take()
    assert taken is not None
    assert (taken.number, taken.kind, taken.from_raw, taken.state, taken.tries) == (1, "rebuild", True, "asked", 0)
    assert rebuilds.save(Progress(state="filling", cursor="a", generation="000001", done=7))
    assert (last(rebuilds).state, last(rebuilds).cursor, last(rebuilds).done, last(rebuilds).tries) == (
        *("filling", "a"),
        *(7, 0),
    )
    rebuilds.take()
    assert rebuilds.save(Progress(state="live"))
    assert not rebuilds.active()
    assert rebuilds.take() is None
    assert last(rebuilds).state == "live"


def test_a_second_process_gets_nothing_while_the_first_one_holds_it_and_cannot_save(
    ledger: Ledger, valkey: redis.Redis
) -> None:
    other = Ledger(valkey, Settings()).rebuilds
    ledger.rebuilds.ask("rebuild")
    assert ledger.rebuilds.take()
    assert other.take() is None
    assert not other.save(Progress(state="refused"))
    assert ledger.rebuilds.save(Progress(state="filling"))
    assert other.take()
    assert not ledger.rebuilds.save(Progress(state="live"))


def test_failures_in_a_row_are_counted_and_slices_are_not(ledger: Ledger) -> None:
    rebuilds = ledger.rebuilds
    rebuilds.ask("rebuild")
    for failures in (1, 2):
        rebuilds.take()
        rebuilds.save(Progress(state="filling", trouble="x"), "failed")
        assert (last(rebuilds).tries, last(rebuilds).trouble) == (failures, "x")
    for _ in range(3):
        assert rebuilds.take()
    assert last(rebuilds).tries == 2
    rebuilds.save(Progress(state="filling"))
    assert (last(rebuilds).tries, last(rebuilds).trouble) == (0, None)


def test_who_is_rejected_is_counted_once(ledger: Ledger) -> None:
    ledger.rebuilds.ask("rebuild")
    for _ in range(2):
        ledger.rebuilds.reject({"a": "empty", "b": "empty", "c": "binary"})
    assert last(ledger.rebuilds).rejected == {"empty": 2, "binary": 1}
    assert ledger.rebuilds.rejected(["a", "c", "d"]) == {"a", "c"}
    ledger.rebuilds.begin_again()
    assert last(ledger.rebuilds).rejected == {}


def test_the_index_room_is_rung_while_something_is_asked(ledger: Ledger) -> None:
    assert ledger.sweep() == []
    ledger.rebuilds.ask("rollback")
    assert ledger.sweep() == ["index"]
    ledger.rebuilds.take()
    ledger.rebuilds.save(Progress(state="rolled-back"))
    assert ledger.sweep() == []
