import pytest

from shared.models.raw_page import ContentType
from workers.clean.detect import kind_of

PAGE = "<!DOCTYPE html>\n<html><head><title>x</title></head><body><p>Words.</p></body></html>"


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        f"\n  <!-- made by hand -->\n{PAGE}",
        f'<?xml version="1.0" encoding="utf-8"?>\n{PAGE}',
        "<HTML><BODY>words</BODY></HTML>",
        "<div class=story><p>One.</p><p>Two.</p></div>",
        "words first\n" + "<p>one of many paragraphs</p>\n" * 30,
    ],
)
def test_html_is_recognised(text: str) -> None:
    assert kind_of(text, None) == "html"


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\nA paragraph with **strong** words.",
        "---\ntitle: x\n---\n\n[Home](/) and ![a picture](/a.png)",
        "![](https://a.example/1.png)\nA headline\n- News",
    ],
)
def test_markdown_is_recognised_by_two_of_its_signs(text: str) -> None:
    assert kind_of(text, None) == "markdown"


@pytest.mark.parametrize(
    "text",
    [
        "Just words.\n\nAnd more of them.",
        "if a < b and b > c: pass",
        "He wrote <sic> and went on.",
        "A line with one <br> tag and <u>two</u> more.",
        "- one item\n- another item",
        "",
    ],
)
def test_the_rest_is_text(text: str) -> None:
    assert kind_of(text, None) == "text"


@pytest.mark.parametrize("declared", ["text/plain", "text/markdown"])
def test_a_whole_html_document_is_html_whatever_it_is_called(declared: ContentType) -> None:
    assert kind_of(PAGE, declared) == "html"


def test_html_without_a_tag_is_text() -> None:
    assert kind_of("Just words, and 1 < 2.", "text/html") == "text"


def test_a_fragment_that_is_called_text_stays_text() -> None:
    assert kind_of("<div>an example</div>\n<div>of markup</div>", "text/plain") == "text"
