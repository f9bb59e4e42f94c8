"""Marks and passages, on texts without an engine."""

import re
import sys
from datetime import UTC, datetime
from html import unescape
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.document import Document
from shared.query_language.limits import Limits
from shared.query_language.parse import parse
from shared.search.clauses import asked
from shared.search.marking import Marker
from shared.search.snippets import SNIPPET_CHARS, Snippets


def snippet(text: str, q: str, *, language: str | None = "en", standfirst: str | None = None) -> str:
    found = asked(parse(q).tree, "all", (None, "en", "de")).leaves
    document = Document(
        id="p",
        version=1,
        text=text,
        standfirst=standfirst,
        language=language,
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
        word_count=1,
        reading_minutes=1,
    )
    return Snippets(found).of(document)


def marked(text: str, q: str, language: str | None = "en") -> list[str]:
    found = asked(parse(q).tree, "all", (None, "en", "de")).leaves
    return [text[mark.start : mark.end] for mark in Marker(found, language).marks(text)]


def test_marks_cover_words_in_every_form_of_the_text_s_language() -> None:
    assert marked("Walks, walked; the walk. WALKING wall", "walk") == ["Walks", "walked", "walk", "WALKING"]
    assert marked("Das Haus, die Häuser", "Haus", "de") == ["Haus", "Häuser"]
    assert marked("Haus Häuser", "Haus", "fr") == ["Haus"]


def test_marks_cover_a_phrase_once_and_only_whole() -> None:
    text = "red apple, red, apple red red apple; the red-apple"
    assert marked(text, '"red apple"') == ["red apple", "red, apple", "red apple", "red-apple"]
    assert marked(text, '"apple apple"') == []


def test_marks_cover_what_is_written_with_a_hyphen_or_as_one() -> None:
    assert set(marked("an e-mail, an email, a mail", "email")) == {"e-mail", "email"}
    assert set(marked("an e-mail, an email, a mail", "e-mail")) == {"e-mail", "email"}


def test_a_phrase_that_begins_again_within_itself_is_found() -> None:
    assert marked("a a b", '"a b"') == ["a b"]
    assert marked("new new york", '"new york"') == ["new york"]


def test_a_match_far_into_a_text_without_a_space_is_shown() -> None:
    plain = "这是一个关于港口的句子没有标点" * 4_000
    shown = snippet(plain + "独角兽" + plain, "独角兽", language="zh")
    assert "<mark>独角兽</mark>" in shown
    assert len(shown) < 2 * SNIPPET_CHARS


def test_marks_that_touch_are_one() -> None:
    assert snippet("我在北京大学学习", "北京大学 学习") == "我在<mark>北京大学学习</mark>"


def test_white_space_is_drawn_together() -> None:
    assert snippet("a  red\n\n\tapple ", "red") == "a <mark>red</mark> apple"


def test_a_standfirst_that_the_text_repeats_is_shown_once() -> None:
    assert snippet("The heron. More.", "heron", standfirst="The heron.") == "The <mark>heron</mark>. More."


def test_the_same_passage_is_taken_whatever_stands_behind_it() -> None:
    text = "A heron and an otter. " + "Then nothing. " * 5000
    assert snippet(text, "heron otter").startswith("A <mark>heron</mark> and an <mark>otter</mark>. Then")


@given(
    st.text(alphabet=st.sampled_from("ab .\n<>&\"'é漢\u0301🎉\x00"), max_size=900),
    st.text(alphabet=st.sampled_from('ab "é漢'), max_size=8),
)
def test_any_snippet_is_safe_short_and_holds_the_text_it_was_made_of(text: str, q: str) -> None:
    made = snippet(text, q)
    bare = re.sub(r"</?mark>", "", made)
    assert not set(bare) & set("<>\"'\x00")
    assert re.sub(r"&(?:lt|gt|amp|quot|#x27);", "", bare).count("&") == 0
    assert re.findall(r"</?mark>", made) == ["<mark>", "</mark>"] * made.count("<mark>")
    shown = unescape(bare).strip("\u2026").strip()
    assert shown in re.sub(r"\s+", " ", text.replace("\x00", ""))
    assert len(shown) <= 2 * SNIPPET_CHARS


