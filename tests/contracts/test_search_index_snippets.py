# ruff: noqa: RUF001  (the tests are about these characters)
"""The passage of a text that every search index shows, and what is marked in it."""

import pytest

from tests.contracts.search_engines import Engine, ask, page, put, snippet


def test_a_match_is_marked_as_it_stands_in_the_text(engine: Engine) -> None:
    put(engine, page("a", "He walked with Ukraine’s T-62 tanks to the Café."))
    assert snippet(engine, "walking") == "He <mark>walked</mark> with Ukraine’s T-62 tanks to the Café."
    assert "<mark>Ukraine’s</mark>" in snippet(engine, "ukraine")
    assert "<mark>T-62</mark>" in snippet(engine, "T62")
    assert "<mark>T-62</mark>" in snippet(engine, "t-62")
    assert "<mark>Café</mark>" in snippet(engine, "cafe")


def test_a_phrase_is_marked_where_its_words_stand_side_by_side(engine: Engine) -> None:
    put(engine, page("a", "A change of climate. Then climate changes came, and the climate was new."))
    assert (
        snippet(engine, '"climate change"')
        == "A change of climate. Then <mark>climate changes</mark> came, and the climate was new."
    )


def test_chinese_is_marked_character_for_character(engine: Engine) -> None:
    put(engine, page("a", "我在北京大学学习。", language="zh"))
    assert snippet(engine, "北京大学") == "我在<mark>北京大学</mark>学习。"
    assert snippet(engine, "习") == "我在北京大学学<mark>习</mark>。"


@pytest.mark.parametrize("q", ["needle", ""])
def test_a_snippet_is_safe_html(engine: Engine, q: str) -> None:
    tags = "<script>alert(1)</script> <mark>needle</mark> <img src=x onerror=needle>"
    hostile = f"{tags} & \"needle\" 'x' \x00\x1b[31m\u202eneedle"
    put(engine, page("a", hostile))
    made = snippet(engine, q)
    bare = made.replace("<mark>", "").replace("</mark>", "")
    assert not set(bare) & set("<>\"'\x00\x1b\u202e")
    assert bare.count("&") == bare.count(";")
    assert made.count("<mark>") == made.count("</mark>") == (4 if q else 0)
    assert "&lt;mark&gt;" in made


def test_the_snippet_is_the_passage_that_has_most_of_the_query(engine: Engine) -> None:
    filler = "Nothing to be seen in this sentence at all. " * 80
    text = f"A heron saw a heron by a heron. {filler}The heron and the otter met at the river. {filler}An otter swam."
    put(engine, page("a", text))
    assert "The <mark>heron</mark> and the <mark>otter</mark> met at the river." in snippet(engine, "otter heron")
    assert len(snippet(engine, "otter heron")) < 350


def test_a_snippet_begins_and_ends_with_sentences_where_they_are_near(engine: Engine) -> None:
    text = "First comes this sentence. " * 20 + "Then the heron came by. " + "Last comes that sentence. " * 20
    put(engine, page("a", text))
    made = snippet(engine, "heron")
    assert made.startswith("Then the <mark>heron</mark> came by. Last comes")
    assert made.endswith("Last comes that sentence.")
    assert "\u2026" not in made


def test_a_match_at_the_end_of_a_text_is_shown_with_what_comes_before_it(engine: Engine) -> None:
    put(engine, page("a", "First comes this sentence. " * 20 + "Then the heron came by."))
    made = snippet(engine, "heron")
    assert made.startswith("First comes this sentence.")
    assert made.endswith("Then the <mark>heron</mark> came by.")
    assert 150 < len(made) < 320


def test_a_snippet_cut_within_a_sentence_says_so_with_dots_and_cuts_between_words(engine: Engine) -> None:
    put(engine, page("a", "word " * 300 + "heron " + "word " * 300))
    made = snippet(engine, "heron")
    assert made.startswith("\u2026word ")
    assert made.endswith(" word\u2026")
    assert "<mark>heron</mark>" in made
    assert 150 < len(made) < 320


def test_without_a_match_in_the_text_the_snippet_is_its_beginning(engine: Engine) -> None:
    text = "The beginning of it all. " + "More of the same. " * 60
    put(engine, page("a", text, title="Heron"))
    for q in ("", "heron"):
        made = snippet(engine, q)
        assert made.startswith("The beginning of it all. More of the same.")
        assert made.endswith(".")
        assert 150 < len(made) < 300


def test_a_match_in_the_standfirst_is_shown(engine: Engine) -> None:
    put(engine, page("a", "Nothing here.", standfirst="The heron is back."))
    assert "<mark>heron</mark>" in snippet(engine, "heron")


def test_a_match_far_into_a_long_text_is_shown(engine: Engine) -> None:
    text = "Some words that say little about anything. " * 20_000 + "The Heron came. " + "And more words. " * 5000
    put(engine, page("a", text))
    assert "The <mark>Heron</mark> came." in snippet(engine, "heron")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "x", "\u0301", "a" * 5000, "漢" * 5000, "a." * 3000])
def test_any_text_has_a_snippet(engine: Engine, text: str) -> None:
    put(engine, page("a", text, title="needle"))
    for q in ("needle", "", "a", "漢"):
        for hit in ask(engine, q).hits:
            assert hit.snippet is not None
            assert len(hit.snippet) < 400


def test_there_are_no_snippets_where_none_are_asked_for(engine: Engine) -> None:
    put(engine, page("a", "word"))
    assert ask(engine, "word", snippets=False).hits[0].snippet is None


LONG = "Some words that say little about anything at all. "


def test_the_best_passage_of_a_megabyte_is_shown_though_the_words_are_elsewhere_too(engine: Engine) -> None:
    """Each word stands alone near the beginning; all stand together behind 600,000 characters."""
    text = f"A heron. {LONG * 300}A turbine. {LONG * 12_000}Herons nest on the old turbines. {LONG * 8_000}"
    put(engine, page("a", text))
    made = snippet(engine, "turbine heron nest")
    assert "<mark>Herons</mark> <mark>nest</mark> on the old <mark>turbines</mark>." in made
    assert len(made) < 400


def test_a_phrase_is_marked_far_into_a_megabyte(engine: Engine) -> None:
    text = f"{LONG * 2_000}Grey blue. {LONG * 15_000}The grey herons came. {LONG * 3_000}"
    put(engine, page("a", text))
    assert "The <mark>grey herons</mark> came." in snippet(engine, '"grey heron"')


def test_a_far_passage_begins_and_ends_with_sentences(engine: Engine) -> None:
    text = f"{LONG * 15_000}First came an otter. Then a heron came. {LONG * 3_000}"
    put(engine, page("a", text))
    made = snippet(engine, "heron otter")
    assert "First came an <mark>otter</mark>. Then a <mark>heron</mark> came." in made
    assert made[0].isupper()
    assert made.endswith(".")


def test_a_passage_with_the_words_of_asking_is_no_better_than_one_with_the_answer(engine: Engine) -> None:
    text = f"How many of them did the most in it? {LONG * 30}The panthers scored 308 points. {LONG * 30}"
    put(engine, page("a", text))
    assert "<mark>panthers</mark>" in snippet(engine, "how many points did the panthers score in it", match="best")
