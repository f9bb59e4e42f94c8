"""Alerts put down once, and the lines of webhooks."""

from shared.saved_searches import Inboxes, Outbox, SavedSearches
from shared.saved_searches.events import Found
from tests.integration.saved_searches.conftest import saved

URL = "https://hook.example/"


def members(line: object) -> list[str]:
    return [entry.member for entry in line.alerts]  # type: ignore[attr-defined]


def test_what_is_noted_twice_is_told_once(searches: SavedSearches, inboxes: Inboxes) -> None:
    made = saved()
    assert searches.add(made)
    found = [Found(made.id, "d1:page", sent=False), Found(made.id, "d2:page", sent=False)]
    assert inboxes.note(found) == 2
    assert inboxes.note([*found, *found]) == 0
    assert inboxes.count(made.id) == 2


def test_an_inbox_is_read_from_either_end_and_gone_on_with(searches: SavedSearches, inboxes: Inboxes) -> None:
    made = saved()
    assert searches.add(made)
    assert inboxes.note([Found(made.id, f"d:{n}", sent=False) for n in range(4)]) == 4
    newest = inboxes.entries(made.id, "newest", None, 3)
    assert [entry.member for entry in newest] == ["d:3", "d:2", "d:1"]
    assert [entry.member for entry in inboxes.entries(made.id, "newest", newest[-1].at_us, 9)] == ["d:0"]
    oldest = inboxes.entries(made.id, "oldest", None, 3)
    assert [entry.member for entry in oldest] == ["d:0", "d:1", "d:2"]
    assert inboxes.note([Found(made.id, "d:late", sent=False)]) == 1
    assert [entry.member for entry in inboxes.entries(made.id, "oldest", oldest[-1].at_us, 9)] == ["d:3", "d:late"]


def test_an_inbox_keeps_the_newest(searches: SavedSearches, inboxes: Inboxes) -> None:
    made = saved()
    assert searches.add(made)
    assert inboxes.note([Found(made.id, f"d:{n}", sent=False) for n in range(9)]) == 9
    assert [entry.member for entry in inboxes.entries(made.id, "oldest", None, 9)] == ["d:5", "d:6", "d:7", "d:8"]


def test_a_line_is_one_taker_s_until_it_is_settled(searches: SavedSearches, inboxes: Inboxes, outbox: Outbox) -> None:
    made = saved(url=URL)
    assert searches.add(made)
    assert inboxes.note([Found(made.id, f"d:{n}", sent=True) for n in range(4)]) == 4
    line = outbox.take(60)
    assert line
    assert members(line) == ["d:0", "d:1", "d:2"]
    assert outbox.take(60) is None
    assert outbox.delivered(line)
    rest = outbox.take(60)
    assert rest
    assert members(rest) == ["d:3"]
    assert outbox.delivered(rest)
    assert outbox.take(60) is None
    state = outbox.state(made.id)
    assert (state.waiting, state.failures, state.error, state.next_at) == (0, 0, None, None)
    assert state.delivered_at
    assert outbox.figures() == {"alerts": 4, "delivered": 4, "failed": 0, "undelivered": 0}


def test_a_line_whose_taker_died_is_taken_again_and_the_first_can_settle_nothing(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox
) -> None:
    made = saved(url=URL)
    assert searches.add(made)
    assert inboxes.note([Found(made.id, f"d:{n}", sent=True) for n in range(4)]) == 4
    dead = outbox.take(0)
    line = outbox.take(60)
    assert dead
    assert line
    assert members(line) == members(dead)
    assert not outbox.delivered(dead)
    assert outbox.delivered(line)
    assert outbox.state(made.id).waiting == 1


def test_a_call_that_fails_is_made_again_with_the_same_alerts_and_then_they_are_put_aside(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox
) -> None:
    made = saved(url=URL)
    assert searches.add(made)
    assert inboxes.note([Found(made.id, "d:0", sent=True)]) == 1
    first = outbox.take(60)
    assert first
    assert not outbox.failed(first, "the answer was 500", 0)
    assert inboxes.note([Found(made.id, "d:1", sent=True)]) == 1
    second = outbox.take(60)
    assert second
    assert (members(second), second.failures) == (["d:0"], 1)
    assert outbox.state(made.id).error == "the answer was 500"
    assert outbox.failed(second, "the answer was 501", 0)
    state = outbox.state(made.id)
    assert (state.waiting, state.undelivered, state.failures, state.error) == (1, 1, 0, "the answer was 501")
    assert [entry.member for entry in outbox.undelivered(made.id, 9)] == ["d:0"]
    third = outbox.take(60)
    assert third
    assert members(third) == ["d:1"]
    assert outbox.delivered(third)
    assert outbox.redrive(made.id) == 1
    again = outbox.take(60)
    assert again
    assert members(again) == ["d:0"]
    assert outbox.redrive(made.id) == 0


def test_a_line_that_is_full_tells_what_it_did_not_keep(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox
) -> None:
    made = saved(url=URL)
    assert searches.add(made)
    assert inboxes.note([Found(made.id, f"d:{n}", sent=True) for n in range(9)]) == 9
    state = outbox.state(made.id)
    assert (state.waiting, state.not_kept) == (6, 3)


def test_another_webhook_gets_what_waits_and_none_gets_nothing(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox
) -> None:
    made = saved(url=URL)
    assert searches.add(made)
    assert inboxes.note([Found(made.id, "d:0", sent=True)]) == 1
    taken = outbox.take(60)
    assert taken
    other = saved(url="https://other.example/").model_copy(update={"id": made.id})
    assert searches.replace(other, new_webhook=True)
    assert not outbox.delivered(taken)
    line = outbox.take(60)
    assert line
    assert b"other.example" in line.kept
    assert searches.replace(made.model_copy(update={"webhook": None}), new_webhook=True)
    assert outbox.take(60) is None
    assert outbox.state(made.id).waiting == 0
