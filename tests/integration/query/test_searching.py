"""Given documents in the index, then a search finds those that were asked for, and tells of them in full."""

import re
from typing import Any

import pytest

from shared.models.search import FILTERS
from shared.search.tantivy import TantivyWriter
from tests.integration.query.conftest import Service, page

HIT = {
    "id",
    "score",
    "title",
    "url",
    "site",
    "source",
    "published",
    "language",
    "authors",
    "snippet",
    "story",
    "copies",
}
RESULTS = {"total", "match", "hits", "facets", "histogram", "next", "took_ms", "partial", "warnings"}


@pytest.fixture
def library(writer: TantivyWriter) -> None:
    """Four pages, of which no two agree in everything."""
    writer.index(
        [
            page(
                "harbour",
                "Ships were loading grain in the harbour. The harbour master counted them.",
                title="Grain ships leave",
                url="https://news.example.com/harbour",
                site="example.com",
                source="feed",
                published="2024-01-31",
                authors=("Ada North", "Smith, John"),
                tags=("trade",),
                names={"people": ("Ada North",), "places": ("Odesa",), "organisations": ("Port Authority",)},
                keywords=("grain",),
                story="s1",
                indexed_at="2024-06-01T00:00:00Z",
            ),
            page(
                "copy",
                "Ships were loading grain in the harbour. The harbour master counted them.",
                title="Grain ships leave",
                site="copy.example",
                source="crawl",
                published="2024-01-31T23:59:59Z",
                story="s1",
                indexed_at="2024-06-02T12:00:00Z",
            ),
            page(
                "hafen",
                "Im Hafen wurden Schiffe mit Getreide beladen.",
                title="Getreideschiffe",
                language="de",
                site="xn--mnchen-3ya.de",
                source="crawl",
                published="2024-02-01",
                tags=("trade", "sea"),
                indexed_at="2024-06-03T00:00:00Z",
            ),
            page("undated", "A recipe for bread needs grain, water and salt.", title="Bread", source="crawl"),
        ]
    )


@pytest.mark.usefixtures("library")
class TestAnswers:
    def test_an_answer_has_every_named_field_and_so_has_every_hit(self, service: Service) -> None:
        answer = service.search()
        assert set(answer) == RESULTS
        assert answer["total"] == {"value": 4, "exact": True}
        assert (answer["match"], answer["facets"], answer["histogram"]) == ("all", {}, [])
        assert (answer["next"], answer["partial"], answer["warnings"]) == (None, False, [])
        assert [set(hit) for hit in answer["hits"]] == [HIT] * 4
        bread = next(hit for hit in answer["hits"] if hit["id"] == "undated")
        assert (bread["url"], bread["published"], bread["site"], bread["authors"]) == (None, None, None, [])

    def test_a_hit_tells_what_a_list_of_results_shows(self, service: Service) -> None:
        (hit,) = service.search(q="harbour", source="feed")["hits"]
        assert (hit["title"], hit["url"]) == ("Grain ships leave", "https://news.example.com/harbour")
        assert (hit["site"], hit["source"], hit["language"]) == ("example.com", "feed", "en")
        assert (hit["published"], hit["authors"]) == ("2024-01-31", ["Ada North", "Smith, John"])
        assert (hit["story"], hit["copies"]) == ("s1", 0)
        assert hit["score"] > 0

    def test_the_whole_takes_no_less_time_than_the_engine(self, service: Service) -> None:
        took = service.search(q="grain")["took_ms"]
        assert took["total"] >= took["engine"] > 0

    def test_words_are_found_in_their_other_forms_and_phrases_side_by_side(self, service: Service) -> None:
        assert set(service.found(q="loaded ship")) == {"harbour", "copy"}
        assert set(service.found(q='"harbour master"')) == {"harbour", "copy"}
        assert service.found(q='"master harbour"') == []

    def test_get_and_post_answer_alike(self, service: Service) -> None:
        asked: dict[str, Any] = {"q": "grain", "source": ["feed", "crawl"], "facets": "site,tag", "size": 2}
        by_get, by_post = service.search(**asked), service.post(**asked)
        for answer in (by_get, by_post):
            del answer["took_ms"], answer["next"]
        assert by_get == by_post
        assert service.post(facets=["site"])["facets"] == service.search(facets="site")["facets"]

    def test_no_answer_is_kept_by_a_cache(self, service: Service) -> None:
        answer = service.get("/v1/search")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/json"

    def test_nothing_of_a_hostile_query_reaches_the_engine(self, service: Service) -> None:
        for q in (
            "(" * 4000,
            "Ukraine's",
            'a"b',
            "\x00",
            "grain OR",
            "text:[* TO *]",
            "/.*/",
            "~2",
            "🙂",
            "\u202e",
            "a" * 4096,
        ):
            service.search(q=q)
            service.search(q=q, mode="lenient", match="best", snippet="true", facets="site")


