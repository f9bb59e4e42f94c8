"""A page is found by the rules of its own language, however many other languages the index holds."""

import pytest

from shared.models.search import Filters
from shared.query_language.parse import parse
from shared.search.port import EngineQuery
from tests.contracts.search_engines import Engine, ask, found, page, put

FREQUENT = ("en", "de", "fr", "es", "it", "pt", "nl", "da", "no", "fi", "hu", "ro", "ru", "tr", "el", "ar", "ca", "eu")


@pytest.fixture
def many(engine: Engine) -> Engine:
    """An engine with one Swedish page, and two in each of eighteen other languages."""
    others = (page(f"{code}{number}", f"Tekla {code}.", language=code) for code in FREQUENT for number in (1, 2))
    put(engine, page("sv", "Fartygen låg i hamnen och flickorna sjöng för Tekla.", language="sv"), *others)
    return engine


@pytest.mark.parametrize("q", ["hamn", "flicka", "hamn flicka", '"flicka sjöng"', "flicka OR absent", "text:flicka"])
def test_a_page_in_a_language_that_few_are_in_is_found_by_its_stems(many: Engine, q: str) -> None:
    assert found(many, q) == ["sv"]
    assert found(many, q, filters=Filters(language=("sv",))) == ["sv"]


def test_a_name_is_found_in_all_languages_at_once(many: Engine) -> None:
    assert ask(many, "tekla").total.value == 2 * len(FREQUENT) + 1


def test_it_is_told_what_a_word_became_in_such_a_language(many: Engine) -> None:
    (word,) = many.index.words(EngineQuery(tree=parse("flicka").tree))
    assert ("sv", "flick") in {(form.language, form.form) for form in word.forms}


def test_a_long_query_finds_it_too(many: Engine) -> None:
    words = " OR ".join(f"absent{number}" for number in range(120))
    assert found(many, f"{words} OR flicka") == ["sv"]
