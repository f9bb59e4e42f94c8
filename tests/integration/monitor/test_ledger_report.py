"""Given a ledger in which pages have walked, then the control room tells where every one of them is."""

from services.monitor.ledger_report import report
from shared.ledger.ledger import Ledger


def test_every_accepted_page_is_in_one_term_of_the_equation(walked: Ledger) -> None:
    told = report(walked.counts())
    assert told.balanced
    assert (told.accepted, told.searchable, told.dead, told.deleted) == (10, 2, 1, 1)
    assert (told.waiting, told.working) == (3, 2)
    assert told.dropped == {"superseded": 1}
    ended = told.searchable + told.dead + sum(told.dropped.values()) + told.deleted
    assert told.accepted == ended + told.waiting + told.working


def test_every_room_is_there_with_what_came_and_what_went(walked: Ledger) -> None:
    rooms = report(walked.counts()).rooms
    assert list(rooms) == ["clean", "enrich", "index", "solo"]
    clean, enrich, index, solo = rooms.values()
    assert (clean.entered, clean.left, clean.waiting, clean.working, clean.dead) == (10, 4, 3, 1, 1)
    assert (clean.dropped, clean.deleted) == (0, 1)
    assert (enrich.entered, enrich.left, enrich.working) == (4, 3, 1)
    assert (index.entered, index.left, index.dropped) == (3, 2, 1)
    assert (solo.entered, solo.oldest_seconds) == (0, 0)
    assert all(room.balanced for room in rooms.values())


def test_an_empty_ledger_is_balanced_and_names_its_rooms(ledger: Ledger) -> None:
    told = report(ledger.counts())
    assert told.balanced
    assert (told.accepted, told.dropped, list(told.rooms)) == (0, {}, ["clean", "enrich", "index", "solo"])