@pytest.mark.usefixtures("library")
class TestFilters:
    @pytest.mark.parametrize(
        ("name", "value", "found"),
        [
            ("language", "de", {"hafen"}),
            ("language", "EN", {"harbour", "copy", "undated"}),
            ("site", "example.com", {"harbour"}),
            ("site", "Copy.Example", {"copy"}),
            ("site", "münchen.de", {"hafen"}),
            ("source", "feed", {"harbour"}),
            ("author", "Smith, John", {"harbour"}),
            ("tag", "sea", {"hafen"}),
            ("person", "Ada North", {"harbour"}),
            ("place", "Odesa", {"harbour"}),
            ("organisation", "Port Authority", {"harbour"}),
            ("keyword", "grain", {"harbour"}),
            ("story", "s1", {"harbour", "copy"}),
            ("tag", "no such tag", set()),
        ],
    )
    def test_a_filter_keeps_documents_that_have_its_value(
        self, service: Service, name: str, value: str, found: set[str]
    ) -> None:
        assert set(service.found(**{name: value})) == found
        assert {hit["id"] for hit in service.post(**{name: [value]})["hits"]} == found

    def test_values_of_one_filter_are_alternatives_and_filters_hold_together(self, service: Service) -> None:
        assert set(service.found(source=["feed", "crawl"])) == {"harbour", "copy", "hafen", "undated"}
        assert set(service.found(source="crawl", tag=["sea", "trade"])) == {"hafen"}
        assert service.found(source="feed", tag="sea") == []

    def test_days_of_publication_are_whole_and_inclusive(self, service: Service) -> None:
        assert set(service.found(**{"from": "2024-01-31", "to": "2024-01-31"})) == {"harbour", "copy"}
        assert set(service.found(**{"from": "2024-02-01"})) == {"hafen"}
        assert set(service.found(to="2024-01-30")) == set()
        assert set(service.found(**{"from": "0001-01-01", "to": "9999-12-31"})) == {"harbour", "copy", "hafen"}

    def test_the_time_of_indexing_is_a_range_too(self, service: Service) -> None:
        assert set(service.found(indexed_from="2024-06-02T12:00:00Z")) == {"copy", "hafen"}
        assert set(service.found(indexed_from="2024-06-02", indexed_to="2024-06-02")) == {"copy"}
        assert set(service.found(indexed_to="2024-06-02T11:59:59Z")) == {"harbour", "undated"}
        assert set(service.found(indexed_from="2024-06-02T14:00:00+02:00", indexed_to="9999-12-31")) == {
            "copy",
            "hafen",
        }


@pytest.mark.usefixtures("library")
class TestOrder:
    def test_by_date_the_undated_come_last_in_either_direction(self, service: Service) -> None:
        assert service.found(sort="newest") == ["hafen", "copy", "harbour", "undated"]
        assert service.found(sort="oldest") == ["harbour", "copy", "hafen", "undated"]

    def test_by_the_time_of_indexing_the_latest_comes_first(self, service: Service) -> None:
        assert service.found(sort="indexed")[:2] == ["hafen", "copy"]

    def test_freshness_puts_the_newer_of_two_equals_first(self, service: Service, writer: TantivyWriter) -> None:
        writer.index([page("old", "quince", published="2001-01-01"), page("new", "quince", published="2024-01-01")])
        assert service.found(q="quince", freshness=30) == ["new", "old"]

    def test_the_size_is_how_many_hits_there_are_and_none_when_none_are_asked_for(self, service: Service) -> None:
        assert len(service.found(size=3)) == 3
        nothing = service.search(size=0, facets="source")
        assert (nothing["hits"], nothing["next"], nothing["total"]["value"]) == ([], None, 4)
        assert nothing["facets"]["source"][0] == {"value": "crawl", "count": 3}


@pytest.mark.usefixtures("library")
class TestCounts:
    def test_facets_count_documents_that_match_most_frequent_first(self, service: Service) -> None:
        facets = service.search(q="grain", facets="source,tag,person")["facets"]
        assert list(facets) == ["source", "tag", "person"]
        assert facets["source"] == [{"value": "crawl", "count": 2}, {"value": "feed", "count": 1}]
        assert facets["tag"] == [{"value": "trade", "count": 1}]
        assert service.search(q="bread", facets="person")["facets"] == {"person": []}

    @pytest.mark.parametrize("name", FILTERS)
    def test_every_filter_is_a_facet(self, service: Service, name: str) -> None:
        for bar in service.search(facets=name)["facets"][name]:
            assert service.search(**{name: bar["value"]})["total"]["value"] == bar["count"]

    def test_a_facet_is_cut_at_its_size(self, service: Service) -> None:
        assert len(service.search(facets="site", facet_size=2)["facets"]["site"]) == 2

    def test_a_facet_that_matches_nothing_is_an_empty_list(self, service: Service) -> None:
        assert service.search(q="zebra", facets="site")["facets"] == {"site": []}

    @pytest.mark.parametrize(
        ("interval", "bars"),
        [
            ("day", [("2024-01-31", 2), ("2024-02-01", 1)]),
            ("week", [("2024-01-29", 3)]),
            ("month", [("2024-01-01", 2), ("2024-02-01", 1)]),
            ("year", [("2024-01-01", 3)]),
        ],
    )
    def test_the_histogram_counts_by_when_documents_were_published(
        self, service: Service, interval: str, bars: list[tuple[str, int]]
    ) -> None:
        told = service.search(histogram=interval)["histogram"]
        assert [(bar["start"], bar["count"]) for bar in told if bar["count"]] == bars

    def test_near_copies_fold_into_one_hit_and_are_counted_all_the_same(self, service: Service) -> None:
        answer = service.search(q="harbour", fold="story", facets="site")
        (hit,) = answer["hits"]
        assert (hit["story"], hit["copies"]) == ("s1", 1)
        assert answer["total"]["value"] == 2
        assert len(answer["facets"]["site"]) == 2


