"""What is kept of saved searches, and how an index room learns of changes."""

import redis

from shared.saved_searches import Inboxes, Outbox, SavedSearches
from shared.saved_searches.events import Found
from tests.integration.saved_searches.conftest import MOST, saved


def test_a_saved_search_is_kept_listed_and_taken_away(searches: SavedSearches) -> None:
    made = [saved(q) for q in ("one", "two", "three")]
    assert all(map(searches.add, made))
    assert searches.get(made[1].id) == made[1]
    assert searches.listed(None, 2) == sorted(made, key=lambda each: each.id)[:2]
    assert searches.listed(sorted(each.id for each in made)[1], 9) == [max(made, key=lambda each: each.id)]
    assert searches.remove(made[0].id)
    assert not searches.remove(made[0].id)
    assert (searches.get(made[0].id), searches.count()) == (None, 2)


def test_there_are_no_more_than_there_may_be(searches: SavedSearches) -> None:
    made = [saved() for _ in range(MOST + 1)]
    assert [searches.add(each) for each in made] == [True] * MOST + [False]
    assert searches.remove(made[0].id)
    assert searches.add(made[-1])


def test_what_was_never_saved_cannot_be_replaced(searches: SavedSearches) -> None:
    assert not searches.replace(saved(), new_webhook=False)
    assert searches.count() == 0


def test_whoever_asks_is_told_of_changes_alone(searches: SavedSearches) -> None:
    one, two = saved("one"), saved("two")
    assert searches.changes(0) is None
    assert searches.add(one)
    first = searches.changes(None)
    assert first
    assert (first.whole, first.searches) == (True, (one,))
    assert searches.changes(first.number) is None
    assert searches.add(two)
    changed = one.model_copy(update={"name": "other"})
    assert searches.replace(changed, new_webhook=False)
    second = searches.changes(first.number)
    assert second
    assert (second.whole, set(second.searches), second.gone) == (False, {changed, two}, ())
    assert searches.remove(two.id)
    third = searches.changes(second.number)
    assert third
    assert (third.whole, third.searches, third.gone) == (False, (), (two.id,))


def test_a_redis_that_has_forgotten_is_asked_for_all(searches: SavedSearches, valkey: redis.Redis) -> None:
    for _ in range(3):
        assert searches.add(saved())
    number = 3
    valkey.flushall()
    assert searches.add(saved("new"))
    told = searches.changes(number)
    assert told
    assert told.whole
    assert [each.query.q for each in told.searches] == ["new"]


def test_whoever_was_away_for_many_changes_is_told_all(valkey: redis.Redis) -> None:
    searches = SavedSearches(valkey, "pm:", MOST)
    kept = saved("kept")
    assert searches.add(kept)
    since = searches.changes(None)
    assert since
    for _ in range(1001):
        passing = saved("passing")
        assert searches.add(passing)
        assert searches.remove(passing.id)
    told = searches.changes(since.number)
    assert told
    assert (told.whole, told.searches) == (True, (kept,))


def test_with_the_saved_search_all_goes_that_it_had(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox, valkey: redis.Redis
) -> None:
    made = saved(url="https://hook.example/")
    assert searches.add(made)
    assert inboxes.note([Found(made.id, "d:page", sent=True)]) == 1
    line = outbox.take(10)
    assert line
    assert searches.remove(made.id)
    assert not outbox.delivered(line)
    assert not outbox.failed(line, "away", 0)
    assert inboxes.note([Found(made.id, "d:other", sent=True)]) == 0
    assert not [key for key in valkey.keys("pm:saved:*") if made.id.encode() in key]
    assert outbox.take(10) is None
