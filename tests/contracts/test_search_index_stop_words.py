"""Words that hold a sentence together are words where they are part of what was typed: AT&T, "vitamin A"."""

import pytest

from tests.contracts.search_engines import Engine, found, page, put


@pytest.mark.parametrize(
    ("text", "other", "typed"),
    [
        ("Shares of AT&T fell.", "The T was on page 62.", ("AT&T", '"AT&T"', "text:AT&T")),
        ("The A-10 landed.", "Only page 10 is left.", ("A-10", '"A-10"')),
        ("There was a Q&A behind it.", "The letter Q is rare.", ("Q&A",)),
        ("The check-in is open.", "Please check the engine.", ("check-in", '"check in"')),
        ("My in-law came.", "The law was passed.", ("in-law",)),
        (
            "Vitamin A is in carrots.",
            "Vitamin B is in bread, and a lot.",
            ('"vitamin A"', '"vitamin a"~0', 'text:"vitamin A"'),
        ),
        ("Ships of war lay there.", "Ships sank war plans.", ('"ships of war"', '"ship of war"', '"ships of wars"')),
        ("Not to be or to be.", "Bees go to town.", ('"to be"', 'text:"to be"')),
    ],
)
def test_a_stop_word_within_a_compound_or_a_phrase_must_stand_there(
    engine: Engine, text: str, other: str, typed: tuple[str, ...]
) -> None:
    put(engine, page("a", text), page("b", other))
    for q in typed:
        assert (q, found(engine, q)) == (q, ["a"])


def test_a_stop_word_is_found_in_the_field_that_has_it(engine: Engine) -> None:
    put(engine, page("a", "The end.", title="Last words"), page("b", "Words.", title="The last"), page("c", "Words."))
    assert found(engine, "text:the") == ["a"]
    assert found(engine, "title:the") == ["b"]


def test_a_word_that_is_near_itself_is_there_twice(engine: Engine) -> None:
    put(engine, page("once", "Only one ship stands here."), page("twice", "A ship beside other ships."))
    for q in ('"ship ship"~2', '"ship ships"~2', '"ships ship"~5'):
        assert found(engine, q) == ["twice"]
    assert found(engine, '"ship ship"~1') == []
    assert found(engine, 'ship -"ship ship"~2') == ["once"]
    assert found(engine, 'text:"ship ship"~2') == ["twice"]
