"""Mistakes: strict mode points at the character and says what was expected, lenient mode warns and reads the rest."""

import pytest

from shared.errors import Refused
from shared.query_language.limits import WARNINGS_MAX, Limits
from shared.query_language.parse import parse
from shared.query_language.tree import levels
from shared.query_language.writing import text_of

MISTAKES = [
    ('a "b c', (2, 6), "unclosed-quote", "a b c"),
    ("(a b", (0, 1), "unclosed-parenthesis", "a b"),
    ("a) b", (1, 2), "stray-parenthesis", "a b"),
    ("a () b", (2, 4), "empty-parentheses", "a b"),
    ("a OR", (2, 4), "stray-operator", "a \\OR"),
    ("AND a", (0, 3), "stray-operator", "\\AND a"),
    ("a OR AND b", (2, 4), "stray-operator", "a \\OR AND b"),
    ("NOT", (0, 3), "stray-operator", "\\NOT"),
    ("title: a", (0, 6), "field-without-value", "title a"),
    ("a title:", (2, 8), "field-without-value", "a title"),
    ("title:)", (0, 6), "field-without-value", "title"),
    ("date:soon", (5, 9), "not-a-range", "soon"),
    ("date:2024-13", (5, 12), "not-a-range", "2024-13"),
    ("date:2023-02-29", (5, 15), "not-a-range", "2023-02-29"),
    ("date:>9999", (5, 10), "not-a-range", ">9999"),
    ("date:[a TO b]", (5, 13), "not-a-range", "[a TO b]"),
    ("words:many", (6, 10), "not-a-range", "many"),
    ("words:<0", (6, 8), "not-a-range", "<0"),
    ("words:500..300", (6, 14), "range-swapped", "words:300..500"),
    ("date:2024..2023", (5, 15), "range-swapped", "date:2023-01-01..2024-12-31"),
    ("f*ck", (0, 4), "inner-wildcard", "f\\*ck"),
    ('"ab* cd"', (0, 8), "quoted-wildcard", '"ab\\* cd"'),
    ("wordy~3", (0, 7), "fuzzy-distance", "wordy~2"),
    ("word~0", (0, 6), "fuzzy-distance", "word~1"),
    ("it~1", (0, 4), "fuzzy-too-short", "it"),
    ("four~2", (0, 6), "fuzzy-too-short", "four~1"),
    ("site:example.com~1", (5, 18), "not-fuzzy", "site:example.com"),
    ('"a b"~', (0, 6), "slop", '"a b"~1'),
    ('"a b"~101', (0, 9), "slop", '"a b"~50'),
    ('"a b"~999999', (0, 12), "slop", '"a b"~50'),
    (f'"a b"~{"9" * 500}', (0, 506), "slop", '"a b"~50'),
    ("wordy~10000", (0, 11), "fuzzy-distance", "wordy~2"),
    ('"a b"^12345678', (0, 14), "boost", '"a b"'),
    (f"a^{'9' * 500}", (0, 502), "boost", "a"),
    ("a^0", (0, 3), "boost", "a"),
    ("a^-1", (0, 4), "boost", "a\\^-1"),
    ("a^1e3", (0, 5), "boost", "a\\^1e3"),
    ("a NOT *", (2, 7), "stray-operator", "a"),
    ("(a b)^1001", (4, 10), "boost", "a b"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "position", "code", "read"), MISTAKES)
def test_lenient_mode_warns_with_the_place_and_reads_the_rest(
    text: str, position: tuple[int, int], code: str, read: str
) -> None:
    parsed = parse(text)
    assert [(warning.code, warning.position) for warning in parsed.warnings][:1] == [(code, position)]
    assert text_of(parsed.tree) == read


@pytest.mark.parametrize(("text", "position", "code", "read"), MISTAKES)
def test_strict_mode_points_at_the_characters_and_says_what_was_expected(
    text: str, position: tuple[int, int], code: str, read: str
) -> None:
    del code, read
    with pytest.raises(Refused) as caught:
        parse(text, mode="strict")
    assert caught.value.code == "query-syntax"
    assert caught.value.problem.position == position
    assert "expected" in caught.value.problem.detail