@pytest.mark.usefixtures("library")
class TestMatch:
    def test_all_words_are_needed_where_a_page_has_them_all(self, service: Service) -> None:
        answer = service.search(q="grain harbour")
        assert (answer["match"], answer["warnings"]) == ("all", [])
        assert {hit["id"] for hit in answer["hits"]} == {"harbour", "copy"}

    def test_where_no_page_has_all_words_any_will_do_and_it_is_said(self, service: Service) -> None:
        answer = service.search(q="bread harbour")
        assert answer["match"] == "best"
        assert {hit["id"] for hit in answer["hits"]} == {"harbour", "copy", "undated"}
        (warning,) = answer["warnings"]
        assert warning["code"] == "not-all-words"
        assert set(warning) == {"code", "detail", "position"}

    def test_a_whole_question_is_answered_by_a_page_that_lacks_the_words_of_asking(
        self, service: Service, writer: TantivyWriter
    ) -> None:
        writer.index([page("answer", "The lighthouse keeper sleeps."), page("other", "When did they do it?")])
        answer = service.search(q="When did the lighthouse keeper sleep?")
        assert [hit["id"] for hit in answer["hits"]] == ["answer"]
        assert (answer["match"], answer["warnings"]) == ("all", [])
        strict = service.search(q="When did the lighthouse keeper sleep?", match="all")
        assert strict["hits"] == []

    def test_match_all_stays_with_all(self, service: Service) -> None:
        answer = service.search(q="bread harbour", match="all")
        assert (answer["match"], answer["total"]["value"], answer["warnings"]) == ("all", 0, [])

    def test_match_best_needs_no_warning(self, service: Service) -> None:
        answer = service.search(q="grain harbour", match="best")
        assert (answer["match"], answer["total"]["value"], answer["warnings"]) == ("best", 3, [])

    def test_one_word_that_nothing_has_is_not_found_by_either(self, service: Service) -> None:
        answer = service.search(q="zebra")
        assert (answer["match"], answer["total"]["value"], answer["warnings"]) == ("all", 0, [])

    def test_several_words_that_nothing_has_are_said_to_be_nowhere(self, service: Service) -> None:
        answer = service.search(q="zebra giraffe")
        assert (answer["match"], answer["total"]["value"]) == ("best", 0)
        assert [warning["code"] for warning in answer["warnings"]] == ["not-all-words"]

    @pytest.mark.parametrize(
        "q", ["grain tag:none", "grain -grain", "grain date:1999", "grain words:>9000", "grain +zebra"]
    )
    def test_what_is_a_condition_anyway_is_not_said_to_be_a_word(self, service: Service, q: str) -> None:
        answer = service.search(q=q)
        assert (answer["match"], answer["total"]["value"], answer["warnings"]) == ("all", 0, [])

    def test_conditions_and_what_must_not_match_hold_where_any_word_will_do(self, service: Service) -> None:
        answer = service.search(q="bread harbour source:crawl -getreide")
        assert answer["match"] == "best"
        assert {hit["id"] for hit in answer["hits"]} == {"copy", "undated"}

    def test_a_filter_that_leaves_nothing_is_no_fault_of_the_words(self, service: Service) -> None:
        assert service.search(tag="no such tag")["warnings"] == []


def test_an_index_that_was_never_written_to_is_empty(service: Service) -> None:
    answer = service.search(q="grain", facets="site", histogram="day", fold="story")
    assert (answer["total"]["value"], answer["hits"], answer["facets"]) == (0, [], {"site": []})


def test_the_root_tells_what_there_is(service: Service) -> None:
    told = service.get("/").json()
    assert told["name"] == "pagemill"
    assert re.match(r"\d+\.\d+", told["version"])
    assert {"method": "GET", "path": "/v1/search", "summary": "Search"} in told["routes"]
    for link in told["links"].values():
        assert service.get(link).status_code == 200
