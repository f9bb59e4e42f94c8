"""Given an index, when it is built anew, then all of it is found in the new one, and what came meanwhile, too."""

import shutil
from pathlib import Path

import pytest

from shared.errors import DependencyUnavailable
from shared.models.rebuild import Rebuild, RebuildKind
from shared.search.tantivy import TantivyGenerations
from tests.contracts.search_engines import page
from tests.integration.rebuild.conftest import House


def pages(house: House, count: int) -> list[str]:
    names = [f"p{number:04d}" for number in range(count)]
    house.put(*(page(name, f"Text of {name}.", title=f"Title {name}", story=name) for name in names))
    return names


def found(house: House) -> dict[str, str]:
    reader, told = house.generations.reader(house.generations.written()[0]), dict[str, str]()
    while batch := reader.documents(max(told, default=None), 1000):
        told |= {document.id: document.text for document in batch}
    return told


def test_every_document_is_in_the_new_one_which_goes_live(house: House) -> None:
    names = pages(house, 300)
    before = found(house)
    house.ask()
    told = house.run()
    assert (told.state, told.reason) == ("live", None)
    assert (told.total, told.copied, told.done, told.comparison.live, told.comparison.found) == (300,) * 5
    assert (told.comparison.unexplained, told.comparison.caught_up) == (0, 0)
    assert told.comparison.canaries
    assert all(canary.ok for canary in told.comparison.canaries)
    assert found(house) == before
    assert sorted(before) == names
    assert house.roles() == {"live": 300, "kept": 300}
    assert house.index.count() == 300


def test_pages_that_come_change_and_go_while_it_runs_are_as_they_should_be(house: House) -> None:
    names = pages(house, 300)
    house.ask()
    house.until("filling", done=60)
    house.put(page("a-new", "New.", story="a"), page("z-new", "New.", story="z"))
    house.put(page(names[5], "Changed behind the cursor.", version=2), page(names[290], "Changed ahead.", version=2))
    house.delete(names[6], names[291])
    house.errands()
    house.until("checking")
    house.put(page("m-new", "New.", story="m"))
    house.delete(names[100])
    house.errands()
    assert house.run().state == "live"
    texts = found(house)
    assert set(texts) == {*names, "a-new", "m-new", "z-new"} - {names[6], names[100], names[291]}
    assert texts[names[5]] == "Changed behind the cursor."
    assert texts[names[290]] == "Changed ahead."


def test_however_many_pages_come_while_it_runs_no_more_is_done_than_there_is(house: House) -> None:
    pages(house, 100)
    house.ask()
    seen = [house.until("filling", done=20)]
    house.put(*(page(f"z{number:03d}", f"New {number}.", story=f"z{number}") for number in range(150)))
    while (told := house.last()).state in {"filling", "checking"}:
        seen.append(told)
        house.rebuilding.slice(0.05)
    assert [each.total for each in seen if each.done > each.total or each.comparison.live > each.total] == []
    assert {each.total for each in seen if each.state == "checking"} == {250}
    assert (told.state, told.total, told.done, told.comparison.live) == ("live", 250, 250, 250)


def test_a_page_that_is_deleted_between_being_read_and_being_written_does_not_come_back(house: House) -> None:
    names = pages(house, 30)
    house.ask()
    house.until("filling")
    house.delete(names[3])  # known to the ledger alone: the errand waits
    told = house.run()
    assert (told.state, told.deleted) == ("live", 1)
    assert told.comparison.deleted == 1
    assert names[3] not in found(house)
    house.errands()
    assert house.roles() == {"live": 29, "kept": 29}


def test_it_goes_on_in_another_process_where_the_first_one_stopped(house: House) -> None:
    pages(house, 300)
    house.ask()
    done = house.until("filling", done=60).done
    house.reopen()
    assert house.until("filling", done=done + 1).cursor
    house.reopen()
    told = house.run()
    assert (told.state, told.copied) == ("live", 300)


def test_a_process_that_is_killed_after_the_flip_finds_it_done(house: House) -> None:
    pages(house, 30)
    house.ask()
    house.until("checking")
    house.generations.go_live(house.building())
    house.reopen()
    assert house.run().state == "live"
    assert house.roles() == {"live": 30, "kept": 30}


def test_it_begins_again_where_the_new_one_is_lost_on_the_way(house: House) -> None:
    pages(house, 100)
    house.ask()
    house.until("filling", done=40)
    house.close()
    shutil.rmtree(house.settings.data / "index" / "generations" / house.building())
    house.open()
    told = house.run()
    assert (told.state, told.copied, house.index.count()) == ("live", 100, 100)


def test_a_second_one_is_not_begun_while_the_first_one_runs(house: House) -> None:
    pages(house, 30)
    house.ask()
    assert not house.ledger.rebuilds.ask("rebuild")
    assert not house.ledger.rebuilds.ask("rollback")
    house.run()
    assert house.ledger.rebuilds.ask("rebuild")


def test_one_that_is_cancelled_leaves_the_live_one_as_it_was(house: House) -> None:
    pages(house, 100)
    house.ask()
    house.until("filling", done=20)
    assert house.ledger.rebuilds.cancel()
    assert house.run().state == "cancelled"
    assert house.roles() == {"live": 100}
    assert not house.ledger.rebuilds.cancel()


def without_a_live_one(house: House) -> Path:
    """Nobody can say which generation is live; the file that does, to be put back."""
    pointer = house.settings.data / "index" / "generations.json"
    return pointer.rename(pointer.with_suffix(".away"))


