"""Which words differ by a few letters."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.search.analysis.alike import Alike


@pytest.mark.parametrize(
    ("one", "two", "distance"),
    [
        ("bridge", "bridge", 0),
        ("bridge", "brige", 1),
        ("bridge", "bbridge", 1),
        ("bridge", "bridfe", 1),
        ("bridge", "brigde", 1),
        ("bridge", "birgde", 2),
        ("bridge", "bridges", 1),
        ("kitten", "sitting", 3),
        ("ab", "ba", 1),
        ("ca", "abc", 3),
        ("straße", "strasse", 2),
        ("a", "", 1),
    ],
)
def test_letters_are_put_in_left_out_changed_or_swapped(one: str, two: str, distance: int) -> None:
    assert [Alike(one, most)(two) for most in range(4)] == [most >= distance for most in range(4)]
    assert [Alike(two, most)(one) for most in range(4)] == [most >= distance for most in range(4)]


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(1, 2))
def test_words_are_alike_where_so_many_single_changes_lead_from_one_to_the_other(one: str, two: str, most: int) -> None:
    """All words that one change makes, and for two all that another change makes of these, in another place."""
    assert Alike(one, most)(two) == (two in _reached(one, most))


def _reached(word: str, most: int) -> set[str]:
    """By the definition: the word is cut into pieces, of which at most so many are changed, each once."""
    found = {("", 0)}
    at = {0: found}
    for place in range(len(word) + 1):
        here = at.get(place, set())
        for made, spent in list(here):
            here |= {(made + extra, spent + len(extra)) for extra in _extras(most - spent)}
        for made, spent in here:
            for end, piece, cost in _pieces(word, place):
                if spent + cost <= most:
                    at.setdefault(end, set()).add((made + piece, spent + cost))
    return {made for made, _ in at.get(len(word), set())}


def _extras(most: int) -> list[str]:
    return ["".join(letters) for count in range(1, most + 1) for letters in product("abc", repeat=count)]


def _pieces(word: str, place: int) -> list[tuple[int, str, int]]:
    rest = word[place:]
    if not rest:
        return []
    changed = [(place + 1, letter, int(letter != rest[0])) for letter in "abc"]
    swapped = [(place + 2, rest[1] + rest[0], 1)] if len(rest) > 1 else []
    return [*changed, (place + 1, "", 1), *swapped]
