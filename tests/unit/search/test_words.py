# ruff: noqa: RUF001  (the tests are about these characters)
"""How text is cut into words, and what their forms are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.search.analysis.characters import folded, normal
from shared.search.analysis.stems import MARK, stems_of
from shared.search.analysis.words import WORD_MAX_CHARS, cut, is_plain_unspaced, placed_runs, runs
from shared.search.analysis.written import written


def words(text: str) -> list[str]:
    return [piece.exact for run in runs(text) for piece in cut(run).pieces]


def joined(text: str) -> list[str]:
    return [piece.exact for run in runs(text) for piece in cut(run).joined]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The quick, brown fox.", "the quick brown fox"),
        ("Ukraine's Ukraine’s Ukraineʼs", "ukraine ukraine ukraine"),
        ("don't O'Brien rock'n'roll", "dont obrien rocknroll"),
        ("l'Ukraine d’accord qu'il aujourd'hui dell'arte", "ukraine accord il aujourdhui arte"),
        ("'quoted' ‘words’", "quoted words"),
        ("T-62 e-mail well‑known", "t 62 e mail well known"),
        ("C++ C# F# g++ notepad++ C++11", "c++ c# f# g++ notepad c++ 11"),
        ("U.S. U.S.A. e.g. U.K.'s J.K. Rowling", "us usa eg uk jk rowling"),
        ("10:30 9:15am 3:1", "10:30 9:15am 3 1"),
        ("1,000,000 12,5 1,23 3.14 192.168.0.1 v1.2.3", "1000000 12 5 1 23 3.14 192.168.0.1 v1.2.3"),
        ("2024-01-15 15.01.2024", "2024 01 15 15.01.2024"),
        ("https://www.example.com/a_b/c-d?e=1#f", "example com a b c d e 1 f"),
        ("HTTP://EXAMPLE.COM ftp://files.example", "example com files example"),
        ("jane.doe@example.org @someone #MeToo", "jane doe example org someone metoo"),
        ("end.Start of _it_", "end start of it"),
        ("AT&T R&D", "at t r d"),
        ("½ x² ℡", "1⁄2 x2"),
        ("", ""),
        ("— … !!! 🎉 ❤️ 👨‍👩‍👧 \x00 \u200d \u0301", ""),
    ],
)
def test_text_is_cut_as_a_person_reads_it(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T-62 e-mail COVID-19", "t62 email covid19"),
        ("Ost-West-Konflikt", "ostwestkonflikt"),
        ("AT&T", "att"),
        ("İstanbul'da", "istanbul"),
        ("2024-01-15 plain a-b-c-d-e", ""),
        ("北京大", "北 京 大"),
        ("大", ""),
        ("X光", "x光"),
        ("第5章", "第5 5章"),
        ("这件T恤", "这 件 件t t恤"),
        ("２０２４年", "2024年"),
        ("T-恤", ""),
    ],
)
def test_what_stands_for_several_words_or_for_part_of_one_is_told_apart(text: str, expected: str) -> None:
    assert joined(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北京大学", "北京 京大 大学"),
        ("大", "大"),
        ("NFL球队2024年", "nfl 球队 2024 年"),
        ("カタカナ", "カタ タカ カナ"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("か\u3099き", "がき"),
        ("서울에", "서울 울에"),
        (unicodedata.normalize("NFD", "서울에"), "서울 울에"),
        ("ไทย", "ไท ทย"),
    ],
)
def test_scripts_without_spaces_are_cut_into_pairs(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Straße", "strasse"),
        ("ＡＢＣ", "abc"),
        ("cafe\u0301", "café"),
        ("Donau\u00addampf", "donaudampf"),
        ("العَرَبِيَّةُ", "العربية"),
        ("جميـــل", "جميل"),
        ("שָׁלוֹם", "שלום"),
        ("İstanbul", "istanbul"),
        ("١٢٣", "123"),
        ("१२३", "123"),
        ("हिन्दी", "हिन्दी"),
        ("ΟΔΟΣ", "οδοσ"),
    ],
)
def test_a_word_has_one_form_however_it_is_typed(word: str, expected: str) -> None:
    assert normal(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("café", "cafe"),
        ("łódź", "lodz"),
        ("smørrebrød", "smorrebrod"),
        ("æon", "aeon"),
        ("tiếng", "tieng"),
        ("άνθρωπος", "ανθρωπος"),
        ("ёлка", "елка"),
        ("йод", "йод"),
        ("їжак", "їжак"),
        ("أحمد", "احمد"),
        ("がき", "がき"),
        ("x̂", "x"),
    ],
)
def test_accents_are_folded_where_they_are_accents(word: str, expected: str) -> None:
    assert folded(word) == expected


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        ("en", "running", "en/run"),
        ("en-GB", "running", "en/run"),
        ("EN", "running", "en/run"),
        ("de", "häuser", "de/haus"),
        ("nb", "bøker", "no/bøk"),
        ("nn", "bøker", "no/bøk"),
        ("sv", "får", "sv/får"),
        ("es", "niño", "es/niñ"),
        ("es", "canción", "es/cancion"),
        ("fr", "écoles", "fr/ecol"),
        ("hi", "किताबें", "hi/किताब"),
        ("en", "2024", "2024"),
        ("en", "covid19", "covid19"),
        ("en", "c++", "c++"),
        ("en", "北京", "北京"),
        ("ja", "café", "cafe"),
        ("xx", "café", "cafe"),
        (None, "café", "cafe"),
        ("", "café", "cafe"),
    ],
)
def test_a_stem_bears_the_mark_of_its_language_where_it_is_of_one(
    language: str | None, word: str, expected: str
) -> None:
    assert stems_of(language).stem(word) == expected


def test_a_text_is_written_out_word_by_word() -> None:
    made = written("The T-62 tanks' crews walked.", "en")
    assert made.stems == "en/the en/t 62 en/tank en/crew en/walk"
    assert made.exact == "the t 62 tanks crews walked"
    assert (made.joined_stems, made.joined_exact) == ("t62", "t62")


def test_a_word_with_accents_is_written_out_without_them_too_where_its_stem_is_another() -> None:
    made = written("La galería y el café.", "es")
    assert made.stems == "es/la es/gal es/y es/el es/caf"
    assert made.joined_stems == "es/galeri"


def test_a_chinese_text_is_written_out_in_pairs_and_single_characters() -> None:
    made = written("北京大学,北京。", "zh")
    assert made.stems == made.exact == "北京 京大 大学 北京"
    assert made.joined_exact == "北 京 大 学"
    assert made.joined_stems == ""


@pytest.mark.parametrize("one", ["\u4e00", "\u3400", "\u4dbf", "\U00020000", "\U0002a6df", "\u3042", "\uac00"])
def test_scripts_that_need_no_normalising_are_cut_as_those_that_do(one: str) -> None:
    run = one * 3
    assert is_plain_unspaced(run)
    assert tuple(piece.exact for piece in cut(run).pieces) == (one * 2,) * 2
    assert written(run, None).exact == f"{one * 2} {one * 2}"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_words_have_their_place_in_any_text_and_no_white_space_or_mark_in_them(text: str) -> None:
    for run in placed_runs(text):
        for piece in (*cut(run[0]).pieces, *cut(run[0]).joined):
            assert 0 <= piece.start < piece.end <= len(run[0])
            assert 0 < len(piece.exact) <= 4 * WORD_MAX_CHARS
            assert piece.exact.split() == [piece.exact]
            assert MARK not in piece.exact
            piece.exact.encode()
    assert len(written(text, "en").stems.split()) == len(written(text, "en").exact.split()) == len(words(text))


@given(st.text(max_size=60), st.sampled_from(["en", "de", "tr", "ar", "zh", "hi", None]))
def test_a_text_and_the_words_cut_from_it_have_the_same_forms(text: str, language: str | None) -> None:
    stems = [stems_of(language).stem(piece.exact) for run in runs(text) for piece in cut(run).pieces]
    assert written(text, language).stems.split() == stems


SCRIPTS = ["aeouZçñéÅộřŵ 1-'.,", "ΆϊόήωΣ 1-'", "йЁїєж 1-'", "がパザテー 1", "서울각에 1", "क़ड़किता 1"]


@given(st.one_of([st.text(alphabet=script, max_size=40) for script in SCRIPTS]))
def test_decomposed_text_has_the_same_words_as_composed_text(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert words(unicodedata.normalize("NFD", composed)) == words(composed)


@pytest.mark.parametrize("text", ["a-" * 300_000, "x" * 600_000, "漢" * 300_000, "1," * 300_000, "'" * 600_000])
def test_a_hostile_text_is_cut_in_time_and_into_short_words(text: str) -> None:
    made = written(text, "en")
    assert max(map(len, made.exact.split()), default=0) <= WORD_MAX_CHARS
