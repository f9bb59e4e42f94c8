"""Given a page as mail, a reading service, a browser for terminals or a printer dumps it, then its story is told."""

import pytest

from tests.unit.clean.pages import PARAGRAPHS, SENTENCE, cleaned
from workers.clean.lines import read_lines

STORY = "\n\n".join(PARAGRAPHS)
READER = f"""Title: The old bridge is closed

URL Source: https://news.example/2025/bridge

Published Time: 2025-03-04T09:30:00+01:00

Markdown Content:
[Home](https://news.example/) [News](https://news.example/news)

The old bridge is closed
========================

{STORY}
"""
MAIL = f"""From: =?utf-8?q?Z=C3=BCrich_Post?= <news@post.example>
To: you@reader.example
Subject: The old bridge
 is closed
Date: Tue, 04 Mar 2025 09:30:00 +0100

View this email in your browser: https://post.example/mail/1

{STORY}

You receive this email because you signed up at post.example.
"""
TERMINAL = f"""   #[1]Harbour Post RSS

     * [2]Home
     * [3]News

                 The old bridge is closed

   By [4]Ann Other
   4 March 2025

   {PARAGRAPHS[0].replace("old bridge", "old [5]bridge")}

   {PARAGRAPHS[1]}

   [6]Privacy [7]Imprint

References

   Visible links
   1. https://news.example/rss
   2. https://news.example/
   3. https://news.example/news
   4. https://news.example/other
   5. https://news.example/bridge
   6. https://news.example/privacy
   7. https://news.example/imprint
"""


def test_what_a_reading_service_writes_over_a_page_becomes_its_fields() -> None:
    clean = cleaned(READER, "text/markdown", url=None)
    assert (clean.title, clean.paragraphs) == ("The old bridge is closed", PARAGRAPHS)
    assert (clean.published, clean.canonical_url) == ("2025-03-04T08:30:00Z", "https://news.example/2025/bridge")
    assert [entry.reason for entry in clean.dropped] == ["front-matter", "navigation"]


def test_a_page_without_its_own_headline_has_the_title_that_its_reader_gives() -> None:
    clean = cleaned(READER.replace("The old bridge is closed\n=", "\n="), "text/markdown", url=None)
    assert (clean.title, clean.paragraphs) == ("The old bridge is closed", PARAGRAPHS)


def test_the_head_of_a_mail_becomes_fields() -> None:
    clean = cleaned(MAIL, "text/plain", url=None)
    assert (clean.title, clean.authors) == ("The old bridge is closed", ("Zürich Post",))
    assert (clean.published, clean.paragraphs) == ("2025-03-04T08:30:00Z", PARAGRAPHS)
    assert [entry.reason for entry in clean.dropped] == ["front-matter", "boilerplate", "boilerplate"]


@pytest.mark.parametrize("opening", ["Title: a word about it", "Note: this is\nDate: 2025-01-01", "Date: 1\nTo: you"])
def test_lines_with_a_colon_are_no_fields_without_a_title_and_another(opening: str) -> None:
    clean = cleaned(f"{opening}\n\n{STORY}", "text/plain", url=None)
    assert "front-matter" not in {entry.reason for entry in clean.dropped}


def test_fields_alone_are_a_page_by_themselves() -> None:
    clean = cleaned("Title: The bridge\nAuthor: Ann Other\n", "text/plain", url=None)
    assert clean.paragraphs == ("Title: The bridge", "Author: Ann Other")


def test_numbers_of_links_are_taken_out_where_their_addresses_are_listed() -> None:
    clean = cleaned(TERMINAL, "text/plain", url=None)
    assert (clean.title, clean.authors, clean.published) == ("The old bridge is closed", ("Ann Other",), "2025-03-04")
    assert clean.paragraphs == PARAGRAPHS[:2]
    assert "https://news.example/bridge" in clean.links
    assert {entry.reason for entry in clean.dropped if entry.text.startswith(("1.", "7.", "Vis"))} == {"markup"}


def test_numbers_in_brackets_stay_where_they_are_notes() -> None:
    noted = f"{SENTENCE.strip()} So it was said in the year before[1], and again[2] by others[3] since."
    notes = "1. The council's own report of the year.\n2. A letter to the paper.\n3. What was heard."
    assert cleaned(f"{noted}\n\n{STORY}\n\n{notes}", "text/plain", url=None).paragraphs[0] == noted


@pytest.mark.parametrize(("sign", "level"), [("=", 1), ("-", 2)])
def test_a_line_over_a_row_of_signs_is_a_heading(sign: str, level: int) -> None:
    heading = f"The second part\n{sign * 15}"
    page = f"# The bridge\n\n{STORY}\n\n{heading}\n\n{STORY}"
    clean = cleaned(page, "text/markdown", url=None)
    assert "The second part" in clean.paragraphs
    assert sign * 15 not in "".join(clean.paragraphs)
    (line,) = (line for line in read_lines(page, markdown=True) if line.text == "The second part")
    assert (line.shape, line.level) == ("heading", level)


