import pytest

from tests.unit.clean.pages import PARAGRAPHS, SENTENCE, cleaned
from workers.clean import CleanLimits

STORY = "\n\n".join(PARAGRAPHS)


def reasons(text: str) -> dict[str, str]:
    return {entry.text: entry.reason for entry in cleaned(text, "text/plain").dropped}


def test_a_short_text_is_kept_whole() -> None:
    clean = cleaned("Hello world", "text/plain")
    assert (clean.title, clean.paragraphs, clean.dropped) == (None, ("Hello world",), ())


def test_a_story_without_headline_has_none() -> None:
    clean = cleaned(STORY, "text/plain")
    assert (clean.title, clean.standfirst, clean.paragraphs) == (None, None, PARAGRAPHS)


def test_menus_before_and_after_the_story_are_dropped() -> None:
    menu = "Home\nNews\nSport\nWeather\nContact us"
    clean = cleaned(f"{menu}\n\nThe bridge is closed for years\n\n{STORY}\n\nTop of page\nImprint", "text/plain")
    assert clean.title == "The bridge is closed for years"
    assert clean.paragraphs == PARAGRAPHS
    assert [entry.line for entry in clean.dropped] == [1, 2, 3, 4, 5, 17, 18]


def test_byline_and_day_over_the_story_become_fields() -> None:
    clean = cleaned(f"The bridge is closed for years\n\nBy Ann Other and Bo Example\nMarch 4, 2025\n\n{STORY}")
    assert clean.authors == ("Ann Other", "Bo Example")
    assert clean.published == "2025-03-04"
    assert clean.evidence["published"].found_in == "byline"
    assert [entry.reason for entry in clean.dropped] == ["byline", "byline"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("4 March 2025", "2025-03-04"),
        ("Mar 4th, 2025", "2025-03-04"),
        ("2025-03-04", "2025-03-04"),
        ("4.3.2025", "2025-03-04"),
        ("31 February 2025", None),
        ("4 March 2031", None),
        ("45.13.2025", None),
    ],
)
def test_days_are_read_as_people_write_them_and_never_after_the_fetch(written: str, day: str | None) -> None:
    assert cleaned(f"The bridge is closed for years\n\n{written}\n\n{STORY}").published == day


def test_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "The council decided on Monday that the old bridge over the\n"
        "river will be closed for two years. Drivers will have to go\n"
        "around by the northern road, which takes them twenty minutes\n"
        "longer than before.\n"
    )
    assert cleaned(wrapped).paragraphs == (" ".join(wrapped.split()),)


def test_lines_that_are_sentences_of_their_own_are_not_joined() -> None:
    assert cleaned("\n".join(PARAGRAPHS)).paragraphs == PARAGRAPHS


def test_a_list_that_the_story_announces_belongs_to_it() -> None:
    clean = cleaned(f"{STORY}\n\nThree roads stay open:\n\n- the northern road\n- the tunnel\n- the ferry")
    assert clean.paragraphs[-3:] == ("- the northern road", "- the tunnel", "- the ferry")


def test_one_item_after_the_last_sentence_is_another_story() -> None:
    other = "- The ferry was full on Tuesday, and many of the passengers had to wait for hours."
    assert reasons(f"{STORY}\n{other}") == {other: "related"}


def test_what_readers_wrote_is_dropped_as_comments() -> None:
    comment = "I live next to the bridge, and nobody asked me whether it should be closed for so long."
    clean = cleaned(f"{STORY}\n\n{STORY}\n\n2 Comments\n\n{comment}", "text/plain")
    assert comment not in clean.paragraphs
    assert [entry.reason for entry in clean.dropped if entry.text == comment] == ["comments"]


def test_a_text_of_chinese_is_kept() -> None:
    story = "国务院总理星期一在北京会见了来访的外国代表团，双方就经济合作问题交换了意见。会谈在友好的气氛中进行。"  # noqa: RUF001  (Chinese)
    clean = cleaned(f"首页\n新闻\n\n总理会见外国代表团\n\n{story}\n{story}\n\n版权所有")
    assert clean.paragraphs == (story, story)


def test_a_text_longer_than_the_limit_says_both_lengths() -> None:
    clean = cleaned(STORY, limits=CleanLimits(text_max_chars=150))
    assert clean.clipped is not None
    assert (clean.clipped.kept, clean.clipped.original) == (150, len(STORY))
    assert clean.text == STORY[:150]


def test_a_text_at_the_limit_is_whole() -> None:
    assert cleaned(STORY, limits=CleanLimits(text_max_chars=len(STORY))).clipped is None


def test_a_cut_inside_the_gap_between_paragraphs_leaves_no_empty_one() -> None:
    clean = cleaned(STORY, limits=CleanLimits(text_max_chars=len(PARAGRAPHS[0]) + 1))
    assert clean.paragraphs == PARAGRAPHS[:1]
    assert clean.clipped is not None
    assert clean.clipped.kept == len(PARAGRAPHS[0])


def test_a_page_of_too_many_lines_is_taken_as_it_is() -> None:
    clean = cleaned("one\ntwo\n\nthree\n" * 20, "text/plain", limits=CleanLimits(max_lines=50))
    assert clean.paragraphs[0] == "one two"
    assert clean.extractor == "pagemill-text-as-it-is"


def test_more_dropped_lines_than_the_limit_share_entries_and_none_is_lost() -> None:
    menu = [f"Menu {n}" for n in range(100)]
    clean = cleaned("\n".join(menu) + "\n\n" + STORY, "text/plain", limits=CleanLimits(max_dropped=5))
    assert len(clean.dropped) <= 5
    assert {line for entry in clean.dropped for line in entry.text.split("\n")} == set(menu)


def test_a_sentence_said_twice_in_a_story_is_kept_twice() -> None:
    text = f"{SENTENCE}\n\n{PARAGRAPHS[1]}\n\n{SENTENCE}"
    assert cleaned(text).paragraphs == (SENTENCE.strip(), PARAGRAPHS[1], SENTENCE.strip())


def test_the_words_to_a_picture_are_no_byline_and_a_footer_under_comments_is_no_comment() -> None:
    comment = "I live next to the bridge, and nobody asked me whether it should be closed for so long."
    under = f"2 Comments\n\n{comment}\n\n© 2024 Coast Courier Ltd. All rights reserved.\n\nTerms\n\nPrivacy"
    over = "A bridge of iron\n\nBy Ann Other, photos: Bo Stone\n\nThe bridge on Monday. Photograph: Bo Stone/Agency"
    told = reasons(f"{over}\n\n{STORY}\n\n{STORY}\n\n{under}")
    assert told["By Ann Other, photos: Bo Stone"] == "byline"
    assert told["The bridge on Monday. Photograph: Bo Stone/Agency"] == "caption"
    assert told[comment] == "comments"
    assert (told["Terms"], told["Privacy"]) == ("navigation", "navigation")
