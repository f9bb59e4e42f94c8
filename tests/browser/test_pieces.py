"""Given what the views are made of, then figures and messages are told as they are."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def told(page: Page, module: str, call: str) -> Any:
    """What an expression gives, with a module of the control room as `m`."""
    return page.evaluate(f"async () => {{ const m = await import('/monitor/static/{module}.js'); return {call}; }}")


def test_durations_are_told_in_the_unit_that_says_them_best(page: Page) -> None:
    page.goto("/monitor/audit")
    values = [0, 0.0004, 0.25, 0.9996, 1.5, 59.96, 90, 100, 150, 5400, 9000, 100_000, 200_000]
    assert told(page, "dom", f"{values}.map(m.seconds)") == [
        *("0 s", "< 1 ms", "250 ms", "1 s", "1.5 s", "60 s", "90 s", "100 s"),
        *("2.5 min", "90 min", "2.5 h", "28 h", "2.3 days"),
    ]


@pytest.mark.parametrize(
    ("units", "highest", "marks"),
    [("SECONDS", 100, ["0 s", "50 s", "100 s"]), ("SECONDS", 5000, ["0 min", "50 min", "100 min"])],
)
def test_an_axis_is_told_in_one_unit(page: Page, units: str, highest: int, marks: list[str]) -> None:
    page.goto("/monitor/audit")
    lines = f"[{{name: 'clean', values: [{highest}]}}]"
    call = (
        f"[...m.chart('c', [new Date(0)], {lines}, String, m.{units}).querySelectorAll('text')].map(t => t.textContent)"
    )
    assert told(page, "chart", call)[:3] == marks


def test_what_nobody_knows_is_no_nought(page: Page) -> None:
    page.goto("/monitor/audit")
    lines = "[{name: 'solo', values: [3, null]}]"
    call = f"m.chart('c', [new Date(0), new Date(60000)], {lines}, String).querySelector('.names').textContent"
    assert told(page, "chart", call) == "solo: \N{EN DASH}"


def test_a_new_row_stands_where_its_order_is(page: Page) -> None:
    page.goto("/monitor/audit")
    call = (
        "(() => { const t = new m.LiveTable('t', ['n'], ''); t.show([['a', ['a']], ['c', ['c']]]);"
        " t.show([['a', ['a']], ['b', ['b']], ['c', ['c']]]); return t.body.textContent; })()"
    )
    assert told(page, "dom", call) == "abc"


def test_what_was_said_is_gone_after_a_while(page: Page) -> None:
    page.clock.install()
    page.goto("/monitor/audit")
    told(page, "dom", "m.say('It is done.')")
    expect(page.get_by_role("status")).to_have_text("It is done.")
    page.clock.run_for(20_000)
    expect(page.get_by_role("status")).to_be_empty()


def test_on_a_phone_words_of_the_rooms_are_not_broken(chromium: Browser, mill: Stack) -> None:
    context = chromium.new_context(base_url=mill.url, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/monitor")
    button = page.get_by_role("button", name="Pause clean")
    expect(button).to_have_count(1)
    for part in (button, page.get_by_role("table", name="Rooms").get_by_role("row").nth(1)):
        box = part.bounding_box()
        assert box is not None
        assert box["height"] < 60
    context.close()