def test_a_rule_under_a_paragraph_makes_it_no_heading() -> None:
    clean = cleaned(f"# The bridge\n\n{PARAGRAPHS[0]}\n---\n{PARAGRAPHS[1]}\n\n{STORY}", "text/markdown", url=None)
    assert clean.title == "The bridge"
    assert clean.paragraphs[0] == PARAGRAPHS[0]


def test_words_that_were_cut_at_the_end_of_a_line_are_whole_again() -> None:
    printed = (
        "The harbour authority looks back on a year in which more ships than ever be-\n"
        "fore called at the islands. Of these some three hundred came from the sea-\n"
        "and airports of the north, and the others were counted by hand in the aut-\n"
        "umn, when the quay was finished two months ahead of the plan that was made."
    )
    (paragraph,) = cleaned(printed, "text/plain", url=None).paragraphs
    assert "ever before called" in paragraph
    assert "the sea- and airports" in paragraph
    assert "in the autumn" in paragraph


def test_what_stands_on_each_sheet_is_left_out() -> None:
    sheets = [f"Annual report of the harbour 2025          Page {n} of 4\n\n{PARAGRAPHS[n - 1]}\n" for n in range(1, 5)]
    clean = cleaned("\n".join(sheets), "text/plain", url=None)
    assert clean.paragraphs == PARAGRAPHS
    assert [entry.reason for entry in clean.dropped] == ["repeated"] * 4


def test_steps_that_are_counted_stay() -> None:
    steps = "\n\n".join(f"Step {n}\n\n{paragraph}" for n, paragraph in enumerate(PARAGRAPHS, 1))
    assert [text for text in cleaned(steps, "text/plain", url=None).paragraphs if text.startswith("Step")] != []


def test_a_picture_between_the_headline_and_the_story_is_the_storys() -> None:
    picture = "![The bridge](https://news.example/bridge.jpg)\n\nThe bridge. Photo: J. Moor"
    clean = cleaned(f"# The bridge is closed\n\nBy Ann Other\n\n{picture}\n\n{STORY}", "text/markdown", url=None)
    assert [(image.url, image.role) for image in clean.images] == [("https://news.example/bridge.jpg", "inline")]


LONG = tuple(SENTENCE.replace("two", str(years)).strip() for years in range(10, 30))
"""A story of 20 paragraphs."""
THAI = (
    "สภาเมืองเชียงใหม่ลงมติเมื่อคืนวันจันทร์ให้เปิดสระว่ายน้ำของเมืองต่อไปอย่างน้อยจนถึงปลายฤดูใบไม้ผลิหน้า",
    "ผลการลงคะแนนคือเจ็ดต่อห้าหลังจากการอภิปรายสามชั่วโมง ซึ่งมีประชาชนมากกว่าสี่สิบคนลุกขึ้นพูดในห้องประชุม",
    "ค่าทำความร้อนของสระทำให้เมืองเสียเงินสามแสนหนึ่งหมื่นบาทต่อปี มากเป็นสองเท่าของเมื่อปีที่ซื้อหม้อไอน้ำ",
)


def test_a_story_in_thai_is_cut_out_though_its_sentences_have_no_end_and_its_words_no_gaps() -> None:
    page = (
        "หน้าแรก\nกีฬา\nวัฒนธรรม\n\nสระว่ายน้ำยังเปิดต่อไป\n\nโดย สมชาย ใจดี\n3 มีนาคม 2568\n\n"
        + "\n\n".join(THAI)
        + "\n\nข่าวที่เกี่ยวข้อง\nค่าทำความร้อนของสระ\nผลการลงคะแนน\n\nความคิดเห็น\n\n© 2025"
    )
    clean = cleaned(page, "text/plain", url=None)
    assert (clean.title, clean.authors) == ("สระว่ายน้ำยังเปิดต่อไป", ("สมชาย ใจดี",))
    assert (clean.published, clean.paragraphs) == ("2025-03-03", THAI)


@pytest.mark.parametrize(
    "line",
    [
        "Responses to the plan",
        "Related costs",
        "More on the roof",
        "Trending upward",
        "Comments on the plan close on Friday.",
        "Replies came fast.",
        "Recommended dose: two laps.",
    ],
)
@pytest.mark.parametrize("markdown", [True, False])
def test_a_heading_or_sentence_that_only_begins_as_an_announcement_ends_no_story(line: str, *, markdown: bool) -> None:
    written = f"## {line}" if markdown and not line.endswith(".") else line
    page = "\n\n".join(("# The bridge" if markdown else "The bridge", *LONG[:17], written, *LONG[17:]))
    clean = cleaned(page, "text/markdown" if markdown else "text/plain", url=None)
    assert (line in clean.paragraphs, len(clean.paragraphs)) == (True, 21)


