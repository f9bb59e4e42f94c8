"""Given the control room left open, then it goes on showing what the mill does, whatever comes between."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Seen
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

LIVE = re.compile("^Live")
AWAY = re.compile("^✗ The mill does not answer")


def refuse(route: Route) -> None:
    """What a gateway says while no service is behind it."""
    route.fulfill(status=503, content_type="application/problem+json", body="{}")


def hide(page: Page, *, hidden: bool) -> None:
    """What a browser says to a page whose tab is left, or come back to."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_behind_a_gateway_that_was_alone_for_a_while_the_mill_is_found_again(page: Page, seen: Seen) -> None:
    page.route("**/v1/monitor/live", refuse)
    page.goto("/monitor")
    expect(page.get_by_text(AWAY)).to_be_visible()
    expect(page.locator("main.stale")).to_be_visible()  # what it shows is of before, and looks so
    page.unroute("**/v1/monitor/live")
    expect(page.get_by_text(LIVE)).to_be_visible()
    expect(page.locator("main.stale")).to_have_count(0)
    assert all("503" in each for each in seen)
    seen.clear()


def test_however_many_tabs_are_open_the_browser_keeps_connections_for_all_else(chromium: Browser, mill: Stack) -> None:
    context = chromium.new_context(base_url=mill.url)
    tabs = [context.new_page() for _ in range(8)]  # two more than a browser has connections
    for tab in tabs:
        tab.goto("/monitor")
        expect(tab.get_by_text(LIVE)).to_be_visible()
    streams: list[str] = []
    context.on("request", lambda asked: streams.append(asked.url) if asked.url.endswith("/live") else None)
    tabs[0].close()  # it listened for all, and another does now
    tabs[1].evaluate("document.querySelector('main > p').textContent = 'old'")
    expect(tabs[1].get_by_text(LIVE)).to_be_visible()
    assert len(streams) == 1
    context.close()


def test_a_tab_that_nobody_sees_keeps_no_connection_and_shows_what_is_so_once_it_is_seen(
    page: Page, mill: Stack
) -> None:
    ended: list[str] = []
    page.on("requestfailed", lambda asked: ended.append(asked.url.removeprefix(mill.url)))
    page.goto("/monitor")
    expect(page.get_by_text(LIVE)).to_be_visible()
    hide(page, hidden=True)
    page.evaluate("document.querySelector('main > p').textContent = 'old'")
    hide(page, hidden=False)
    expect(page.get_by_text(LIVE)).to_be_visible()
    assert ended == ["/v1/monitor/live"]


def test_a_worker_that_has_fallen_silent_is_shown_as_silent_before_it_is_gone(page: Page, mill: Stack) -> None:
    with mill.client() as client:
        state = client.get("/v1/monitor/state").json()
    silent = datetime.fromisoformat(state["at"]) - timedelta(seconds=30)
    state["workers"][0]["at"] = silent.isoformat()
    body = f"event: state\ndata: {json.dumps(state)}\n\n"
    page.route("**/v1/monitor/live", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    page.goto("/monitor")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=state["workers"][0]["name"]))
    expect(row).to_contain_text("! silent for 30 s")
    expect(page.get_by_text("✓ now")).to_have_count(len(state["workers"]) - 1)


def test_the_past_as_numbers_has_the_highest_of_each_hour(page: Page) -> None:
    begun = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    quiet = {
        "minutes": 1,
        "searchable": 0,
        "died": 0,
        "dead": 0,
        "memory_bytes": 1,
        "documents": 1,
        "workers": 4,
        "intake": "open",
    }
    samples = [
        {"at": (begun + timedelta(minutes=n)).isoformat(), "accepted": 640 if n == 20 else 0, **quiet, "rooms": {}}
        for n in range(90)
    ]
    page.route("**/v1/monitor/history*", lambda route: route.fulfill(json={"samples": samples}))
    page.goto("/monitor")
    figure = page.get_by_role("figure").filter(has_text="Pages a minute")
    figure.get_by_text("As numbers").click()
    expect(figure.get_by_role("row")).to_have_count(3)
    expect(figure.get_by_role("row").nth(1)).to_contain_text("05:00")
    expect(figure.get_by_role("row").nth(1)).to_contain_text("640")
    expect(figure.get_by_role("row").nth(2)).not_to_contain_text("640")