def test_a_word_that_its_language_takes_the_beginning_off_is_marked() -> None:
    leaves = asked(parse("werkt").tree, "all", (None, "nl")).leaves
    text = "Er is hard gewerkt"
    assert [text[mark.start : mark.end] for mark in Marker(leaves, "nl").marks(text)] == ["gewerkt"]


_FOUR = "alpha beta gamma delta".split()
_HOSTILE = " ".join(_FOUR[number * number // 7 % 4] for number in range(150_000))


@pytest.mark.parametrize(
    "q",
    [
        " OR ".join(f'"{one} {two} {three}"~50' for one, two, three in product(_FOUR, repeat=3)),
        " OR ".join(f'"{one} {two} {three}"' for one, two, three in product(_FOUR, repeat=3)),
        f'"{" ".join(_FOUR * 25)}"~50',
        " ".join(_FOUR * 60),
    ],
)
def test_however_much_a_query_asks_of_a_text_that_has_it_everywhere_few_places_are_looked_at(q: str) -> None:
    found = asked(parse(q, limits=Limits(near=512)).tree, "all", (None,)).marked
    document = Document(
        id="p",
        version=1,
        text=_HOSTILE,
        language="en",
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
        word_count=1,
        reading_minutes=1,
    )
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1

    snippets = Snippets(found)
    sys.setprofile(step)
    try:
        snippets.of(document)
    finally:
        sys.setprofile(None)
    assert steps < 500_000


LONG = "Sentence {} speaks of widgets and gears in a machine hall. "
"""Said again and again it makes a text of any length."""


@pytest.mark.parametrize(
    ("q", "shown"),
    [
        ("zanzibarite gears", {"zanzibarite", "gears"}),
        ('"zanzibarite stone" gears', {"zanzibarite stone", "gears"}),
        ("stone zanzibarite widgets hall", {"stone", "zanzibarite", "widgets"}),
        ('"gears stone"', {"gears Stone"}),
    ],
)
def test_of_a_long_text_the_passage_with_the_rare_word_is_shown_beside_the_frequent_one(
    q: str, shown: set[str]
) -> None:
    rare = "Widgets, gears Stone, and zanzibarite stone of gears. "
    text = "".join(map(LONG.format, range(5000))) + rare + "".join(map(LONG.format, range(500)))
    found = set(re.findall("<mark>(.*?)</mark>", snippet(text, q)))
    assert {each.lower() for each in shown} <= {each.lower() for each in found}


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("O\u2019Malleyish", "o'malleyish"),
        ("T-72", "T72"),
        ("e-mail", "email"),
        ("n\u00e1ufraga", "naufraga"),
        ("n\u00e1ufraga", "n\u00e4ufraga"),
        ("R\u00fcbenf\u00f6rderung", "rubenforderung"),
        ("\u00dcbergr\u00f6\u00dfentr\u00e4ger", "\u00fcbergr\u00f6\u00dfentr\u00e4ger"),
        ("\u00dcbergr\u00f6\u00dfentr\u00e4ger", "ubergrossentrager"),
        (
            "\u0401\u0436\u0438\u043a\u043e\u043e\u0431\u0440\u0430\u0437\u043d\u044b\u0435",
            "\u0435\u0436\u0438\u043a\u043e\u043e\u0431\u0440\u0430\u0437\u043d\u044b\u0435",
        ),
        ("\u0388\u03b4\u03c1\u03b1\u03c5\u03bb\u03bf\u03b9", "\u03b5\u03b4\u03c1\u03b1\u03c5\u03bb\u03bf\u03b9"),
        (
            "\u0627\u0644\u0645\u064f\u0633\u062a\u064e\u0634\u0641\u064e\u064a\u0627\u062a",
            "\u0627\u0644\u0645\u0633\u062a\u0634\u0641\u064a\u0627\u062a",
        ),
        ("\u0130\u011fd\u0131rl\u0131yd\u0131", "i\u011fd\u0131rl\u0131yd\u0131"),
        ("eXampleword", "exampleword"),
    ],
)
def test_far_into_a_text_a_word_is_found_however_it_is_written_there(written: str, typed: str) -> None:
    text = LONG * 1500 + f"Here at last {written} is told of. " + LONG * 20
    assert f"<mark>{written}</mark>" in snippet(text, typed, language=None)
