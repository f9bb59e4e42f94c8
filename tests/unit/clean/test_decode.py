import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.clean.pages import cleaned
from workers.clean.decode import decode, visible

TEXTS = {
    "ru": "Министерство обороны сообщило в понедельник, что переговоры продолжатся на следующей неделе.",
    "fr": "Le président a déclaré que la réforme serait présentée à l'été, après les élections européennes.",
    "pl": "Premier powiedział, że rząd przedstawi nową ustawę. Posłowie są zaskoczeni, że żądania uwzględniono.",
    "el": "Ο πρωθυπουργός δήλωσε ότι η κυβέρνηση θα παρουσιάσει το νέο σχέδιο την επόμενη εβδομάδα.",  # noqa: RUF001  (Greek)
    "zh": "国务院总理星期一在北京会见了来访的外国代表团，双方就经济合作问题交换了意见。",  # noqa: RUF001  (Chinese)
    "ja": "首相は月曜日の記者会見で、来週にも新しい経済対策を発表すると述べた。",
    "ko": "대통령은 월요일 기자회견에서 다음 주에 새로운 경제 정책을 발표할 것이라고 밝혔다.",
    "ar": "قال رئيس الوزراء يوم الاثنين إن الحكومة ستقدم الخطة الجديدة الأسبوع المقبل",
}
LEGACY = [
    ("ru", "cp1251"),
    ("ru", "koi8-r"),
    ("ru", "iso8859-5"),
    ("fr", "iso8859-1"),
    ("pl", "cp1250"),
    ("pl", "iso8859-2"),
    ("el", "iso8859-7"),
    ("zh", "gb18030"),
    ("ja", "shift_jis"),
    ("ja", "euc_jp"),
    ("ja", "iso2022_jp"),
    ("ko", "euc_kr"),
    ("ar", "cp1256"),
]


def page_in(language: str) -> str:
    return f"<html><head><title>x</title></head><body>{f'<p>{TEXTS[language]}</p>' * 3}</body></html>"


@pytest.mark.parametrize(("language", "codec"), LEGACY)
def test_a_page_is_read_in_the_character_set_that_its_header_names(language: str, codec: str) -> None:
    assert decode(page_in(language).encode(codec), codec).text == page_in(language)


@pytest.mark.parametrize(("language", "codec"), LEGACY)
def test_a_page_that_names_no_character_set_is_detected(language: str, codec: str) -> None:
    assert decode(page_in(language).encode(codec)).text == page_in(language)


@pytest.mark.parametrize(("language", "codec"), LEGACY)
def test_a_header_that_says_utf_8_of_something_else_is_not_believed(language: str, codec: str) -> None:
    assert decode(page_in(language).encode(codec), "utf-8").text == page_in(language)


@pytest.mark.parametrize(("language", "codec"), [pair for pair in LEGACY if pair != ("fr", "iso8859-1")])
def test_a_header_that_says_latin_1_of_another_script_is_not_believed(language: str, codec: str) -> None:
    assert decode(page_in(language).encode(codec), "iso-8859-1").text == page_in(language)


def test_a_header_that_says_cyrillic_of_french_is_not_believed() -> None:
    assert decode(page_in("fr").encode("cp1252"), "windows-1251").text == page_in("fr")


@pytest.mark.parametrize("nuls", [50, 1_000, 5_000_000])
def test_text_that_is_said_to_be_utf_8_and_is_stays_text_whatever_its_nuls(nuls: int) -> None:
    assert decode(b"<p>a\0b words\0 here" + b"\0" * nuls, "utf-8").text == "<p>ab words here"


@pytest.mark.parametrize("header", ["iso-8859-1", "windows-1251", "gbk", "shift_jis", "utf-16", "no-such-set", "rot13"])
@pytest.mark.parametrize("language", TEXTS)
def test_valid_utf_8_is_utf_8_whatever_the_header_says(language: str, header: str) -> None:
    assert decode(page_in(language).encode(), header).text == page_in(language)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins_over_the_header(codec: str) -> None:
    assert decode(page_in("ru").encode(codec), "windows-1251").text == page_in("ru")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", TEXTS)
def test_wide_text_without_a_byte_order_mark_is_recognised(language: str, codec: str) -> None:
    assert decode(page_in(language).encode(codec)).text == page_in(language)


def test_the_meta_tag_names_the_character_set_when_the_header_is_silent() -> None:
    text = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=koi8-u"></head><p>її</p></html>'
    assert decode(text.encode("koi8-u")).text == text


def test_a_page_cut_in_the_middle_of_a_character_is_still_utf_8() -> None:
    whole = page_in("ru").encode()
    cut = next(size for size in range(300, 310) if whole[size] & 0xC0 == 0x80)
    assert decode(whole[:cut]).text == whole[:cut].decode("utf-8", "replace")


def test_nuls_controls_and_byte_order_marks_in_the_text_are_taken_out() -> None:
    assert decode(b"a\x00b\x01c\x1bd\x7fe\xef\xbb\xbff").text == "abcdef"


def test_encoded_lone_surrogates_are_taken_out_and_the_rest_is_kept() -> None:
    assert decode("one \ud800two é".encode("utf-8", "surrogatepass")).text == "one two é"


def test_every_kind_of_line_break_becomes_a_newline() -> None:
    assert decode("a\r\nb\rc\u2028d\u2029e\x85f\x0cg".encode()).text == "a\nb\nc\nd\ne\nf\ng"


def test_mojibake_does_not_reach_the_clean_page() -> None:
    clean = cleaned(page_in("ru").encode("cp1251"), "text/html", charset="iso-8859-1")
    assert clean.paragraphs == (TEXTS["ru"],) * 3


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "utf-16", "gbk", "iso-2022-kr", "hz", "\x00", "é"]))
def test_any_bytes_decode_to_visible_text(body: bytes, charset: str | None) -> None:
    text = decode(body, charset).text
    assert visible(text) == text
    assert text.encode().decode() == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\u2028\u2029"), max_size=300))
def test_utf_8_text_comes_through_unchanged(text: str) -> None:
    assert decode(text.encode()).text == visible(text)


def test_many_nuls_behind_a_plain_beginning_make_no_utf_16_either() -> None:
    body = b"<!doctype html><html><body><!--" + b"a\0" * 3000 + b"--><p>The article.</p></body></html>"
    assert decode(body, "utf-8").text == body.replace(b"\0", b"").decode()


@pytest.mark.parametrize("declared", [None, "utf-8"])
@pytest.mark.parametrize("every", [2, 4, 9])
def test_nuls_that_stand_evenly_in_a_page_of_utf_8_make_no_utf_16_of_it(declared: str | None, every: int) -> None:
    body = b"<p>A house by the harbour, with a view of the bridge.</p>" * 40
    spoiled = b"\0".join(body[at : at + every] for at in range(0, len(body), every))
    assert decode(spoiled, declared).text == body.decode()
