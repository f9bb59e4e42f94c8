"""The one table of fields, and what follows from it."""

from datetime import UTC, datetime

import pytest

from shared.models.document import Document, Names
from shared.models.search import FILTERS
from shared.search.fields import BY_NAME, FACETS, FIELDS, KEYWORD_MAX_CHARS, QUERY_FIELDS, keyword, keywords, values

DOCUMENT = Document(
    id="p",
    version=3,
    revision=2,
    text="Text.",
    standfirst="Standfirst.",
    authors=("B", "A", "B", ""),
    names=Names(people=("Ada",)),
    fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
    word_count=7,
    reading_minutes=1,
)


def test_the_facets_are_the_filters_of_a_search() -> None:
    assert set(FACETS) == set(FILTERS)


def test_the_query_language_has_the_fields_of_the_contract() -> None:
    expected = "title text author site url source tag language date person place organisation keyword words exact"
    assert set(QUERY_FIELDS) == set(expected.split())


def test_every_name_is_there_once() -> None:
    assert len(BY_NAME) == len(FIELDS)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_can_be_read_from_a_document(field: object) -> None:
    assert isinstance(values(field, DOCUMENT), list)  # type: ignore[arg-type]  # (a parameter of the test)


def test_a_field_has_all_that_its_sources_have() -> None:
    assert values(BY_NAME["text"], DOCUMENT) == ["Standfirst.", "Text."]
    assert values(BY_NAME["person"], DOCUMENT) == ["Ada"]
    assert values(BY_NAME["external_version"], DOCUMENT) == [3 * 64 + 2]
    assert values(BY_NAME["title"], DOCUMENT) == []


def test_keywords_come_once_each_and_not_empty() -> None:
    assert keywords(BY_NAME["author"], DOCUMENT) == ["B", "A"]
    assert keywords(BY_NAME["tag"], DOCUMENT) == []


def test_a_keyword_is_cut_and_can_be_written() -> None:
    assert keyword("x" * (KEYWORD_MAX_CHARS + 1)) == "x" * KEYWORD_MAX_CHARS
    assert keyword("a\ud800b") == "ab"
    assert keyword("a b\x00🎉") == "a b\x00🎉"
