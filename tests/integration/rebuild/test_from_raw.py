"""Given raw pages in the archive, when the index is built from them, then documents are as today's code makes them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis

from shared import clients
from shared.ledger.carried import DeadLetterFilter, Offer
from shared.models.document import Document
from shared.models.raw_page import Submission
from shared.packing import pack
from shared.settings import Settings
from shared.sites.blocks import Sighting, blocks_of
from tests.contracts.search_engines import page
from tests.integration.rebuild.conftest import House, abandoned

STORY = (
    "The ferry between the two islands will run again from Monday, the harbour office said. "
    "It had been laid up for eleven weeks after a crack was found in its bow thruster. "
    "Repairs cost more than the council had set aside, and took longer than anyone had hoped."
)


@pytest.fixture
def changed(settings: Settings, valkey: redis.Redis) -> Iterator[House]:
    """The house with another cleaning than its pages were made by."""
    opened = House(settings, valkey, "tests.integration.rebuild.other_cleaning")
    yield opened
    opened.close()
    opened.archive.close()


def text(word: str, number: int = 0) -> str:
    return f"{word} harbour report number {number}\n\n{STORY} It was report {number}."


def held(house: House, page_id: str) -> Document | None:
    return house.generations.reader(house.generations.written()[0]).get(page_id)


def lose_the_index(house: House) -> None:
    house.close()
    shutil.rmtree(house.settings.data / "index")
    house.open()


def test_documents_are_made_anew_and_keep_their_version_and_their_story(changed: House) -> None:
    before = [changed.walk(f"p{n}", text("A", n)) for n in range(5)]
    changed.ask(from_raw=True)
    told = changed.run()
    assert (told.state, told.cleaned, told.copied) == ("live", 5, 0), told
    for old in before:
        new = held(changed, old.id)
        assert new is not None
        assert new.title == f"Again: {old.title}"
        assert (new.version, new.revision, new.story, new.indexed_at) == (old.version, 1, old.id, old.indexed_at)


def test_what_comes_out_the_same_stays_the_same(house: House) -> None:
    before = house.walk("p", text("A"))
    house.ask(from_raw=True)
    assert house.run().cleaned == 1
    assert held(house, "p") == before


def test_a_document_is_copied_where_no_raw_page_remains(changed: House) -> None:
    changed.walk("p", text("A"))
    changed.put(page("unarchived", "No bytes of it.", title="Kept", story="unarchived"))
    changed.ask(from_raw=True)
    told = changed.run()
    assert (told.state, told.cleaned, told.copied) == ("live", 1, 1)
    kept = held(changed, "unarchived")
    assert kept is not None
    assert kept.title == "Kept"


def test_pages_that_end_what_works_on_them_are_copied_and_counted(changed: House) -> None:
    words = ("RAISE", "HANG", "KILL", "MEMORY", "A", "A")
    before = [changed.walk(f"p{n}", text(word, n)) for n, word in enumerate(words)]
    changed.ask(from_raw=True)
    told = changed.run()
    assert told.state == "live", told
    assert told.broken == {"crashed": 1, "worker-lost": 2, "out-of-memory": 1}
    assert (told.copied, told.cleaned) == (4, 2)
    assert [held(changed, old.id) for old in before[:4]] == before[:4]


def test_pages_that_are_rejected_now_are_not_in_the_new_one_and_are_counted(changed: House) -> None:
    changed.walk("good", text("A"))
    changed.walk("bad", text("REJECT"))
    changed.ask(from_raw=True)
    told = changed.run()
    assert (told.state, told.rejected) == ("live", {"empty": 1})
    assert (told.comparison.rejected, told.comparison.unexplained) == (1, 0)
    assert held(changed, "bad") is None
    assert held(changed, "good") is not None


def test_a_newer_version_that_comes_meanwhile_stays(changed: House) -> None:
    changed.walk("p", text("A"))
    for n in range(60):
        changed.walk(f"q{n}", text("SAME", n))
    changed.ask(from_raw=True)
    changed.until("filling", done=20)
    newer = changed.walk("p", text("B"), fetched_ms=1_800_000_000_000)
    assert changed.run().state == "live"
    assert held(changed, "p") == newer


def test_a_lost_index_is_filled_from_the_archive(house: House) -> None:
    before = [house.walk(f"p{n}", text("A", n)) for n in range(30)]
    house.walk("gone", text("A", 99))
    house.delete("gone")
    house.errands()
    lose_the_index(house)
    assert house.index.count() == 0
    house.ask(from_raw=True)
    told = house.run()
    assert (told.state, told.cleaned) == ("live", 30), told
    assert house.index.count() == 30
    for old in before:
        new = held(house, old.id)
        assert new is not None
        assert (new.text, new.version) == (old.text, old.version)


def test_a_lost_index_is_filled_from_the_archive_also_when_new_pages_have_come_and_receipts_are_gone(
    house: House, valkey: redis.Redis
) -> None:
    for n in range(5):
        house.walk(f"p{n}", text("A", n))
    valkey.delete(*valkey.keys("pm:p:*"))
    lose_the_index(house)
    house.walk("new", text("A", 9))
    house.ask(from_raw=True)
    assert house.run().state == "live"
    assert house.index.count() == 6


def test_an_earlier_version_stays_searchable_where_the_later_one_was_let_go(house: House) -> None:
    first = house.walk("p", text("A"))
    dies(house, "p", "B")
    discard_all(house)
    lose_the_index(house)
    house.ask(from_raw=True)
    assert house.run().state == "live"
    found = held(house, "p")
    assert found is not None
    assert (found.text, found.version) == (first.text, first.version)


def test_an_index_that_cannot_be_read_is_refused_without_raw_pages_and_replaced_with_them(house: House) -> None:
    house.walk("p", text("A"))
    house.close()
    (house.settings.data / "index" / "meta.json").write_text("garbage")
    house.open()
    house.ask()
    told = house.run()
    assert told.state == "refused"
    assert "--from-raw" in (told.reason or "")
    house.ask(from_raw=True)
    told = house.run()
    assert (told.state, told.cleaned) == ("live", 1), told
    assert told.lost
    assert told.lost in (told.comparison.remark or "")
    assert house.index.count() == 1
    assert house.roles() == {"live": 1, "aside": None}


def test_nothing_to_fill_it_from_is_refused(house: House) -> None:
    (house.settings.data / "index").mkdir()
    (house.settings.data / "index" / "meta.json").write_text("garbage")
    house.ask(from_raw=True)
    assert house.run().state == "refused"
    assert [each.role for each in house.generations.status()] == ["live"]


def dies(house: House, page_id: str, word: str) -> None:
    frame = pack(Submission(id=page_id, content_type="text/plain"), text(word).encode())
    house.ledger.accept([Offer(id=page_id, frame=frame, content_key=word)])
    house.ledger.reject(house.ledger.take("clean", 1)[0], reason="empty", detail="")
    house.errands()


def discard_all(house: House) -> None:
    house.ledger.dead_letters.discard(house.ledger.dead_letters.members(DeadLetterFilter()), "nobody wants them")
    house.errands()


@pytest.mark.parametrize("receipts", ["kept", "expired"])
def test_dead_letters_and_those_that_were_let_go_do_not_become_searchable(
    house: House, valkey: redis.Redis, receipts: str
) -> None:
    house.walk("p", text("A"))
    dies(house, "let-go", "A")
    discard_all(house)
    for word in ("A", "B"):
        dies(house, "dead-twice", word)
    assert {each.id for each in house.archive.scan()} == {"p", "let-go", "dead-twice"}, "their bytes are still kept"
    if receipts == "expired":
        valkey.delete(*valkey.keys("pm:p:*"))
    lose_the_index(house)
    house.ask(from_raw=True)
    assert house.run().state == "live"
    assert held(house, "p") is not None
    assert house.index.count() == 1


def test_near_copies_share_a_story_in_an_index_that_is_filled_from_the_archive(house: House) -> None:
    for name in ("a", "b"):
        house.walk(name, text("A", 7))
    lose_the_index(house)
    house.ask(from_raw=True)
    assert house.run().state == "live"
    found = [held(house, name) for name in ("a", "b")]
    assert len({document.story for document in found if document}) == 1


def test_it_goes_on_in_another_process_where_the_first_one_stopped(changed: House) -> None:
    for n in range(60):
        changed.walk(f"p{n}", text("A", n))
    changed.ask(from_raw=True)
    changed.until("filling", done=20)
    changed.reopen()
    told = changed.run()
    assert (told.state, told.cleaned, changed.index.count()) == ("live", 60, 60)


def test_where_nothing_can_clean_them_it_is_refused_and_says_so(settings: Settings, valkey: redis.Redis) -> None:
    house = House(settings, valkey, "tests.integration.rebuild.no_such_module")
    house.walk("p", text("A"))
    house.ask(from_raw=True)
    told = house.run()
    assert told.state == "refused"
    assert "ends before its first page" in (told.reason or "")
    assert house.roles() == {"live": 1}
    house.close()
    house.archive.close()


def test_what_a_site_was_found_to_repeat_since_is_left_out_of_its_older_pages(
    house: House, valkey: redis.Redis
) -> None:
    tail = "The harbour office is open to all who ask on every day of the week but Monday."
    url, body = "https://harbour.example/report", f"{text('A')}\n\n{tail}"
    before = house.walk("p", body, url=url)
    assert tail in before.text
    sites = clients.sites(house.settings, valkey)
    for number in range(9):
        sites.learn([Sighting("harbour.example", f"p{number}", f"p{number}", blocks_of([tail]))])
    house.ask(from_raw=True)
    assert house.run().state == "live"
    after = held(house, "p")
    assert after is not None
    assert after.text == before.text.removesuffix(f"\n\n{tail}")


def nine_have_ended(house: House) -> None:
    for _ in range(9):
        abandoned(house.client)


def test_a_process_that_is_killed_while_pages_are_made_is_no_reason_to_give_up(changed: House, valkey_url: str) -> None:
    changed.walk("p", text("HANG"))
    changed.ask(from_raw=True)
    changed.until("filling")
    nine_have_ended(changed)
    changed.close()
    what = (str(changed.settings.data), valkey_url, changed.child)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.rebuild.killed", *what], stderr=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stderr
        assert "hangs\n" in iter(worker.stderr.readline, "")
        worker.kill()
    changed.open()
    told = changed.run(most=20_000)
    assert (told.state, told.broken) == ("live", {"worker-lost": 1}), told


def test_slices_that_only_wait_do_not_hide_that_the_work_ends_its_process(
    settings: Settings, valkey: redis.Redis
) -> None:
    house = House(settings.model_copy(update={"page_seconds": 60}), valkey, "tests.integration.rebuild.other_cleaning")
    house.walk("p", text("HANG"))
    house.ask(from_raw=True)
    house.until("filling")
    for _ in range(10):
        house.rebuilding.slice(0)
        abandoned(valkey)
    told = house.run()
    assert (told.state, "10 times in a row" in (told.reason or "")) == ("refused", True)
    house.close()
    house.archive.close()
