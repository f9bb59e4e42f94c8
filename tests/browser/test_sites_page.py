"""Given a mill with hundreds of sites, then those that stand out are all told, and can be read.

So many sites take a mill long to come by: the page is given the answer that it would have of such a one.
"""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

DAYS = [f"2026-11-{day:02}" for day in range(1, 29)]
STANDINGS = {"failing": 212, "quiet": 2, "poor": 1, "well": 30}


def site(name: str, standing: str, most: int) -> dict[str, Any]:
    """One whose days go from no page to `most`."""
    days = [
        {
            "day": day,
            "site": name,
            "accepted": most * at // 27,
            "searchable": most,
            "dead": 0,
            "dropped": 0,
            "deleted": 0,
        }
        for at, day in enumerate(DAYS)
    ]
    why = None if standing == "well" else "9 of 9 pages died since yesterday, the first of this site"
    return {
        "site": name,
        "standing": standing,
        "why": why,
        "accepted": most,
        "searchable": most,
        "dead": 9,
        "days": days,
    }


def given(page: Page) -> None:
    """A calendar of many sites."""
    sites = [
        site(f"{standing}{n}.example", standing, 10 ** (n % 5))
        for standing, number in STANDINGS.items()
        for n in range(number)
    ]
    body = json.dumps({"days": DAYS, "sites": [*sites, site("*", "well", 38_848)]})
    page.route("**/v1/monitor/sites?days=28", lambda route: route.fulfill(content_type="application/json", body=body))


def test_every_site_that_stands_out_is_counted_and_reached(page: Page) -> None:
    given(page)
    page.goto("/monitor/sites")
    rows = page.get_by_role("table", name="Sites, the last 28 days").get_by_role("rowheader")
    expect(rows).to_have_count(100)
    expect(page.get_by_text("100 of 246 sites are shown.")).to_be_visible()
    page.get_by_role("button", name="✗ failing: 212").click()
    for count in (200, 212):
        page.get_by_role("button", name="More", exact=True).click()
        expect(rows).to_have_count(count)
    expect(page.get_by_role("button", name="More", exact=True)).to_have_count(0)
    page.get_by_role("button", name="! quiet: 2").click()
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("! quiet")


def test_of_all_other_sites_no_standing_is_told_and_no_letters_are_promised(page: Page) -> None:
    given(page)
    page.goto("/monitor/sites")
    page.get_by_role("button", name="✓ well: 31").click()
    others = page.get_by_role("row", name="all others")
    expect(others).not_to_contain_text("well")
    expect(others.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_the_calendar_can_be_read(chromium: Browser, mill: Stack, scheme: str) -> None:
    context = chromium.new_context(base_url=mill.url, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]  # one of two words
    page = context.new_page()
    given(page)
    page.goto("/monitor/sites")
    page.get_by_role("button", name="✓ well: 31").click()
    for level in range(1, 5):
        expect(page.locator(f"td.level-{level}").first).to_be_visible()
    told = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    context.close()
    assert told.violations_count == 0, told.generate_report()


def test_on_a_phone_the_name_the_standing_and_today_are_seen_at_once(chromium: Browser, mill: Stack) -> None:
    context = chromium.new_context(base_url=mill.url, viewport={"width": 390, "height": 800})
    page = context.new_page()
    given(page)
    page.goto("/monitor/sites")
    first = page.get_by_role("table", name="Sites, the last 28 days").get_by_role("row").nth(1)
    for part in (first.get_by_role("rowheader"), first.get_by_text("✗ failing"), first.get_by_role("cell").last):
        expect(part).to_be_in_viewport(ratio=0.9)
    context.close()


@pytest.mark.parametrize("width", [1000, 1280, 1600])
def test_what_a_site_has_in_all_is_seen_beside_today(chromium: Browser, mill: Stack, width: int) -> None:
    page = chromium.new_page(base_url=mill.url, viewport={"width": width, "height": 900})
    given(page)
    page.goto("/monitor/sites")
    row = page.get_by_role("row", name="failing0.example")
    for cell in (row.get_by_role("cell").nth(0), row.get_by_role("cell").nth(1), row.get_by_role("cell").last):
        box = cell.bounding_box()
        assert box is not None
        for place in (box["x"] + 3, box["x"] + box["width"] / 2, box["x"] + box["width"] - 3):
            on_top = "([x, y, cell]) => cell === document.elementFromPoint(x, y)?.closest('td')"
            assert page.evaluate(on_top, [place, box["y"] + box["height"] / 2, cell.element_handle()])
    page.close()
