"""What every page archive does. An adapter joins by a name in `ADAPTERS`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from shared.archive.elasticsearch import ElasticsearchArchive
from shared.archive.port import ArchivedPage, PageArchive
from shared.archive.sqlite import SqliteArchive
from shared.search.elasticsearch import Access
from shared.search.elasticsearch.setup import Layout, set_up

DAY = 86_400.0
MUCH = 10**9


class Clock:
    """A clock that is set by hand, in seconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Opener(Protocol):
    """Opens the archive of this test; each call is one more opening of the same one."""

    def __call__(self, *, max_age_days: float = 90, max_bytes: int = MUCH, read_only: bool = False) -> PageArchive: ...


def sqlite_archive(folder: Path, clock: Clock) -> Opener:
    def opener(*, max_age_days: float = 90, max_bytes: int = MUCH, read_only: bool = False) -> PageArchive:
        return SqliteArchive(
            folder / "archive" / "pages.sqlite",
            max_age_days=max_age_days,
            max_bytes=max_bytes,
            read_only=read_only,
            clock=clock,
        )

    return opener


def elasticsearch_archive(url: str, prefix: str, clock: Clock) -> Opener:
    set_up(Access(url), prefix, Layout(replicas=0))

    def opener(*, max_age_days: float = 90, max_bytes: int = MUCH, read_only: bool = False) -> PageArchive:
        return ElasticsearchArchive(
            Access(url), prefix, max_age_days=max_age_days, max_bytes=max_bytes, read_only=read_only, clock=clock
        )

    return opener


ADAPTERS = ("sqlite", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ADAPTERS)
def opened(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Opener]:
    if request.param == "sqlite":
        opener = sqlite_archive(tmp_path, clock)
    else:
        url, prefix = (request.getfixturevalue(f"elasticsearch_{name}") for name in ("url", "prefix"))
        opener = elasticsearch_archive(url, prefix, clock)
    archives: list[PageArchive] = []

    def remembered(*, max_age_days: float = 90, max_bytes: int = MUCH, read_only: bool = False) -> PageArchive:
        archives.append(opener(max_age_days=max_age_days, max_bytes=max_bytes, read_only=read_only))
        return archives[-1]

    yield remembered
    for archive in archives:
        archive.close()


@pytest.fixture
def archive(opened: Opener) -> PageArchive:
    return opened()


def page(page_id: str, version: int = 1, packed: bytes = b"x", *, dead: bool = False) -> ArchivedPage:
    return ArchivedPage(id=page_id, version=version, packed=packed, dead=dead)


def kept(archive: PageArchive, *pages: ArchivedPage) -> list[ArchivedPage]:
    return [each for each in pages if archive.get(each.id, each.version) == each]


def test_an_empty_archive_gives_nothing(archive: PageArchive) -> None:
    assert archive.get("a") is None
    assert list(archive.scan()) == []
    assert archive.size_bytes() == 0
    assert archive.trim() == 0


def test_a_page_comes_out_byte_for_byte(archive: PageArchive) -> None:
    body = bytes(range(256)) * 4
    archive.put([page("a", 2**53 - 1, body), page("b", 7, b"")])
    assert archive.get("a") == page("a", 2**53 - 1, body)
    assert archive.get("b", 7) == page("b", 7, b"")
    assert archive.get("a", 7) is None


def test_what_was_put_is_there_after_it_is_opened_again(opened: Opener) -> None:
    first = opened()
    first.put([page("a")])
    first.close()
    assert opened().get("a") == page("a")


def test_a_reader_sees_what_a_writer_puts_while_both_are_open(opened: Opener) -> None:
    reader, writer = opened(read_only=True), opened()
    assert reader.get("a") is None
    assert list(reader.scan()) == []
    assert reader.size_bytes() == 0
    writer.put([page("a", 1, b"12345")])
    assert reader.get("a") == page("a", 1, b"12345")
    assert reader.size_bytes() == 5
    writer.put([page("a", 2)])
    assert reader.get("a") == page("a", 2)


