"""What Elasticsearch is given of a document."""

from typing import Any

import pytest
from pydantic_core import from_json

from shared.models.document import Document
from shared.search.analysis.analyzers import ANALYZERS, OTHER, analyzed_as
from shared.search.elasticsearch.documents import SOURCE, TooLarge, from_engine, to_engine
from shared.search.elasticsearch.mapping import mappings
from shared.search.fields import FIELDS
from tests.contracts.search_engines import page

MUCH = 5_000_000


def source(document: Document, most: int = MUCH) -> dict[str, Any]:
    made: dict[str, Any] = from_json(to_engine(document, most))
    return made


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("nb", "no"),
        ("hr", "sr"),
        ("ja", "ja"),
        ("pl", OTHER),
        ("xx", OTHER),
        (None, OTHER),
    ],
)
def test_each_language_has_one_sub_field(language: str | None, code: str) -> None:
    assert analyzed_as(language) == code
    assert list(source(page("a", language=language))["text"]) == [code]


def test_every_field_of_the_table_is_mapped_and_nothing_else_is_added() -> None:
    made = mappings()
    assert {field.name for field in FIELDS} | {"fold"} == set(made["properties"])
    assert made["dynamic"] is False
    assert set(made["properties"]["text"]["properties"]) == {*ANALYZERS, OTHER}


@pytest.mark.parametrize("language", ["en", "pl", None])
@pytest.mark.parametrize("text", ["A text.", "", " \n"])
def test_a_document_comes_back_from_what_is_fetched_of_it(language: str | None, text: str) -> None:
    document = page("a", text, language=language, title="A title", standfirst="Of it.", metadata={"": 1, "a.b": "x"})
    made = source(document)
    assert from_engine({name: made[name] for name in SOURCE if name in made}) == document


def test_the_text_is_sent_once_beside_its_words() -> None:
    text = "Needles and pins. " * 50
    assert to_engine(page("a", text), MUCH).count(text.encode()) == 1


def test_where_there_is_no_room_forms_as_written_end_between_two_words() -> None:
    document = page("a", "needles and pins " * 500)
    whole, short = source(document), source(document, 12_000)
    assert short["text"] == whole["text"]
    words = short["exact"][0].split()
    assert 0 < len(words) < 1500
    assert set(words) <= {"needles", "and", "pins"}
    assert len(to_engine(document, 12_000)) <= 12_000


def test_a_text_that_is_too_large_by_itself_is_refused() -> None:
    with pytest.raises(TooLarge, match="bytes"):
        to_engine(page("a", "x" * 20_000), 12_000)
