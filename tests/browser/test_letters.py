"""Given dead letters, then the control room shows them at a glance, and says of each deed what became of it."""

import re
from base64 import b64encode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Seen
from tests.browser.posting import STORY, dead
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.usefixtures("tidy")]


def many(mill: Stack, sites: int) -> None:
    """A page that dies of each of so many sites."""
    pages = [
        {"url": f"https://many{n}.example/", "content": f"<html><body><!-- {n} --></body></html>"} for n in range(sites)
    ]
    with mill.client() as client:
        client.post("/v1/pages/batch", json=pages).raise_for_status()
    mill.drained()


@pytest.mark.parametrize(("verb", "told"), [("Send again", "1 of 1 sent again."), ("Discard", "1 of 1 let go.")])
def test_what_was_done_to_a_letter_is_told_in_its_place(page: Page, mill: Stack, verb: str, told: str) -> None:
    letter = dead(mill, f"https://one.example/{verb[0]}")
    page.goto(f"/monitor/letters?id={letter}")
    page.get_by_role("button", name=f"{verb} …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 dead letter is meant")
    dialog.get_by_label("Reason").fill("a try")
    dialog.get_by_role("button", name=verb).click()
    expect(page.get_by_role("heading", name=told)).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("link", name="Where it is now")).to_be_visible()
    mill.drained()


def test_of_a_letter_that_is_gone_meanwhile_no_deed_is_offered_again(page: Page, mill: Stack) -> None:
    letter = dead(mill, "https://gone.example/1")
    page.goto(f"/monitor/letters?id={letter}")
    again = page.get_by_role("button", name="Send again …")
    expect(again).to_be_visible()  # the page has read the letter
    with mill.client() as client:
        client.post("/v1/dead-letters/discard", json={"ids": [letter], "note": "by another"}).raise_for_status()
    again.click()
    page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="Nothing was done")).to_be_focused()
    expect(page.get_by_role("button", name="Discard …")).to_have_count(0)


def test_a_reason_of_blanks_is_none(page: Page, mill: Stack) -> None:
    page.goto(f"/monitor/letters?id={dead(mill, 'https://blank.example/1')}")
    page.get_by_role("button", name="Discard …").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("   ")
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_role("alert")).to_contain_text("A reason is needed")


def test_a_letter_in_another_character_set_is_read_and_mended(page: Page, mill: Stack) -> None:
    body = "<html><head><title>Zürich</title></head><body></body></html>".encode("windows-1252")
    sent = {"url": "https://old.example/1", "content_type": "text/html; charset=windows-1252"}
    with mill.client() as client:
        told = client.post("/v1/pages?wait=searchable&timeout=50", json={**sent, "body": b64encode(body).decode()})
        letter = told.raise_for_status().json()["id"]
    page.goto(f"/monitor/letters?id={letter}")
    content = page.get_by_label("Content, read as windows-1252")
    expect(content).to_have_value(re.compile("<title>Zürich</title>"))
    content.fill(f"<title>Zürich</title><p>Grüße. {STORY * 6}</p>")
    page.get_by_role("button", name="Send it, mended …").click()
    page.get_by_role("dialog").get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="Sent as a new version of the page.")).to_be_visible()
    mill.drained()
    with mill.client() as client:
        assert "Grüße." in client.get(f"/v1/documents/{letter}").json()["text"]


def test_letters_of_many_sites_are_told_by_the_largest_and_more_of_them_on_request(
    page: Page, mill: Stack, seen: Seen
) -> None:
    many(mill, 55)
    page.goto("/monitor/letters?reason=no-text")
    sites, letters = page.get_by_role("table", name="By site"), page.get_by_role("table", name="Newest first")
    expect(sites.get_by_role("rowheader")).to_have_count(10)
    box = letters.bounding_box()
    assert box is not None
    assert box["y"] < 900
    page.get_by_role("button", name="45 more, 45 dead letters").click()
    expect(sites.get_by_role("rowheader")).to_have_count(55)
    page.route(re.compile("cursor="), lambda route: route.fulfill(status=503, body="{}"))
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("503")
    page.unroute(re.compile("cursor="))
    seen.clear()
    page.get_by_role("button", name="More", exact=True).click()
    expect(letters.get_by_role("rowheader")).to_have_count(55)
    expect(page.get_by_role("alert")).to_have_count(0)
    sites.get_by_role("link", name="many7.example").click()
    expect(page.get_by_text("1 dead letter: reason no-text, site many7.example.")).to_be_visible()


def test_a_filter_that_cannot_be_leaves_the_form(page: Page, seen: Seen) -> None:
    page.goto("/monitor/letters?stage=attic")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("combobox", name="Room").select_option("solo")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("dead letters: room solo.")).to_be_visible()
    assert page.url.endswith("/monitor/letters?stage=solo")
    seen.clear()


def test_on_a_phone_no_word_of_letters_and_deeds_is_broken(chromium: Browser, mill: Stack) -> None:
    letter = dead(mill, "https://phone-letters.example/1")
    with mill.client() as client:
        client.post("/v1/dead-letters/discard", json={"ids": [letter], "note": "an empty shell"}).raise_for_status()
    dead(mill, "https://phone-letters.example/2")
    context = chromium.new_context(base_url=mill.url, viewport={"width": 390, "height": 800})
    page = context.new_page()
    for view, cells in (("letters", (1, 2, 5)), ("audit", (1, 3, 6))):
        page.goto(f"/monitor/{view}")
        row = page.get_by_role("table", name="Newest first").get_by_role("row").nth(1)
        expect(row).to_be_visible()
        for cell in cells:
            lines = (
                row.locator("th, td")
                .nth(cell)
                .evaluate(
                    "cell => { const r = document.createRange(); r.selectNodeContents(cell);"
                    " return new Set([...r.getClientRects()].map(box => Math.round(box.top))).size; }"
                )
            )
            assert lines == 1
    context.close()


def test_a_list_that_is_open_says_when_there_are_others_and_shows_them_when_asked(page: Page, mill: Stack) -> None:
    dead(mill, "https://list.example/1")
    page.goto("/monitor/letters?site=list.example")
    expect(page.get_by_text("1 dead letter: site list.example.")).to_be_visible()
    dead(mill, "https://list.example/2")
    expect(page.get_by_text("The letters have changed: there are 2 dead letters now.")).to_be_visible()
    expect(page.get_by_role("link", name="https://list.example/2")).to_have_count(0)
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_role("link", name="https://list.example/2")).to_be_visible()
    expect(page.get_by_text("The letters have changed")).to_have_count(0)


def test_a_receipt_tells_of_a_letter_that_was_let_go_as_of_a_deed(page: Page, mill: Stack, seen: Seen) -> None:
    letter = dead(mill, "https://letgo.example/1")
    with mill.client() as client:
        client.post("/v1/dead-letters/discard", json={"ids": [letter], "note": "no story in it"}).raise_for_status()
    page.goto(f"/monitor/page?q={letter}")
    steps = page.locator(".timeline li")
    expect(steps.filter(has_text="the dead letter was let go")).to_contain_text("no story in it")
    expect(steps.filter(has_text="after waiting")).to_have_count(1)  # clean, where it died
    expect(page.get_by_role("alert")).to_be_visible()  # there is nothing to clean
    assert all("404" in each or "422" in each for each in seen)
    seen.clear()
