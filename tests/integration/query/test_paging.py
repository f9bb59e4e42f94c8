"""Given more results than one page holds, then a cursor leads through all of them as they were at the first page."""

import threading
from pathlib import Path
from typing import Any

import pytest

from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.integration.query.conftest import Clock, Service, page, problem_in, serve


def pages(service: Service, **parameters: Any) -> list[list[str]]:
    """The ids on each page of a search, to its end."""
    found: list[list[str]] = []
    cursor = None
    while cursor or not found:
        answer = service.post(**parameters, cursor=cursor)
        found.append([hit["id"] for hit in answer["hits"]])
        cursor = answer["next"]
    return found


def ids(found: list[list[str]]) -> list[str]:
    return [each for one in found for each in one]


def story_of(page_id: str) -> int:
    """Which story a page of the library tells."""
    return int(page_id[1:]) // 2


@pytest.fixture
def library(writer: TantivyWriter) -> None:
    """Fifty pages on fifty days, of which each two tell one story; a few segments of the index."""
    documents = [
        page(
            f"p{n:02}",
            f"apple {'pear ' * (n % 7)}",
            published=f"2024-{1 + n // 28:02}-{1 + n % 28:02}",
            story=f"s{n // 2}",
            site=f"site{n % 3}.example",
        )
        for n in range(50)
    ]
    for n in range(0, 50, 10):
        writer.index(documents[n : n + 10])