def test_a_newer_version_replaces_an_older_one(archive: PageArchive) -> None:
    archive.put([page("a", 1), page("a", 2, b"new"), page("b", 1)])
    assert archive.get("a") == page("a", 2, b"new")
    assert archive.get("a", 1) is None
    assert archive.size_bytes() == 4


def test_an_older_version_that_comes_late_does_not_take_the_place_of_a_newer_one(archive: PageArchive) -> None:
    archive.put([page("a", 2, b"new")])
    archive.put([page("a", 1, b"old")])
    assert archive.get("a") == page("a", 2, b"new")
    assert archive.size_bytes() == 3


def test_the_same_version_put_twice_is_kept_once(archive: PageArchive) -> None:
    archive.put([page("a", 1, b"one")])
    archive.put([page("a", 1, b"again")])
    assert archive.get("a") == page("a", 1, b"again")
    assert archive.size_bytes() == 5


def test_a_dead_letter_stays_when_a_newer_version_comes(archive: PageArchive) -> None:
    archive.put([page("a", 1, dead=True)])
    archive.put([page("a", 2)])
    assert kept(archive, page("a", 1, dead=True), page("a", 2)) == [page("a", 1, dead=True), page("a", 2)]


def test_a_dead_letter_leaves_the_older_version_that_is_searchable_alone(archive: PageArchive) -> None:
    archive.put([page("a", 1)])
    archive.put([page("a", 2, dead=True)])
    assert archive.get("a") == page("a", 2, dead=True)
    assert archive.get("a", 1) == page("a", 1)


def test_a_dead_letter_that_was_mended_is_live_once_it_is_put_as_such(archive: PageArchive) -> None:
    archive.put([page("a", 1, b"dead", dead=True)])
    archive.put([page("a", 1, b"live")])
    assert archive.get("a", 1) == page("a", 1, b"live")
    assert list(archive.scan()) == [page("a", 1, b"live")]
    assert archive.size_bytes() == 4


def test_deleting_takes_every_version_of_the_pages_named_and_no_other(archive: PageArchive) -> None:
    archive.put([page("a", 1, dead=True), page("a", 2), page("b", 1), page("c", 1)])
    archive.delete({"a": 9, "b": 9, "never-there": 9})
    assert archive.get("a") is None
    assert archive.get("b") is None
    assert [each.id for each in archive.scan()] == ["c"]
    assert archive.size_bytes() == 1


def test_deleting_leaves_a_page_that_came_back_since(archive: PageArchive) -> None:
    archive.put([page("a", 1, dead=True), page("a", 7)])
    archive.delete({"a": 7})
    assert archive.get("a") == page("a", 7)
    assert archive.get("a", 1) is None


def test_a_scan_gives_the_newest_live_version_of_each_page_in_the_order_of_ids(archive: PageArchive) -> None:
    archive.put(
        [page("b", 3), page("a", 1), page("a", 5, dead=True), page("Z", 1), page("d", 1, dead=True), page("_c", 2)]
    )
    assert list(archive.scan()) == [page("Z", 1), page("_c", 2), page("a", 1), page("b", 3)]


def test_a_scan_can_go_on_behind_any_page(archive: PageArchive) -> None:
    ids = [f"page-{number:04}" for number in range(1_234)]
    archive.put([page(page_id) for page_id in reversed(ids)])
    assert [each.id for each in archive.scan()] == ids
    assert [each.id for each in archive.scan(after=ids[700])] == ids[701:]
    assert list(archive.scan(after=ids[-1])) == []


def test_a_scan_lets_others_write_and_does_not_give_what_went_meanwhile(opened: Opener) -> None:
    writer, reader = opened(), opened(read_only=True)
    writer.put([page("a"), page("b"), page("c")])
    scan = reader.scan()
    assert next(scan).id == "a"
    writer.delete({"b": 9})
    writer.put([page("d")])
    rest = [each.id for each in scan]
    assert "b" not in rest
    assert "c" in rest