@pytest.mark.parametrize("heading", ["Related stories", "Responses", "3 Comments", "More from the harbour"])
def test_an_announcement_of_other_stories_or_of_readers_ends_the_story(heading: str) -> None:
    other = "Ann Other\n2 hours ago\nWell said, I have always thought so myself and told them.\nReply"
    page = "\n\n".join(("The bridge", *LONG, heading, other))
    assert cleaned(page, "text/plain", url=None).paragraphs == LONG


def test_a_story_about_privacy_keeps_its_sentences_and_a_site_that_speaks_of_its_own_does_not() -> None:
    own = "The company's privacy policy told users nothing about the sale of what they had written, the ruling said."
    sites = "We and our partners keep data as our privacy policy says, and you can change that whenever you like to."
    clean = cleaned("\n\n".join(("The bridge", *LONG[:9], own, *LONG[9:], sites)), "text/plain", url=None)
    assert own in clean.paragraphs
    assert sites not in clean.paragraphs
    assert {entry.text: entry.reason for entry in clean.dropped}[sites] == "boilerplate"


POLICY = (
    "This privacy policy explains how Harbour Books Ltd collects and uses the personal data of people who visit it.",
    "We collect the name, address and email address that you give us when you place an order with us.",
    "Our website uses cookies to remember what is in your basket. You can refuse them in your browser.",
    "You may ask us at any time what we know about you. Changes to our privacy policy are told on this page.",
)


def test_a_page_that_is_a_sites_policy_is_whole() -> None:
    rights = "© 2025 Harbour Books Ltd. All rights reserved."
    page = "\n\n".join(("Home\nAbout\nContact", "Privacy Policy", "Last updated: 4 March 2025", *POLICY, rights))
    clean = cleaned(page, "text/plain", url=None)
    assert (clean.title, clean.paragraphs) == ("Privacy Policy", POLICY)
    assert clean.dropped[-1].reason == "boilerplate"


MENU = "Home\nNews\nSport\nCulture\nShop\n\n"
FOOT = "\n\nRelated stories\n\nEel prices at record\n\nContact us\n\n© 2025 Example"
PARTS = {
    "a recipe": (
        *("Ingredients", "200 g red lentils", "1 onion", "Salt", "Method", "Rinse the lentils under water."),
        *("Chop the onion and fry it in oil.", "Simmer it for twenty minutes."),
    ),
    "a list of results": ("1. Kolberg 12:01", "2. Leba 12:09", "3. Hel 13:02", LONG[1]),
    "questions": ("Is there a sauna?", "There is one on the first floor.", "What next?", "We wait."),
}


@pytest.mark.parametrize("name", PARTS)
def test_what_goes_on_behind_a_list_or_in_short_sentences_is_the_storys(name: str) -> None:
    page = MENU + "The hall by the river\n\n" + "\n\n".join((*LONG[2:5], *PARTS[name])) + FOOT
    clean = cleaned(page, "text/plain", url=None)
    assert clean.paragraphs == (*LONG[2:5], *PARTS[name])


def test_of_a_page_of_short_sentences_these_are_kept_and_not_its_menu() -> None:
    said = ("The council voted to keep the pool.", "It opens on Monday.")
    clean = cleaned(f"{MENU}Pool stays open\n\n{said[0]}\n\n{said[1]}{FOOT}", "text/plain", url=None)
    assert clean.paragraphs == said


@pytest.mark.parametrize("markdown", [True, False])
def test_lists_in_lists_keep_their_levels(*, markdown: bool) -> None:
    listed = "- first of these\n  - one within it\n    1. and one within that\n- second of these\n\t* in a tab"
    page = f"{'# ' if markdown else ''}The bridge\n\n{STORY}\n\n{listed}\n\n{LONG[0]}\n\n{LONG[1]}"
    clean = cleaned(page, "text/markdown" if markdown else "text/plain", url=None)
    assert clean.paragraphs[4:9] == (
        "- first of these",
        "  - one within it",
        "    1. and one within that",
        "- second of these",
        "  - in a tab",
    )


ANSWER = (
    "The fees for the winter moorings have gone up by ten per cent this year, which is",
    "more than anybody expected when the council met in January.",
    "I have written to the council about this and have had no answer so far. They say",
    "that they are looking into it and will come back to us.",
    "I have had an answer this morning: the fees will stay as they are until the council has",
    "met again in May, and whoever has paid more will get the difference back.",
)


def test_what_an_answer_quotes_is_whole_again_and_its_day_is_not_the_answers() -> None:
    first, second, third, fourth, fifth, sixth = ANSWER
    quoted = f">> {first}\n>> {second}\n>\n> {third}\n> {fourth}"
    mail = f"Re: Mooring fees\n\nOn 4 March 2025 Ann Other wrote:\n\n{quoted}\n\n{fifth}\n{sixth}\n"
    clean = cleaned(mail, "text/plain", url=None)
    assert clean.published is None
    assert clean.paragraphs == (f">> {first} {second}", f"> {third} {fourth}", f"{fifth} {sixth}")
