"""What a phrase whose words may stand apart costs the embedded engine, counted in what it is asked for."""

from typing import Any

import pytest

from shared.query_language.limits import Limits
from shared.query_language.parse import parse
from shared.search.clauses import asked
from shared.search.tantivy.clauses import Clauses

FOUR = "alpha beta gamma delta"
FIELDS = 2
"""Title and text."""


class Index:
    """An index that has every word."""

    num_docs = 12

    def doc_freq(self, field_name: str, field_value: Any) -> int:
        """All of its documents have it."""
        del field_name, field_value
        return self.num_docs


def phrases_for(q: str) -> int:
    """Phrases that the engine is asked for."""
    found = asked(parse(q, limits=Limits(near=512)).tree, "all", (None,))
    assert found.whole
    query = Clauses(Index(), found.leaves).compiled(found.whole)
    return repr(query).count("PhraseQuery {")


@pytest.mark.parametrize(
    ("q", "most"),
    [
        ('"alpha beta"~50', 1),
        ('"alpha alpha"~50', 1),
        ('"alpha alpha"~49', 2),
        (f'"{"alpha " * 100}"~50', 1),
        (f'"{"alpha beta " * 100}"~50', 1),
        (f'"{FOUR} {FOUR} delta beta alpha gamma gamma alpha"~50', 8),
    ],
)
def test_each_two_neighbours_are_one_phrase_however_far_apart_and_however_often(q: str, most: int) -> None:
    assert 1 <= phrases_for(q) <= most * FIELDS


def test_words_in_many_groups_add_no_more_neighbours_to_the_score_than_those_in_one() -> None:
    assert phrases_for(" OR ".join(f"({FOUR})" for _ in range(60))) <= phrases_for(f"{FOUR} " * 60)
