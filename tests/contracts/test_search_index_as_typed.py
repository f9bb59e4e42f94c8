# ruff: noqa: RUF001  (the tests are about these characters)
"""What people type is found though the page has it otherwise: with accents, or within a run without spaces."""

import pytest

from shared.models.search import Filters
from tests.contracts.search_engines import Engine, found, page, put, snippet


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("es", "La filosofía y la galería.", "filosofia galeria"),
        ("es", "Ocurrió después; lo permitió la secretaría de las minorías.", "ocurrio despues permitio secretaria"),
        ("pt", "A informação também: voltarão.", "informacao tambem voltarao"),
        ("fr", "Le café déjà vu, et voilà.", "cafe deja voila"),
        ("hu", "Egy hajó a kikötő mellett.", "hajo kikoto"),
        ("tr", "Iğdır ve Isparta.", "ığdır"),
        ("tr", "Iğdır ve Isparta.", "igdir"),
    ],
)
def test_accents_need_not_be_written(engine: Engine, language: str, text: str, typed: str) -> None:
    put(engine, page("a", text, language=language), page("b", "Something else."))
    for q in (typed, *typed.split()):
        assert found(engine, q) == ["a"]
        assert found(engine, q, filters=Filters(language=(language,))) == ["a"]


@pytest.mark.parametrize(("language", "text", "q"), [("es", "La filosofia.", "filosofía")])
def test_a_page_without_its_accents_is_found_by_who_writes_them(
    engine: Engine, language: str, text: str, q: str
) -> None:
    put(engine, page("a", text, language=language))
    assert found(engine, q) == ["a"]


def test_a_snippet_marks_the_word_that_was_typed_without_its_accents(engine: Engine) -> None:
    put(engine, page("a", "La filosofía de Platón.", language="es"))
    assert snippet(engine, "filosofia") == "La <mark>filosofía</mark> de Platón."


CHINESE = "这件T恤很好，价格便宜。我在卡拉OK店唱歌，第5章讲X光和B型血。"
JAPANESE = "X線検査で3個見つかり、5月3日に退院した。"


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("zh", CHINESE, "T恤 “T恤” t恤 X光 第5章 “第5章” OK店 B型 这件T恤 T恤很好 卡拉OK店"),
        ("ja", JAPANESE, "X線 3個 5月 5月3日 3日 “5月3日”"),
        ("zh", "２０２４年に、2010年の本。", "2024年 2010年 ２０１０年"),
        ("ko", "5월에 만나요.", "5월"),
    ],
)
def test_a_character_beside_letters_or_digits_is_found_within_a_run(
    engine: Engine, language: str, text: str, typed: str
) -> None:
    put(engine, page("a", text, language=language), page("b", "別的，其他。", language=language))
    for q in typed.split():
        assert (q, found(engine, q)) == (q, ["a"])


@pytest.mark.parametrize("q", ["T血", "第6章", "5章光", "第5型", "Y光", "OK歌", "title:T恤", "exact:T好"])
def test_a_character_that_stands_elsewhere_is_not_the_one_beside_the_letter(engine: Engine, q: str) -> None:
    put(engine, page("a", CHINESE, language="zh"))
    assert found(engine, q) == []


@pytest.mark.parametrize("q", ["exact:T恤", "text:第5章", "title:X光"])
def test_it_is_found_in_a_field_too(engine: Engine, q: str) -> None:
    put(engine, page("a", CHINESE, title="X光", language="zh"))
    assert found(engine, q) == ["a"]


@pytest.mark.parametrize(("q", "marked"), [("T恤", "<mark>T恤</mark>"), ("第5章", "<mark>第5章</mark>")])
def test_a_snippet_marks_the_characters_with_the_letter(engine: Engine, q: str, marked: str) -> None:
    put(engine, page("a", CHINESE, language="zh"))
    assert marked in snippet(engine, q)
