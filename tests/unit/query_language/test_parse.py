import pytest

from shared.errors import Refused
from shared.query_language.limits import Limits
from shared.query_language.parse import Parsed, parse
from shared.query_language.tree import AllOf, Phrase, Word


def parts(parsed: Parsed) -> tuple[object, ...]:
    return parsed.tree.parts


def test_words_stand_side_by_side_with_their_places() -> None:
    assert parts(parse("red  apple")) == (Word(text="red", position=(0, 3)), Word(text="apple", position=(5, 10)))


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u3000"])
def test_nothing_typed_asks_for_everything(text: str) -> None:
    assert parse(text) == Parsed(AllOf())


@pytest.mark.parametrize("quotes", ['""', "“”", "„“", "„”", "«»", "»«", "「」", "『』", "\uff02\uff02", '“"'])
def test_a_phrase_stands_in_straight_or_typographic_quotes(quotes: str) -> None:
    parsed = parse(f"a {quotes[0]}red  apple{quotes[1]} b")
    assert parts(parsed) == (
        Word(text="a", position=(0, 1)),
        Phrase(words=("red", "apple"), position=(2, 14)),
        Word(text="b", position=(15, 16)),
    )
    assert parsed.warnings == ()


def test_quotes_part_words_without_any_space() -> None:
    assert [isinstance(part, Phrase) for part in parts(parse('a"b c"d'))] == [False, True, False]


@pytest.mark.parametrize("text", ['""', '"  "', "«»"])
def test_an_empty_phrase_asks_for_nothing(text: str) -> None:
    assert parse(text) == Parsed(AllOf())


def test_a_quote_that_is_not_closed_is_warned_of_and_what_follows_is_words() -> None:
    parsed = parse('a "red apple')
    assert parts(parsed) == (
        Word(text="a", position=(0, 1)),
        Word(text="red", position=(3, 6)),
        Word(text="apple", position=(7, 12)),
    )
    assert [(warning.code, warning.position) for warning in parsed.warnings] == [("unclosed-quote", (2, 12))]


def test_a_quote_that_is_not_closed_is_refused_in_strict_mode_with_its_place() -> None:
    with pytest.raises(Refused) as caught:
        parse('🎉 "red apple', mode="strict")
    assert caught.value.code == "query-syntax"
    assert caught.value.problem.position == (2, 12)


def test_strict_mode_reads_what_is_right_as_lenient_mode_does() -> None:
    assert parse('a "b c" d', mode="strict") == parse('a "b c" d')


def test_places_count_code_points() -> None:
    assert parts(parse("🎉🎉 e\u0301 word")) == (
        Word(text="🎉🎉", position=(0, 2)),
        Word(text="e\u0301", position=(3, 5)),
        Word(text="word", position=(6, 10)),
    )


@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_a_query_that_is_too_long_is_refused_by_the_name_of_the_setting(mode: str) -> None:
    assert parts(parse("x" * 10, limits=Limits(chars=10))) == (Word(text="x" * 10, position=(0, 10)),)
    with pytest.raises(Refused) as caught:
        parse("x" * 11, mode=mode, limits=Limits(chars=10))  # type: ignore[arg-type]  # (a parameter of the test)
    assert caught.value.code == "query-too-long"
    assert caught.value.problem.limit == "PAGEMILL_QUERY_MAX_CHARS"
