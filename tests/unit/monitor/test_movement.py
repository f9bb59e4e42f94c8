"""Given readings of the ledger, then a room is said to stand still only where pages wait and none moves."""

from services.monitor.movement import Movement
from shared.ledger.carried import RoomCounts


def room(*, waiting: int = 0, left: int = 0, dead: int = 0, dropped: int = 0) -> dict[str, RoomCounts]:
    entered = waiting + left + dead + dropped
    counts = RoomCounts(
        entered=entered, left=left, waiting=waiting, working=0, dead=dead, dropped=dropped, deleted=0, oldest_seconds=0
    )
    return {"clean": counts}


def test_pages_that_wait_while_none_leaves_are_a_standstill() -> None:
    movement = Movement(stalled_seconds=30)
    movement.observe(room(waiting=5), 100)
    movement.observe(room(waiting=5), 129)
    assert movement.standstill() == {}
    movement.observe(room(waiting=9), 131)
    assert movement.standstill() == {"clean": 31}


def test_a_room_from_which_pages_go_does_not_stand_still() -> None:
    movement = Movement(stalled_seconds=30)
    movement.observe(room(waiting=5), 0)
    movement.observe(room(waiting=5, left=1), 20)
    movement.observe(room(waiting=5, left=1, dead=1), 45)
    movement.observe(room(waiting=5, left=1, dead=1, dropped=1), 70)
    assert movement.standstill() == {}


def test_an_empty_room_is_at_rest_and_its_time_begins_with_the_first_page() -> None:
    movement = Movement(stalled_seconds=30)
    movement.observe(room(left=3), 0)
    movement.observe(room(left=3), 1000)
    assert movement.standstill() == {}
    movement.observe(room(waiting=1, left=3), 1001)
    assert movement.standstill() == {}
    movement.observe(room(waiting=1, left=3), 1030)
    assert movement.standstill() == {"clean": 30}


def test_a_standstill_ends_when_a_page_moves() -> None:
    movement = Movement(stalled_seconds=30)
    movement.observe(room(waiting=1), 0)
    movement.observe(room(waiting=1), 60)
    assert movement.standstill()
    movement.observe(room(waiting=1, left=1), 61)
    assert movement.standstill() == {}
