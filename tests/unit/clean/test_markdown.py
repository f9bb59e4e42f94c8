import pytest

from tests.unit.clean.pages import PARAGRAPHS, cleaned
from workers.clean import CleanLimits
from workers.clean.markdown import read_inline

STORY = "\n\n".join(PARAGRAPHS)
FRONT = """---
canonical: https://news.example/bridge
meta-author: Ann Other and Bo Example
meta-article:published_time: "2025-03-04T10:00:00Z"
meta-og:locale: en_GB
meta-og:site_name: The Daily Example
meta-og:title: The bridge is closed for years | The Daily Example
title: The bridge is closed for years | The Daily Example
---
"""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("**strong** and *weak* and __loud__ and _low_", "strong and weak and loud and low"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"\[email protected\] and \*stars\*", "[email protected] and *stars*"),
        ("a [link](https://a.example/b_(c) 'title') goes on", "a link goes on"),
        ("`code` &amp; <u>under</u><br>line", "code & under line"),
        ("~~gone~~ <https://a.example/x>", "gone https://a.example/x"),
        ("[not a link] (at all)", "[not a link] (at all)"),
    ],
)
def test_inline_signs_are_taken_off(line: str, text: str) -> None:
    assert read_inline(line, markdown=True).text == text


def test_pictures_and_links_are_told_apart() -> None:
    inline = read_inline('[![alt [1]](</a b.png>)](/x "t") and [words](/y)', markdown=True)
    assert inline.images == (("/a b.png", "alt [1]"),)
    assert inline.links == ("/x", "/y")
    assert inline.text == "and words"


def test_front_matter_becomes_fields_with_evidence() -> None:
    clean = cleaned(f"{FRONT}\n# The bridge is closed for years\n\n{STORY}", url=None)
    assert clean.title == "The bridge is closed for years"
    assert clean.authors == ("Ann Other", "Bo Example")
    assert clean.published == "2025-03-04T10:00:00Z"
    assert clean.site_name == "The Daily Example"
    assert clean.canonical_url == "https://news.example/bridge"
    assert clean.language_hint == "en"
    assert clean.evidence["published"].found_in == "front-matter"
    assert clean.paragraphs == PARAGRAPHS
    assert [(entry.reason, entry.line) for entry in clean.dropped] == [("front-matter", 1)]
    assert clean.dropped[0].text == FRONT.strip()


def test_lines_are_counted_with_the_front_matter() -> None:
    clean = cleaned(f"{FRONT}\n[Home](/) [News](/news)\n\n{STORY}")
    assert [entry.line for entry in clean.dropped] == [1, 11]


def test_a_menu_of_links_is_navigation_and_its_links_are_not_listed() -> None:
    menu = "- [Home](/)\n- [News](/news)\n- [Sport](/sport)"
    clean = cleaned(f"{menu}\n\n# The bridge is closed\n\n{STORY} [More](/more)", "text/markdown")
    assert [entry.reason for entry in clean.dropped] == ["navigation"] * 3
    assert clean.links == ("https://news.example/more",)


def test_headings_inside_the_story_are_kept_without_their_signs() -> None:
    clean = cleaned(f"# The bridge\n\n{PARAGRAPHS[0]}\n\n## What the council says ##\n\n{PARAGRAPHS[1]}")
    assert clean.title == "The bridge"
    assert clean.paragraphs == (PARAGRAPHS[0], "What the council says", PARAGRAPHS[1])


def test_pictures_between_the_paragraphs_are_inline_and_those_after_it_are_thumbnails() -> None:
    text = f"{PARAGRAPHS[0]}\n\n![The bridge](/bridge.jpg)\n\n{PARAGRAPHS[1]}\n\n![](/other.jpg)\n"
    clean = cleaned(text, "text/markdown")
    assert [(image.url, image.alt, image.role) for image in clean.images] == [
        ("https://news.example/bridge.jpg", "The bridge", "inline"),
        ("https://news.example/other.jpg", None, "thumbnail"),
    ]
    assert [(entry.text, entry.reason) for entry in clean.dropped] == [("![](/other.jpg)", "thumbnail")]


def test_plain_text_keeps_signs_that_are_no_markup_there() -> None:
    text = "The file is called __init__.py and 5 * 3 * 2 is thirty, said the *author* of the book."
    assert cleaned(text, "text/plain").paragraphs == (text,)


def test_three_hyphens_without_fields_are_no_front_matter() -> None:
    clean = cleaned(f"---\n{STORY}", "text/markdown")
    assert clean.paragraphs == PARAGRAPHS
    assert clean.dropped[0].reason == "separator"


def test_a_picture_that_cannot_be_listed_is_dropped_with_a_reason_of_its_own() -> None:
    data, relative = "![a](data:image/gif;base64,R0lGOD)", "![b](/b.png)"
    clean = cleaned(f"{PARAGRAPHS[0]}\n\n{data}\n\n{PARAGRAPHS[1]}\n\n{relative}", "text/markdown", url=None)
    assert clean.images == ()
    assert [(entry.text, entry.reason) for entry in clean.dropped] == [
        (data, "unlisted-picture"),
        (relative, "unlisted-picture"),
    ]


def test_more_pictures_than_the_limit_are_dropped_and_not_lost() -> None:
    pictures = "\n".join(f"![](/{number}.png)" for number in range(5))
    clean = cleaned(f"{STORY}\n\n{pictures}", "text/markdown", limits=CleanLimits(max_images=3))
    assert len(clean.images) == 3
    assert [entry.reason for entry in clean.dropped] == ["thumbnail"] * 3 + ["unlisted-picture"] * 2
