"""Given a page, then it is shown as its sender wrote it, and what cleaning left out of it is to be seen in it."""

import base64

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.posting import STORY, html
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

CYRILLIC = "Паром между двумя островами снова ходит, сообщили утром. " * 8


def shown(page: Page, mill: Stack, name: str, body: bytes, content_type: str) -> Locator:
    """The original of a page that is posted, once cleaning has told of it."""
    url = f"https://original.example/{name}"
    item = {"url": url, "body": base64.b64encode(body).decode(), "content_type": content_type}
    with mill.client() as client:
        client.post("/v1/pages?wait=searchable&timeout=50", json=item).raise_for_status()
    page.goto(f"/monitor/page?q={url}")
    expect(page.get_by_role("region", name="Dropped")).to_be_visible()
    return page.get_by_role("region", name="Original", exact=True)


def test_a_page_is_read_by_the_charset_of_its_header(page: Page, mill: Stack) -> None:
    body = html("Паром", text=CYRILLIC).encode("windows-1251")
    original = shown(page, mill, "header", body, "text/html; charset=windows-1251")
    expect(original).to_contain_text("Паром между двумя островами")


def test_a_page_is_read_by_the_charset_that_it_names_itself(page: Page, mill: Stack) -> None:
    text = "Das Café öffnet morgen früh wieder seine Türen für alle Gäste der Stadt am Hafen. " * 5
    body = html("Café Übung", text=text).replace("<head>", "<head><meta charset='windows-1252'>").encode("windows-1252")
    expect(shown(page, mill, "meta", body, "text/html")).to_contain_text("Café Übung")


def test_a_page_that_names_none_is_read_as_it_can_be(page: Page, mill: Stack) -> None:
    body = html("Café", text="Das Café öffnet morgen früh wieder seine Türen für alle Gäste am Hafen. " * 5)
    expect(shown(page, mill, "none", body.encode("windows-1252"), "text/html")).to_contain_text("Das Café öffnet")


def test_of_a_page_of_one_line_what_was_left_out_is_struck_through_and_nothing_else(page: Page, mill: Stack) -> None:
    original = shown(page, mill, "minified", html("Minified").replace("\n", "").encode(), "text/html")
    struck = original.locator(".lines del")
    expect(struck).to_have_text(["Home</a> <a href='/a'>About us", "All rights reserved"])
    expect(original.get_by_text(STORY.strip()).first).to_be_visible()
    expect(original.get_by_text("Struck through")).to_be_visible()


def test_a_block_of_several_lines_is_struck_through_to_its_end(page: Page, mill: Stack) -> None:
    body = html("Lines").replace("Home</a> ", "Home</a>\n<i>&uuml;ber</i>\n").encode()
    original = shown(page, mill, "lines", body, "text/html")
    expect(original.locator("#line-3 del")).to_have_text("<i>&uuml;ber</i>")
    expect(original.locator("#line-4 del")).to_have_text("<a href='/a'>About us")
    page.get_by_role("region", name="Dropped").get_by_role("link", name="line 2").click()
    expect(original.locator("#dropped-0")).to_be_visible()


def test_characters_that_turn_the_direction_of_text_are_marks_that_are_seen(page: Page, mill: Stack) -> None:
    body = html("Turned", text=f"Pay to {chr(0x202E)}drow{chr(0x202C)} at the harbour. {STORY * 6}").encode()
    original = shown(page, mill, "turned", body, "text/html")
    expect(original.locator(".turning")).to_have_text(["U+202E", "U+202C"])
    expect(original).to_contain_text("Pay to U+202EdrowU+202C at the harbour.")