def test_trimming_lets_go_of_what_is_past_its_age(opened: Opener, clock: Clock) -> None:
    archive = opened(max_age_days=2)
    archive.put([page("old")])
    clock.now += 1.5 * DAY
    archive.put([page("young")])
    assert archive.trim() == 0
    clock.now += DAY
    assert archive.trim() == 1
    assert [each.id for each in archive.scan()] == ["young"]


def test_what_is_past_its_age_is_given_to_nobody_although_it_was_not_trimmed_yet(opened: Opener, clock: Clock) -> None:
    archive, reader = opened(max_age_days=2), opened(max_age_days=2, read_only=True)
    archive.put([page("a", 1, dead=True), page("a", 2), page("b")])
    clock.now += 1.9 * DAY
    assert (reader.get("a"), reader.get("a", 2), reader.get("b")) == (page("a", 2), page("a", 2), page("b"))
    clock.now += 0.2 * DAY
    assert (reader.get("a"), reader.get("a", 2), reader.get("b")) == (page("a", 1, dead=True), None, None)
    assert archive.trim() == 2
    assert reader.get("a") == page("a", 1, dead=True)


def test_trimming_lets_the_oldest_go_until_the_rest_fits(opened: Opener, clock: Clock) -> None:
    archive = opened(max_bytes=25)
    for page_id in ("c", "a", "d", "b"):
        archive.put([page(page_id, 1, b"0123456789")])
        clock.now += 1
    assert archive.trim() == 2
    assert [each.id for each in archive.scan()] == ["b", "d"]
    assert archive.size_bytes() == 20
    assert archive.trim() == 0


def test_pages_put_together_go_in_the_order_of_their_versions(opened: Opener) -> None:
    archive = opened(max_bytes=25)
    archive.put([page("a", 3, b"0123456789"), page("b", 1, b"0123456789"), page("c", 2, b"0123456789")])
    assert archive.trim() == 1
    assert [each.id for each in archive.scan()] == ["a", "c"]


def test_dead_letters_are_exempt_from_age_and_bytes(opened: Opener, clock: Clock) -> None:
    archive = opened(max_age_days=1, max_bytes=5)
    archive.put([page("dead", 1, b"0123456789", dead=True), page("live", 1, b"012")])
    assert archive.trim() == 0
    clock.now += 100 * DAY
    assert archive.trim() == 1
    assert archive.get("dead") == page("dead", 1, b"0123456789", dead=True)
    assert archive.get("live") is None


def test_a_dead_letter_that_was_let_go_ages_from_then_on(opened: Opener, clock: Clock) -> None:
    archive = opened(max_age_days=1)
    archive.put([page("a", 1, dead=True)])
    clock.now += 100 * DAY
    archive.mark_live("a", 1)
    assert archive.trim() == 0
    assert archive.get("a") == page("a", 1)
    clock.now += 2 * DAY
    assert archive.trim() == 1
    assert archive.get("a") is None


def test_a_dead_letter_let_go_beside_a_newer_live_version_goes_at_once(archive: PageArchive) -> None:
    archive.put([page("a", 1, dead=True), page("a", 2)])
    archive.mark_live("a", 1)
    assert archive.get("a", 1) is None
    assert archive.get("a") == page("a", 2)


def test_marking_what_is_not_dead_changes_nothing(archive: PageArchive) -> None:
    archive.put([page("a", 1), page("b", 1, dead=True)])
    archive.mark_live("a", 1)
    archive.mark_live("b", 2)
    archive.mark_live("c", 1)
    assert kept(archive, page("a", 1), page("b", 1, dead=True)) == [page("a", 1), page("b", 1, dead=True)]


def test_trimming_gets_through_thousands_of_pages(opened: Opener, clock: Clock) -> None:
    archive = opened(max_age_days=1, max_bytes=10)
    archive.put([page(f"page-{number}") for number in range(1_700)])
    gone = 0
    while done := archive.trim():
        gone += done
    assert gone == 1_690
    assert archive.size_bytes() == 10
    clock.now += 2 * DAY
    assert archive.trim() == 10


def test_an_archive_closed_twice_is_closed(opened: Opener) -> None:
    archive = opened()
    archive.put([page("a")])
    archive.close()
    archive.close()
    assert opened().get("a") == page("a")
