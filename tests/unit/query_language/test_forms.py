# ruff: noqa: RUF001  (the tests are about these characters)
"""What each form of the language is read as."""

import datetime as dt
from typing import Any

import pytest

from shared.query_language.parse import parse
from shared.query_language.tree import (
    And,
    Boost,
    Dates,
    Exists,
    Fuzzy,
    In,
    Node,
    Not,
    Numbers,
    Or,
    Phrase,
    Prefix,
    Required,
    Word,
)
from shared.query_language.writing import text_of
from shared.search.fields import QUERY_FIELDS
from tests.unit.query_language.trees import placeless

A, B, C, D = (Word(text=text) for text in "abcd")


def read(text: str) -> list[Any]:
    """The parts of a query without their places; it must have no mistake."""
    parts: list[Any] = placeless(parse(text, mode="strict").tree)["parts"]
    return parts


def told(*nodes: Node) -> list[Any]:
    return [placeless(node) for node in nodes]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a OR b", [Or(parts=(A, B))]),
        ("a AND b", [And(parts=(A, B))]),
        ("a OR b OR c", [Or(parts=(A, B, C))]),
        ("a AND b OR c AND d", [Or(parts=(And(parts=(A, B)), And(parts=(C, D))))]),
        ("a b OR c d", [A, Or(parts=(B, C)), D]),
        ("a (b OR c)", [A, Or(parts=(B, C))]),
        ("(a OR b) AND c", [And(parts=(Or(parts=(A, B)), C))]),
        ("a NOT b", [A, Not(part=B)]),
        ("a AND NOT b", [And(parts=(A, Not(part=B)))]),
        ("NOT NOT a", [Not(part=Not(part=A))]),
        ("-a +b", [Not(part=A), Required(part=B)]),
        ("−a", [Not(part=A)]),
        ("-(>a)", [Not(part=Word(text=">a"))]),
        ("a -(b OR c)", [A, Not(part=Or(parts=(B, C)))]),
        ('-"a b"', [Not(part=Phrase(words=("a", "b")))]),
        ("((a))", [A]),
        ("a and b or not c", [A, Word(text="and"), B, Word(text="or"), Word(text="not"), C]),
        ("a-b", [Word(text="a-b")]),
        ("a - b", [A, Word(text="-"), B]),
        ("a ->b", [A, Word(text="->b")]),
        ('"a b"~3', [Phrase(words=("a", "b"), slop=3)]),
        ("pre*", [Prefix(text="pre")]),
        ("word~", [Fuzzy(text="word", distance=1)]),
        ("word~1", [Fuzzy(text="word", distance=1)]),
        ("wordy~2", [Fuzzy(text="wordy", distance=2)]),
        ("a^2 (b c)^0.5", [Boost(part=A, factor=2), Boost(part=parse("b c").tree, factor=0.5)]),
        ("pre*^2 word~1^3", [Boost(part=Prefix(text="pre"), factor=2), Boost(part=Fuzzy(text="word"), factor=3)]),
        ("title:a", [In(field="title", part=A)]),
        ("TITLE:a", [In(field="title", part=A)]),
        ('title:"a b" b', [In(field="title", part=Phrase(words=("a", "b"))), B]),
        ("author:(a OR b)", [In(field="author", part=Or(parts=(A, B)))]),
        ("title:(author:a)", [In(field="author", part=A)]),
        ("tag:*", [Exists(field="tag")]),
        ("-date:*", [Not(part=Exists(field="date"))]),
        ("*", []),
        ("colour:red", [Word(text="colour:red")]),
        ("10:30", [Word(text="10:30")]),
        ("title\\:a", [Word(text="title:a")]),
        ("\\AND \\-a \\(b\\)", [Word(text="AND"), Word(text="-a"), Word(text="(b)")]),
        ("C:\\dir", [Word(text="C:\\dir")]),
    ],
)
def test_each_form_is_read_as_what_it_means(text: str, parts: list[Node]) -> None:
    assert read(text) == told(*parts)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-06-15", "2024-06-15", "2024-06-15"),
        ("[2024-01-01 TO 2024-06-30]", "2024-01-01", "2024-06-30"),
        ("{2024-01-01 TO 2024-06-30}", "2024-01-02", "2024-06-29"),
        ("[2024-01 TO *]", "2024-01-01", None),
        ("2024-01..2024-06", "2024-01-01", "2024-06-30"),
        ("..2023", None, "2023-12-31"),
        ("2023..", "2023-01-01", None),
        (">=2024-03", "2024-03-01", None),
        (">2024-03", "2024-04-01", None),
        ("<2024-03", None, "2024-02-29"),
        ("<=2024", None, "2024-12-31"),
    ],
)
def test_dates_are_whole_days_and_a_year_or_month_is_all_of_its_days(
    text: str, first: str | None, last: str | None
) -> None:
    days = [dt.date.fromisoformat(end) if end else None for end in (first, last)]
    assert read(f"date:{text}") == told(Dates(first=days[0], last=days[1]))


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("300", 300, 300),
        (">=300", 300, None),
        (">300", 301, None),
        ("<300", None, 299),
        ("<=300", None, 300),
        ("300..500", 300, 500),
        ("[300 TO 500]", 300, 500),
        ("{300 TO 500]", 301, 500),
        ("..5", None, 5),
    ],
)
def test_numbers_have_ranges_too(text: str, least: int | None, most: int | None) -> None:
    assert read(f"words:{text}") == told(Numbers(field="words", least=least, most=most))


