"""Given what a client asks, then it is read in one way only, or refused with the name of what is wrong."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.models.search import FILTERS
from shared.models.search_query import FacetName, SearchQuery


def asked(**parameters: Any) -> SearchQuery:
    return SearchQuery.model_validate(parameters)


def refusal(parameters: Any) -> tuple[str | int, ...]:
    with pytest.raises(ValidationError) as refused:
        SearchQuery.model_validate(parameters)
    assert refused.value.error_count() == 1
    return refused.value.errors()[0]["loc"]


def test_nothing_asked_is_everything_ten_at_a_time() -> None:
    query = asked()
    assert (query.q, query.size, query.sort, query.mode, query.match) == ("", 10, "relevance", "lenient", "auto")
    assert query.snippet is True
    assert query.facets == ()
    assert (query.facet_size, query.histogram, query.fold, query.cursor, query.freshness) == (
        10,
        None,
        None,
        None,
        None,
    )
    assert not any(getattr(query, name) for name in FILTERS)


def test_every_filter_can_be_counted_as_a_facet() -> None:
    assert FacetName.__args__ == FILTERS  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_takes_one_value_or_several_in_any_order(name: str) -> None:
    assert getattr(asked(**{name: "one"}), name) == ("one",)
    assert asked(**{name: ["b", "a", "b"]}) == asked(**{name: ["a", "b"]})
    assert getattr(asked(**{name: ["b", "a"]}).filters, name) == ("a", "b")


@pytest.mark.parametrize("name", FILTERS)
def test_an_empty_value_of_a_filter_is_refused_where_it_stands(name: str) -> None:
    assert refusal({name: ["b", ""]}) == (name, 1)


def test_a_filter_value_may_contain_commas() -> None:
    assert asked(author="Smith, John").author == ("Smith, John",)


def test_facets_come_parted_by_commas_or_as_a_list_and_once_each() -> None:
    assert asked(facets="site,author").facets == ("site", "author")
    assert asked(facets=["site, author", "site"]).facets == ("site", "author")


def test_an_unknown_facet_is_refused_where_it_stands() -> None:
    assert refusal({"facets": "site,colour"}) == ("facets", 1)


@pytest.mark.parametrize("name", ["colour", "published_from", "from_", "page"])
def test_an_unknown_name_is_refused(name: str) -> None:
    assert refusal({name: "1"}) == (name,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", "-1"),
        ("size", "101"),
        ("size", "1.5"),
        ("size", "1_0"),
        ("size", "ten"),
        ("size", True),
        ("size", ""),
        ("facet_size", "0"),
        ("facet_size", "1001"),
        ("freshness", "0"),
        ("freshness", "-3"),
        ("freshness", "nan"),
        ("freshness", "inf"),
        ("freshness", "1e300"),
        ("sort", "best"),
        ("histogram", "hour"),
        ("fold", "site"),
        ("snippet", "yes"),
        ("snippet", "1"),
        ("mode", "loose"),
        ("match", "any"),
        ("from", "2024-02-30"),
        ("from", "2024-1-1"),
        ("from", "2024-01-01T00:00:00Z"),
        ("from", 20240101),
        ("to", "yesterday"),
        ("indexed_from", "soon"),
        ("indexed_from", "0001-01-01T00:00:00+14:00"),
        ("indexed_to", "2024-01-01T25:00:00Z"),
        ("q", "half \ud800 a pair"),
        ("q", ["two", "words"]),
        ("cursor", "x" * 8193),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: object) -> None:
    assert refusal({name: value}) == (name,)


@pytest.mark.parametrize(("value", "size"), [("0", 0), ("100", 100), (7, 7)])
def test_the_size_reaches_from_nothing_to_a_hundred(value: object, size: int) -> None:
    assert asked(size=value).size == size


def test_days_are_whole_and_in_order() -> None:
    query = asked(**{"from": "2024-01-01", "to": "2024-01-01"})
    assert (query.published_from, query.published_to) == (date(2024, 1, 1), date(2024, 1, 1))
    assert refusal({"from": "2024-01-02", "to": "2024-01-01"}) == ("to",)


def test_the_indexed_range_takes_times_in_any_zone_and_days_that_are_whole() -> None:
    query = asked(indexed_from="2024-01-01", indexed_to="2024-01-01")
    assert query.indexed_from == datetime(2024, 1, 1, tzinfo=UTC)
    assert query.indexed_to == datetime(2024, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    assert asked(indexed_from="2024-01-01T01:00:00+01:00").indexed_from == datetime(2024, 1, 1, tzinfo=UTC)
    assert refusal({"indexed_from": "2024-01-02", "indexed_to": "2024-01-01T23:00:00Z"}) == ("indexed_to",)


def test_null_is_absent() -> None:
    everything = {str(field.alias or name): None for name, field in SearchQuery.model_fields.items()}
    assert SearchQuery.model_validate(everything) == asked()


def test_words_may_be_in_any_script_with_any_control_character() -> None:
    for q in ("Ukraine's", "数据 库", "مرحبا", "a\x00b", "🙂", "(" * 4000):
        assert asked(q=q).q == q
