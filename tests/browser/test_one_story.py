"""Given a running mill and a real browser, then one story is told from a post to a document that is read."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Seen
from tests.browser.texts import unlike
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

NAMES = ("Alder", "Birch", "Cedar", "Elder", "Hazel", "Larch", "Maple", "Rowan", "Spruce", "Willow", "Yew", "Hornbeam")


def article(name: str, number: int) -> dict[str, Any]:
    return {
        "url": f"https://forest{number % 2}.example/{name.lower()}",
        "title": f"{name} in the arboretum",
        "content": f"<html><head><title>{name}</title></head><body><article><h1>{name} in the arboretum</h1>"
        f"<p>The {name} was planted {number} years ago. {unlike(100 + number)}</p></article></body></html>",
        "language": "en",
        "published": f"20{10 + number}-06-01",
        "source": "foresters",
    }


def test_pages_are_posted_seen_to_arrive_mended_searched_and_read(page: Page, mill: Stack, seen: Seen) -> None:
    page.goto("/monitor")
    expect(page.get_by_text(re.compile("^Live"))).to_be_visible()
    before = mill.ledger()
    broken = {
        "url": "https://forest0.example/oak",
        "content": "<html><head><title>Oak</title></head><body></body></html>",
    }
    with mill.client() as client:
        pages = [article(name, number) for number, name in enumerate(NAMES)]
        told = client.post("/v1/pages/batch", json=[*pages, broken]).raise_for_status().json()
    assert (told["accepted"], told["rejected"]) == (13, 0)

    # They arrive; one does not.
    expect(page.get_by_text(f"searchable {before['searchable'] + 12:,}")).to_be_visible()
    expect(page.get_by_text(f"dead {before['dead'] + 1:,}")).to_be_visible()
    expect(page.get_by_text("every page is somewhere")).to_be_visible()

    # It is mended, and goes its way.
    page.goto("/monitor/letters?site=forest0.example")
    page.get_by_role("link", name="https://forest0.example/oak").click()
    page.get_by_label("Content").fill(article("Oak", 12)["content"])
    page.get_by_label("Title").fill("Oak in the arboretum")
    page.get_by_role("button", name="Send it, mended …").click()
    page.get_by_role("dialog").get_by_role("button", name="Send it").click()
    expect(page.get_by_role("status")).to_have_text("Sent as a new version of the page.")
    mill.drained()

    # They are found, narrowed, and paged through.
    page.goto("/monitor")
    page.goto("/")
    page.get_by_label("Search", exact=True).press_sequentially("arboretum", delay=20)
    expect(page.locator("#told")).to_have_text(re.compile("^13 pages"))
    page.locator("#facet-site").get_by_role("checkbox", name="forest0.example").check()
    expect(page.locator("#told")).to_have_text(re.compile("^7 pages"))
    expect(page.get_by_role("link", name="Oak in the arboretum")).to_be_visible()
    page.get_by_role("list", name="Narrowed by").get_by_role("link", name="forest0.example").click()
    page.get_by_role("link", name="More pages").click()
    expect(page.locator(".hit")).to_have_count(13)

    # And the one that was broken is read.
    page.get_by_role("link", name="Oak in the arboretum").click()
    expect(page.get_by_role("article")).to_contain_text("The Oak was planted 12 years ago.")
    expect(page.get_by_role("heading", name="Similar")).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    expect(page).to_have_url(re.compile(r"/\?q=arboretum$"))
    assert mill.ledger()["balanced"]
    assert seen == []
