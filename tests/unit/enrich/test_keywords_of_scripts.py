"""Keywords of languages that part no words, or write vowels as marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.enrich.keywords import find_keywords
from workers.enrich.repeats import BREAK, repeats

THAI = (
    "สถานการณ์น้ำท่วมในจังหวัดเชียงใหม่เริ่มคลี่คลายลงแล้ว หลังฝนหยุดตกเมื่อวานนี้ ผู้ว่าราชการจังหวัดเชียงใหม่กล่าวว่า "
    "โรงเรียนทุกแห่งจะเปิดตามปกติ และน้ำท่วมครั้งนี้เสียหายไม่มาก"
)
CHINESE = (
    "山里的廊桥在洪水中倒塌了。廊桥建于清代，是全县最老的木桥。吴师傅说，重修廊桥要用一年时间，木料已经备好。"  # noqa: RUF001  (Chinese commas)
    "村民盼望廊桥早日合拢，吴师傅也这样想。他们说，洪水来得太快，没有人想到洪水会冲走廊桥。"  # noqa: RUF001  (likewise)
)
JAPANESE = (
    "港町の駅前にある書店「海風堂」が、百年の歴史に幕を下ろした。店主の佐藤花子さんに客がコーヒーを手渡した。"
    "海風堂は大正時代に開店した。佐藤花子さんは三代目の店主で、コーヒーを好む。"
)
HINDI = (
    "दिल्ली में सोमवार को भारी बारिश हुई और कई इलाकों में पानी भर गया। मौसम विभाग के अनुसार दिल्ली में बारिश का सिलसिला जारी रहेगा। "
    "मौसम विभाग ने लोगों से घर पर रहने की अपील की है।"
)
TAMIL = (
    "சென்னையில் கனமழை காரணமாக பள்ளிகளுக்கு விடுமுறை. கனமழை தொடரும் என்று வானிலை ஆய்வு மையம் தெரிவித்துள்ளது. "
    "வானிலை ஆய்வு மையம் வெளியிட்ட அறிக்கையில் கனமழை நீடிக்கும் என்று கூறப்பட்டுள்ளது."
)


@pytest.mark.parametrize(
    ("language", "text", "some", "none"),
    [
        ("th", THAI, {"จังหวัดเชียงใหม่", "น้ำท่วม"}, {"ยงใหม", "นี้", "ที่"}),
        ("zh", CHINESE, {"廊桥", "吴师傅", "洪水"}, {"的廊", "他们", "没有"}),
        ("ja", JAPANESE, {"海風堂", "佐藤花子", "店主", "コーヒー"}, {"さん", "した"}),
        ("hi", HINDI, {"दिल्ली", "बारिश", "मौसम विभाग"}, {"में", "की"}),
        ("ta", TAMIL, {"கனமழை", "வானிலை ஆய்வு மையம்"}, {"என்று"}),
    ],
)
def test_a_text_has_whole_words_of_its_own_as_keywords(
    language: str, text: str, some: set[str], none: set[str]
) -> None:
    found = set(find_keywords(None, text, language))
    assert some <= found
    assert not none & found
    assert all(word in text for word in found)


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("de", "Mit einem Boot und einem Netz. Es wurde Abend, und es wurde kalt, und das Boot kam.", "Boot"),
        ("es", "Hasta el faro y hasta la costa. Cuando el faro brilla, cuando el faro calla, hasta el mar.", "faro"),
        ("ru", "Мост, который построен, и мост, который упал. Потому что мост стар, и потому что старая река.", "мост"),
    ],
)
def test_words_of_grammar_are_no_keywords(language: str, text: str, word: str) -> None:
    found = {each.lower() for each in find_keywords(f"{word}", text, language)}
    assert not {"einem", "wurde", "hasta", "cuando", "который", "потому"} & found


def test_a_clause_that_is_said_twice_is_no_keyword() -> None:
    clause = "本公司对所刊登的全部内容保留一切权利"
    assert find_keywords(None, f"{clause}。今天天气很好。{clause}。", "zh") == ()


def test_japanese_words_that_stand_side_by_side_are_one() -> None:
    assert "新型コロナウイルス" in find_keywords(None, "新型コロナウイルスの話。新型コロナウイルスは怖い。", "ja")


def test_other_words_of_such_a_text_are_keywords_too() -> None:
    assert "Pagemill" in find_keywords(None, "我们用 Pagemill 读网页。因为 Pagemill 很快。", "zh")


def test_a_row_that_always_goes_on_the_same_way_is_given_at_its_longest() -> None:
    assert dict(repeats(list("abcdxabcdy"), 4)) == {tuple("abcd"): 2}
    assert dict(repeats(["a", "b", BREAK, "a", "b"], 4)) == {("a", "b"): 2}
    assert dict(repeats(["a", BREAK, "b", "a", BREAK, "b"], 4)) == {}


def test_a_row_longer_than_the_longest_is_not_given_in_part() -> None:
    assert dict(repeats(list("abcdexabcdey"), 4)) == {}


@given(st.text(alphabet="abc ", max_size=60), st.integers(min_value=2, max_value=6))
def test_what_is_given_stands_there_as_often_as_is_said(text: str, longest: int) -> None:
    units = [BREAK if char == " " else char for char in text]
    for row, times in repeats(units, longest):
        word = "".join(row)
        assert times == sum(text.startswith(word, place) for place in range(len(text)))
        assert 2 <= len(row) <= longest
        assert times >= 2