LIMITS = [
    ("a " * 300, "PAGEMILL_QUERY_MAX_CLAUSES", "too-many-clauses"),
    ("title: " * 300, "PAGEMILL_QUERY_MAX_CLAUSES", "too-many-clauses"),
    (" ".join(f"w{number}*" for number in range(10, 30)), "PAGEMILL_QUERY_MAX_WILDCARDS", "too-many-wildcards"),
    (" ".join(f"word{number}~1" for number in range(10, 30)), "PAGEMILL_QUERY_MAX_WILDCARDS", "too-many-wildcards"),
    (f'"{"a b " * 80}"', "PAGEMILL_QUERY_MAX_PHRASE_WORDS", "too-many-phrase-words"),
    ('"a b" ' * 65, "PAGEMILL_QUERY_MAX_PHRASE_WORDS", "too-many-phrase-words"),
    (f'"{"a b " * 20}"~5', "PAGEMILL_QUERY_MAX_NEAR_WORDS", "too-many-near-words"),
    ('"a b"~5 ' * 20, "PAGEMILL_QUERY_MAX_NEAR_WORDS", "too-many-near-words"),
    (f'title:"{"天気" * 20}"~5', "PAGEMILL_QUERY_MAX_NEAR_WORDS", "too-many-near-words"),
    (f'-"x {"a-b," * 20}"~5', "PAGEMILL_QUERY_MAX_NEAR_WORDS", "too-many-near-words"),
    ("a*", "PAGEMILL_QUERY_WILDCARD_MIN_CHARS", "short-wildcard"),
    ("*a", "PAGEMILL_QUERY_WILDCARD_MIN_CHARS", "short-wildcard"),
    ("(" * 25 + "a" + ")" * 25, "PAGEMILL_QUERY_MAX_DEPTH", "too-deep"),
    ("(a b OR " * 13 + "c" + ")" * 13, "PAGEMILL_QUERY_MAX_DEPTH", "too-deep"),
    ("NOT " * 30 + "a", "PAGEMILL_QUERY_MAX_DEPTH", "too-deep"),
    ("-(a " * 30 + ")" * 30, "PAGEMILL_QUERY_MAX_DEPTH", "too-deep"),
]


@pytest.mark.parametrize(("text", "setting", "code"), LIMITS)
def test_what_goes_beyond_a_limit_is_refused_by_the_name_of_its_setting_or_cut(
    text: str, setting: str, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, mode="strict")
    assert (caught.value.code, caught.value.problem.limit) == ("query-too-complex", setting)
    assert caught.value.problem.position
    parsed = parse(text)
    assert code in [warning.code for warning in parsed.warnings]
    assert levels(parsed.tree) <= Limits().depth


@pytest.mark.parametrize("text", ["x^2" * 1000, "a " + "b-c " * 255 + "d-e-f-g", '"' + "a " * 600 + '"'])
def test_words_made_of_more_words_than_an_engine_takes_are_refused_in_strict_mode(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, mode="strict")
    assert (caught.value.code, caught.value.problem.limit) == ("query-too-complex", "PAGEMILL_QUERY_MAX_CLAUSES")
    assert caught.value.problem.position
    assert parse(text).tree.parts


@pytest.mark.parametrize("text", ['"5 * 3"', '"ab\\* cd"', '"*"', '"a*b"'])
def test_an_asterisk_that_is_no_wildcard_is_a_sign_of_a_phrase(text: str) -> None:
    assert parse(text, mode="strict").warnings == ()


def test_of_words_that_are_to_be_near_each_other_the_first_are_looked_for_and_the_others_left_out() -> None:
    parsed = parse('"a b"~5 c "d e-f g"~5 "h i"~5', limits=Limits(near=5))
    assert text_of(parsed.tree) == '"a b"~5 c "d e-f"~5'
    (warning,) = parsed.warnings
    assert (warning.code, warning.position) == ("too-many-near-words", (10, 21))


def test_of_words_within_phrases_the_first_are_looked_for_and_those_near_each_other_are_counted_by_themselves() -> None:
    parsed = parse('"a b" "c d"~5 "e f-g h" "i j"', limits=Limits(phrases=5, near=2))
    assert text_of(parsed.tree) == '"a b" "c d"~5 "e f-g"'
    assert [warning.code for warning in parsed.warnings] == ["too-many-phrase-words"]


def test_a_phrase_of_one_word_has_nothing_that_it_could_be_near_and_costs_nothing() -> None:
    assert parse('"a"~5 ' * 100, mode="strict").warnings == ()


def test_what_is_within_the_limits_is_read_as_it_stands() -> None:
    deep = "(" * 23 + "a b" + ")" * 23
    for text in (
        "a " * 256,
        deep,
        " ".join(f"w{number}*" for number in range(10, 26)),
        '"a b"~5 ' * 16,
        "ab*",
        "x" * 4096,
    ):
        assert parse(text, mode="strict").warnings == ()


def test_a_query_cut_in_the_middle_of_a_group_is_still_whole() -> None:
    tree = parse("(a OR b) (c OR (d AND title:(e OR f", limits=Limits(clauses=4)).tree
    assert text_of(tree) == "a OR b c OR d"


def test_a_query_of_nothing_but_mistakes_is_told_of_the_first_ones() -> None:
    assert len(parse(")" * 4000).warnings) == WARNINGS_MAX
