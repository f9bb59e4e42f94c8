"""How a query is taken apart into what is looked for."""

import pytest

from shared.query_language.limits import Limits
from shared.query_language.parse import parse
from shared.search.clauses import WORDS_MAX, asked
from shared.search.leaves import Leaf

WIDE = Limits(clauses=10**4)


def leaves(q: str, used: str = "all") -> list[str]:
    """Each leaf as its words, with what they are joined to."""
    found = asked(parse(q).tree, used, (None,)).leaves  # type: ignore[arg-type]  # (a parameter of the tests)
    return [_shown(leaf) for leaf in found]


def _shown(leaf: Leaf) -> str:
    words = " ".join(slot.exact for slot in leaf.slots)
    return f"{words}={leaf.joined.exact}" if leaf.joined else words


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("red apple", ["red", "apple"]),
        ('"red apple"', ["red apple"]),
        ("T-62 tanks", ["t 62=t62", "tanks"]),
        ('"T-62"', ["t 62=t62"]),
        ('"T-62 tanks"', ["t 62 tanks"]),
        ("and/or", ["and or"]),
        ("a,b", ["a", "b"]),
        ("(red)(apple)", ["red", "apple"]),
        ("https://example.com/a?b=c", ["example com a b c"]),
        ("jane@example.org", ["jane example org"]),
        ("北京大学", ["北京 京大 大学"]),
        ("大", ["大"]),
        ("!!!", []),
        ("", []),
    ],
)
def test_what_is_tied_together_is_looked_for_together(q: str, expected: list[str]) -> None:
    assert leaves(q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("red apple", ["red", "apple"]),
        ("北京大学", ["北京 京大 大学", "北京", "京大", "大学"]),
        ("COVID-19", ["covid 19=covid19", "covid"]),
        ('"red apple"', ["red apple"]),
    ],
)
def test_for_best_the_telling_parts_are_looked_for_one_by_one_too(q: str, expected: list[str]) -> None:
    assert leaves(q, "best") == expected


def test_a_word_has_a_stem_in_every_language_tried() -> None:
    (leaf,) = asked(parse("Running").tree, "all", (None, "en", "fr", "xx")).leaves
    (slot,) = leaf.slots
    assert (slot.exact, slot.stems[:4]) == ("running", ("running", "en/run", "fr/running", "running"))
    assert slot.stems[4:] == slot.stems[:4]


def test_a_word_has_the_stems_of_its_plain_letters_too() -> None:
    (leaf,) = asked(parse("galería").tree, "all", (None, "es")).leaves
    assert leaf.slots[0].stems == ("galeria", "es/gal", "galeria", "es/galeri")


def test_what_goes_beyond_the_most_words_is_left_out() -> None:
    whole = asked(parse("w " * WORDS_MAX, limits=WIDE).tree, "all", (None,))
    assert (len(whole.leaves), whole.cut) == (WORDS_MAX, False)
    more = asked(parse("w " * (WORDS_MAX + 1), limits=WIDE).tree, "all", (None,))
    assert (len(more.leaves), more.cut) == (WORDS_MAX, True)