@pytest.mark.usefixtures("library")
class TestCursor:
    @pytest.mark.parametrize(
        "parameters",
        [
            {},
            {"q": "apple pear"},
            {"q": "apple pear", "match": "best"},
            {"q": "apple", "sort": "newest"},
            {"q": "apple", "sort": "oldest", "site": ["site0.example", "site2.example"]},
            {"q": "apple", "sort": "indexed"},
            {"q": "pear", "freshness": 7},
        ],
    )
    def test_pages_together_are_the_whole_each_hit_once_and_in_order(
        self, service: Service, parameters: dict[str, Any]
    ) -> None:
        whole = service.post(**parameters, size=100)
        found = pages(service, **parameters, size=7)
        assert ids(found) == [hit["id"] for hit in whole["hits"]]
        assert len(ids(found)) == whole["total"]["value"] > 7
        assert all(len(one) == 7 for one in found[:-1])
        assert whole["next"] is None

    def test_folded_pages_tell_each_story_once(self, service: Service) -> None:
        found = ids(pages(service, q="apple", fold="story", sort="newest", size=4))
        assert len(found) == 25
        assert len(set(map(story_of, found))) == 25

    def test_a_last_page_that_is_full_has_no_next(self, service: Service) -> None:
        assert [len(one) for one in pages(service, size=25)] == [25, 25]

    def test_pages_stay_as_they_were_while_a_writer_goes_on(self, service: Service, writer: TantivyWriter) -> None:
        asked: dict[str, Any] = {"q": "apple", "sort": "newest", "facets": "site"}
        before = service.post(**asked, size=100)
        found, cursor = [], None
        for step in range(10):
            answer = service.post(**asked, size=5, cursor=cursor)
            assert answer["total"]["value"] == 50
            assert answer["facets"] == before["facets"]
            found += [hit["id"] for hit in answer["hits"]]
            cursor = answer["next"]
            writer.index([page(f"new{step}", "apple", published="2024-06-01"), page(f"p{step:02}", "gone", version=2)])
            writer.delete({f"p{20 + step}": 99})
        assert cursor is None
        gone_before_their_turn = {f"p{20 + step}" for step in range(5)}
        assert found == [hit["id"] for hit in before["hits"] if hit["id"] not in gone_before_their_turn]
        assert service.post(**asked)["total"]["value"] == 40

    @pytest.mark.parametrize("fold", [None, "story"])
    def test_what_is_deleted_meanwhile_is_shown_no_more(
        self, service: Service, writer: TantivyWriter, fold: str | None
    ) -> None:
        asked: dict[str, Any] = {"q": "apple", "size": 10, "fold": fold}
        first = service.post(**asked)
        writer.delete({f"p{n:02}": 99 for n in range(50)})
        second = service.post(**asked, cursor=first["next"])
        assert second["hits"] == []
        assert second["next"] is not None, "a page with nothing on it is not the last"

    @pytest.mark.parametrize("sort", ["oldest", "newest", "relevance"])
    def test_a_copy_that_lives_stands_for_its_story_when_the_one_shown_is_deleted(
        self, service: Service, writer: TantivyWriter, sort: str
    ) -> None:
        asked: dict[str, Any] = {"q": "apple", "size": 10, "fold": "story", "sort": sort}
        first = service.post(**asked)
        due = [hit["id"] for hit in service.post(**asked, cursor=first["next"])["hits"]]
        writer.delete(dict.fromkeys(due, 99))
        second = service.post(**asked, cursor=first["next"])
        assert [story_of(hit["id"]) for hit in second["hits"]] == [story_of(each) for each in due]
        assert {hit["id"] for hit in second["hits"]}.isdisjoint(due)
        assert {hit["copies"] for hit in second["hits"]} == {0}

    def test_of_many_copies_the_first_that_lives_stands_for_the_story(
        self, service: Service, writer: TantivyWriter
    ) -> None:
        writer.index([page(f"c{n:02}", "plum", published=f"2024-02-{1 + n // 2:02}", story="c") for n in range(50)])
        writer.index([page("alone", "plum", published="2024-01-01")])
        asked: dict[str, Any] = {"q": "plum", "size": 1, "fold": "story", "sort": "oldest"}
        first = service.post(**asked)
        assert first["hits"][0]["id"] == "alone"
        writer.delete({f"c{n:02}": 99 for n in range(46)})
        (hit,) = service.post(**asked, cursor=first["next"])["hits"]
        assert hit["id"] in {"c46", "c47"}
        assert hit["copies"] == 3

    def test_a_writer_in_another_thread_disturbs_no_reader(self, service: Service, writer: TantivyWriter) -> None:
        ended = threading.Event()

        def write() -> None:
            number = 0
            while not ended.is_set():
                number += 1
                writer.index([page(f"w{number}", "apple", published="2024-05-05")])

        thread = threading.Thread(target=write)
        thread.start()
        try:
            for _ in range(5):
                first = service.post(q="apple", sort="newest", size=9)
                rest, cursor = [hit["id"] for hit in first["hits"]], first["next"]
                while cursor:
                    answer = service.post(q="apple", sort="newest", size=9, cursor=cursor)
                    rest += [hit["id"] for hit in answer["hits"]]
                    cursor = answer["next"]
                assert len(rest) == len(set(rest)) == first["total"]["value"]
        finally:
            ended.set()
            thread.join(20)

    def test_a_cursor_may_be_used_again(self, service: Service) -> None:
        cursor = service.search(size=5)["next"]
        again = [service.found(size=5, cursor=cursor) for _ in range(3)]
        assert again[0] == again[1] == again[2]

    def test_a_cursor_of_a_get_is_good_for_a_post(self, service: Service) -> None:
        asked: dict[str, Any] = {"q": "apple", "site": ["site1.example", "site0.example"], "size": 5, "snippet": False}
        by_get = {**asked, "snippet": "false"}
        cursor = service.search(**by_get)["next"]
        assert service.post(**asked, cursor=cursor)["hits"] == service.search(**by_get, cursor=cursor)["hits"]

    def test_a_cursor_pins_the_match_that_was_used(self, service: Service, writer: TantivyWriter) -> None:
        first = service.search(q="apple zebra", size=5)
        assert first["match"] == "best"
        writer.index([page("both", "apple zebra")])
        second = service.search(q="apple zebra", size=5, cursor=first["next"])
        assert (second["match"], second["total"]["value"]) == ("best", 50)
        assert [warning["code"] for warning in second["warnings"]] == ["not-all-words"]
        assert service.search(q="apple zebra")["match"] == "all"

    @pytest.mark.parametrize(
        "other",
        [
            {"q": "pear"},
            {"size": 6},
            {"sort": "newest"},
            {"site": "site1.example"},
            {"from": "2024-01-01"},
            {"facets": "site"},
            {"fold": "story"},
            {"match": "best"},
            {"mode": "strict"},
            {"snippet": "false"},
        ],
    )
    def test_a_cursor_with_other_parameters_is_refused(self, service: Service, other: dict[str, Any]) -> None:
        asked: dict[str, Any] = {"q": "apple", "size": 5}
        cursor = service.search(**asked)["next"]
        problem = service.refusal(**{**asked, **other}, cursor=cursor)
        assert (problem["status"], problem["code"]) == (422, "cursor-mismatch")
        assert problem["pointer"] == "/query/cursor"

    def test_a_cursor_that_was_altered_is_refused(self, service: Service) -> None:
        cursor = service.search(size=5)["next"]
        for altered in (cursor[:-4], cursor + "AAAA", cursor[:40] + ("B" if cursor[40] != "B" else "C") + cursor[41:]):
            problem = service.refusal(size=5, cursor=altered)
            assert (problem["status"], problem["code"], problem["pointer"]) == (422, "invalid", "/query/cursor")
        problem = problem_in(service.ask("POST", "/v1/search", json={"cursor": "garbage"}))
        assert (problem["status"], problem["pointer"]) == (422, "/cursor")

    def test_a_cursor_dies_when_it_is_idle_and_lives_while_it_is_used(self, service: Service, clock: Clock) -> None:
        cursor = service.search(size=5)["next"]
        for _ in range(3):
            clock.pass_by(200)
            cursor = service.search(size=5, cursor=cursor)["next"]
        clock.pass_by(301)
        problem = service.refusal(size=5, cursor=cursor)
        assert (problem["status"], problem["code"], problem["pointer"]) == (410, "cursor-expired", "/query/cursor")

    @pytest.mark.parametrize("fold", [None, "story"])
    def test_a_cursor_outlives_its_process_where_the_next_has_the_same_key(
        self, writer: TantivyWriter, tmp_path: Path, fold: str | None
    ) -> None:
        asked: dict[str, Any] = {"q": "apple pear", "match": "best", "size": 4, "fold": fold}
        cursor: str | None = None
        found: list[str] = []
        whole: list[str] = []
        while cursor or not found:
            index = TantivyIndex(tmp_path / "index", cursor_idle_seconds=300, snapshots_max=8)
            service = serve(index, key=b"k" * 32)
            whole = whole or [hit["id"] for hit in service.post(**{**asked, "size": 100})["hits"]]
            answer = service.post(**asked, cursor=cursor)
            found, cursor = found + [hit["id"] for hit in answer["hits"]], answer["next"]
            service.close()
            index.close()
            writer.index([page(f"new{len(found)}", "apple pear pear")])
        assert found == whole
        assert len(whole) == (25 if fold else 50)

    def test_a_cursor_ends_where_the_key_has_changed(self, service: Service, index: TantivyIndex) -> None:
        cursor = service.search(size=5)["next"]
        restarted = serve(index)
        problem = restarted.refusal(size=5, cursor=cursor)
        assert (problem["status"], problem["code"]) == (410, "cursor-expired")
        restarted.close()

    def test_a_cursor_is_safe_in_a_url(self, service: Service) -> None:
        cursor = service.search(size=5, q="apple", site="site1.example")["next"]
        assert set(cursor) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@pytest.mark.usefixtures("library")
def test_searches_without_a_next_page_hold_nothing(
    service: Service, index: TantivyIndex, writer: TantivyWriter
) -> None:
    cursor = service.search(size=5)["next"]
    for n in range(20):
        writer.index([page(f"more{n}", "apple")])
        assert service.search(size=0)["next"] is None
        assert service.search(q="zebra")["next"] is None
    assert len(service.found(size=5, cursor=cursor)) == 5