def test_ranges_stand_in_groups_and_bear_boosts() -> None:
    assert [part["kind"] for part in read("date:(2022 OR 2024)^2")] == ["boost"]
    assert read("date:2024^2") == told(
        Boost(part=Dates(first=dt.date(2024, 1, 1), last=dt.date(2024, 12, 31)), factor=2)
    )
    assert read("date:[* TO *]") == read("date:*") == told(Exists(field="date"))


@pytest.mark.parametrize("field", QUERY_FIELDS)
def test_every_field_of_the_table_is_known(field: str) -> None:
    assert read(f"{field}:*") == told(Exists(field=field))


@pytest.mark.parametrize(
    "text",
    [
        "10:30", "C++", "C#", "Ukraine's", "Ukraine’s", "T-62", "#MeToo", "@someone", "jane.doe+x@example.org", "3.14",
        "https://example.com/a_(b)?c=d*&e=~f^2", "http://user:pw@host:80/", "AT&T", "rock'n'roll", "and/or", "a=b",
        'צה"ל', '27"', "e\u0301", "كِتَاب", "می\u200cخواهم", "🙂", ":-", "...", "?", "1,000", "f(x", "x.y~z", "file~/",
        "$5",
    ],
)  # fmt: skip
def test_what_a_person_means_by_one_word_is_one_word(text: str) -> None:
    if "(" in text and "://" not in text:
        text = text.replace("(", "\\(")
    (part,) = parse(text, mode="strict").tree.parts
    assert isinstance(part, Word)
    assert part.text == text.replace("\\", "")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("（ａ　ＯＲ　ｂ）ＡＮＤ　ｃ", "(a OR b)AND c"),
        ("ｔｉｔｌｅ：東京", "title:東京"),
        ("－東京　＋大阪", "-東京 +大阪"),
        ("＂東京　大阪＂～３", '"東京 大阪"~3'),
        ("東京＊＾２", "東京*^2"),
        ("「東京 大阪」", '"東京 大阪"'),
        ("„red apple“", '"red apple"'),
        ("« red apple »", '"red apple"'),
        ("\u200fשלום\u200f -עולם\u200e", "שלום -עולם"),
        ("\u202bكتاب OR قلم\u202c", "كتاب OR قلم"),
        ("title:\u201cred apple\u201d", 'title:"red apple"'),
    ],
)
def test_other_keyboards_write_the_same(typed: str, plain: str) -> None:
    assert text_of(parse(typed, mode="strict").tree) == text_of(parse(plain, mode="strict").tree)
    assert placeless(parse(typed).tree) == placeless(parse(plain).tree)


def test_a_url_ends_before_the_parenthesis_around_it() -> None:
    (group,) = read("(see https://example.com/a_(b))^2")
    assert [part["text"] for part in group["part"]["parts"]] == ["see", "https://example.com/a_(b)"]
