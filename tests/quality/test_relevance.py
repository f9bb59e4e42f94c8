"""Results on XQuAD stay as good as they were measured, on a part of the questions; `relevance` measures all."""

from collections.abc import Iterator

import pytest

from shared.search.port import SearchIndex
from tests.quality import relevance
from tests.quality.relevance import LANGUAGES, Collection, collection, fill, ndcg

EVERY = 12
"""One question of so many is asked."""
FLOORS = {
    "tantivy": {"en": 0.95, "de": 0.925, "es": 0.95, "ru": 0.94, "zh": 0.93, "ar": 0.935},
    "elasticsearch": {"en": 0.95, "de": 0.93, "es": 0.94, "ru": 0.94, "zh": 0.935, "ar": 0.92},
}


@pytest.fixture(scope="module")
def collections() -> dict[str, Collection]:
    return {language: collection(language) for language in LANGUAGES}


@pytest.fixture(scope="module", params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def filled(request: pytest.FixtureRequest, collections: dict[str, Collection]) -> Iterator[tuple[str, SearchIndex]]:
    with getattr(relevance, request.param)() as (writer, index):
        fill(writer, collections)
        yield request.param, index


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_find_their_paragraphs(
    filled: tuple[str, SearchIndex], collections: dict[str, Collection], language: str, known: bool
) -> None:
    name, index = filled
    figure = ndcg(index, collections[language].questions[::EVERY], language if known else None)
    assert figure >= FLOORS[name][language]