@pytest.mark.parametrize("kind", ["rollback", "retire", "rebuild"])
def test_what_waits_can_be_cancelled_and_does_not_happen_later(house: House, kind: RebuildKind) -> None:
    pages(house, 3)
    house.ask()
    house.run()
    blocked = without_a_live_one(house)
    blocked.with_suffix(".json").write_text("{")
    assert house.ledger.rebuilds.ask(kind)
    house.rebuilding.slice()
    assert house.last().trouble
    assert house.ledger.rebuilds.cancel()
    told = house.run()
    assert told.state == "cancelled"
    blocked.rename(blocked.with_suffix(".json"))
    house.rebuilding.slice()
    assert house.roles() == {"live": 3, "kept": 3}


def test_one_that_had_happened_when_it_was_cancelled_says_so(house: House) -> None:
    pages(house, 3)
    house.ask()
    house.run()
    assert house.ledger.rebuilds.ask("rollback")
    house.rebuilding.slice(0)  # its name is saved
    house.generations.go_live(house.last().generation or "")
    assert house.ledger.rebuilds.cancel()
    assert house.run().state == "rolled-back"


def missing(house: House, told: Rebuild) -> tuple[int, tuple[str, ...]]:
    return told.comparison.unexplained, told.comparison.examples


def test_a_shortfall_that_nothing_explains_keeps_the_new_one_from_going_live(house: House) -> None:
    names = pages(house, 100)
    house.ask()
    house.until("checking")
    house.generations.writer(house.building()).delete({names[7]: 9, names[70]: 9})
    told = house.run()
    assert told.state == "refused"
    assert missing(house, told) == (2, (names[7], names[70]))
    assert names[70] in (told.reason or "")
    assert house.roles() == {"live": 100}
    assert house.index.count() == 100


def test_what_another_writer_put_into_the_live_one_alone_is_caught_up_with(house: House) -> None:
    pages(house, 50)
    house.ask()
    told = house.until("checking")
    assert told.began_at
    late = page("late", "Late.", indexed_at=told.began_at, story="late")
    house.generations.writer(house.generations.written()[0]).index([late])
    told = house.run()
    assert (told.state, told.comparison.caught_up) == ("live", 1)
    assert found(house)["late"] == "Late."


def test_queries_that_find_nothing_any_more_keep_it_from_going_live(house: House) -> None:
    names = pages(house, 40)
    house.ask()
    house.until("checking")
    emptied = [page(name, "x", version=1, revision=1, story=name) for name in names]
    house.generations.writer(house.building()).index(emptied)
    told = house.run()
    assert told.state == "refused"
    assert "queries" in (told.reason or "")
    assert house.roles() == {"live": 40}


def test_queries_that_find_more_than_before_do_not_keep_it_from_going_live(house: House) -> None:
    names = [f"p{number:04d}" for number in range(40)]
    house.put(*(page(name, "The harbour and its tide.", title="Harbour tide", story=name) for name in names))
    house.ask()
    house.until("checking")
    house.generations.writer(house.generations.written()[0]).delete(dict.fromkeys(names[1:], 9))
    assert house.run().state == "live"


def test_going_back_keeps_what_was_written_since(house: House) -> None:
    names = pages(house, 30)
    house.ask()
    house.run()
    house.put(page("since", "Since.", story="since"))
    house.delete(names[0])
    house.errands()
    assert house.ledger.rebuilds.ask("rollback")
    assert house.run().state == "rolled-back"
    assert set(found(house)) == {*names[1:], "since"}
    assert house.generations.status()[0].name == "plain"
    assert house.roles() == {"live": 30, "kept": 30}


def test_without_an_earlier_one_there_is_no_way_back(house: House) -> None:
    pages(house, 3)
    assert house.ledger.rebuilds.ask("rollback")
    told = house.run()
    assert (told.state, told.reason) == ("refused", "no earlier generation is kept")
    assert house.index.count() == 3


def test_the_earlier_one_is_retired_when_that_is_asked_or_its_time_is_up(house: House) -> None:
    pages(house, 3)
    house.ask()
    house.run()
    house.rebuilding.retire_due()
    assert set(house.roles()) == {"live", "kept"}
    assert house.ledger.rebuilds.ask("retire")
    assert house.run().state == "retired"
    assert set(house.roles()) == {"live"}
    house.ask()
    house.run()
    house.settings = house.settings.model_copy(update={"index_kept_hours": 0})
    house.reopen()
    house.rebuilding.retire_due()
    assert set(house.roles()) == {"live"}
    shown = house.ledger.rebuilds.shown()
    assert shown is not None
    assert [each.role for each in shown.generations] == ["live"]


def test_while_the_engine_is_away_it_waits_and_says_why(house: House) -> None:
    pages(house, 30)
    house.ask()
    house.until("filling")
    blocking = TantivyGenerations(house.settings.data / "index", heap_bytes=16_000_000)
    blocking.writer(house.building()).index([page("x", story="x")])
    house.rebuilding.slice()
    told = house.last()
    assert (told.state, told.tries) == ("filling", 0)
    assert "another process is writing" in (told.trouble or "")
    blocking.close()
    told = house.run()
    assert (told.state, told.trouble) == ("live", None)


def test_pages_wait_while_one_of_the_generations_cannot_be_written_to(house: House) -> None:
    house.ask()
    house.until("filling")
    blocking = TantivyGenerations(house.settings.data / "index", heap_bytes=16_000_000)
    blocking.writer(house.building()).index([page("x", story="x")])
    with pytest.raises(DependencyUnavailable, match="generation 000001 cannot be written to"):
        house.put(page("a"))
    blocking.close()
    house.put(page("a"))


def test_an_empty_index_is_built_anew_as_an_empty_one(house: House) -> None:
    house.ask()
    told = house.run()
    assert (told.state, told.done) == ("live", 0)
    house.put(page("a"))
    assert house.index.count() == 1
