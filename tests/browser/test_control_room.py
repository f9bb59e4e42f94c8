"""Given a running mill and a real browser, then the control room shows what happens, and does what it is asked."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.architecture.generated_docs import ROOT
from tests.browser.conftest import Seen
from tests.browser.posting import HOSTILE, STORY, dead, html, post
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.usefixtures("tidy")]

FRIENDS = "The Daily Example has been read by the friends of the harbour since the year that it was built."
VIEWS = ["/monitor", "/monitor/page", "/monitor/letters", "/monitor/sites", "/monitor/audit"]


def cell(page: Page, table: str, row: str, column: str) -> str:
    """What stands in a table of the page."""
    found = page.get_by_role("table", name=table)
    names = found.get_by_role("columnheader").all_inner_texts()
    line = found.get_by_role("row").filter(has=page.get_by_role("rowheader", name=row, exact=True))
    return str(line.locator("th, td").nth(names.index(column)).inner_text())


def test_pages_are_seen_to_arrive_without_loading_the_page_again(page: Page, mill: Stack) -> None:
    page.goto("/monitor")
    expect(page.get_by_text(re.compile("^Live"))).to_be_visible()
    page.evaluate("window.here = 'since the beginning'")
    before = mill.ledger()["searchable"]
    for n in range(3):
        post(mill, f"https://arriving.example/{n}", html(f"Arriving, number {n}"))
    expect(page.get_by_text(f"searchable {before + 3:,}")).to_be_visible()
    expect(page.get_by_text("every page is somewhere")).to_be_visible()
    assert page.evaluate("window.here") == "since the beginning"


def test_each_room_worker_and_store_is_shown(page: Page, mill: Stack) -> None:
    post(mill, "https://shown.example/1", html("Shown"))
    page.goto("/monitor")
    for room in ("clean", "enrich", "index"):
        expect(page.get_by_role("table", name="Rooms").get_by_role("rowheader", name=room, exact=True)).to_be_visible()
        assert re.fullmatch(r".+ / .+", cell(page, "Rooms", room, "Work p50 / p95"))
    workers = page.get_by_role("table", name="Workers").get_by_role("rowheader")
    expect(workers).to_have_count(4)
    assert sorted(name.split("-")[0] for name in workers.all_inner_texts()) == ["clean", "enrich", "index", "solo"]
    for text in ("✓ open", "append-only file, fsync always", re.compile(r"✓ \d+ documents")):
        expect(page.get_by_text(text)).to_be_visible()


def test_a_room_is_paused_and_resumed_and_the_audit_log_says_why(page: Page, mill: Stack) -> None:
    page.goto("/monitor")
    page.get_by_role("button", name="Pause enrich").click()
    dialog = page.get_by_role("dialog", name="Pause the enrich room?")
    dialog.get_by_label("Reason").fill("the dictionary is being changed")
    dialog.get_by_role("button", name="Pause it").click()
    expect(page.get_by_role("status")).to_have_text("The enrich room is paused.")
    expect(page.get_by_role("button", name="Resume enrich")).to_be_visible()
    assert cell(page, "Rooms", "enrich", "State") == "‖ paused"
    with mill.client() as client:
        client.post("/v1/pages", json={"url": "https://paused.example/1", "content": html("Waits")})
    expect(
        page.get_by_role("table", name="Rooms").get_by_role("row", name=re.compile("^enrich ‖ paused 1 "))
    ).to_be_visible()
    page.get_by_role("button", name="Resume enrich").click()
    page.get_by_role("button", name="Resume it").click()
    mill.drained()
    page.goto("/monitor/audit")
    expect(page.get_by_role("row", name=re.compile("resumed the enrich room"))).to_be_visible()
    expect(
        page.get_by_role("row", name=re.compile("paused the enrich room .*the dictionary is being changed"))
    ).to_be_visible()


def test_a_question_that_is_left_does_nothing(page: Page, mill: Stack) -> None:
    page.goto("/monitor")
    page.get_by_role("button", name="Pause clean").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not mill.ledger()["rooms"]["clean"]["paused"]


def test_a_page_is_found_by_its_url_with_what_happened_and_what_cleaning_kept(page: Page, mill: Stack) -> None:
    post(mill, "https://where.example/ferry", html("The ferry runs again"))
    page.goto("/monitor/page")
    page.get_by_label("Id or URL of a page").fill("https://where.example/ferry")
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ searchable")).to_be_visible()
    happened = page.get_by_role("listitem").filter(has_text=re.compile("^(accepted|clean|enrich|index|searchable) "))
    expect(happened).to_have_count(5)
    expect(page.get_by_role("link", name="The document")).to_have_attribute("href", re.compile("^/documents/"))
    expect(page.get_by_role("region", name="Original").get_by_text("All rights reserved")).to_be_visible()
    expect(page.get_by_role("region", name="Kept").get_by_text(STORY.strip()).first).to_be_visible()
    expect(page.get_by_role("region", name="Kept").get_by_text("All rights reserved")).to_have_count(0)
    expect(page.get_by_role("region", name="Dropped").get_by_text("All rights reserved")).to_be_visible()


def test_a_page_that_is_on_its_way_is_followed_to_its_end(page: Page, mill: Stack) -> None:
    with mill.client() as client:
        client.post("/v1/monitor/rooms/enrich/pause").raise_for_status()
        sent = client.post("/v1/pages", json={"url": "https://where.example/way", "content": html("On its way")})
    page.goto(f"/monitor/page?q={sent.raise_for_status().json()['id']}")
    expect(page.get_by_text("… waiting in the enrich room")).to_be_visible()
    original = page.get_by_role("region", name="Kept")
    expect(original).to_be_visible()
    original.evaluate("element => { element.dataset.here = 'since the beginning'; }")
    with mill.client() as client:
        client.post("/v1/monitor/rooms/enrich/resume").raise_for_status()
    expect(page.get_by_text("✓ searchable")).to_be_visible()
    expect(original).to_have_attribute("data-here", "since the beginning")


def test_a_page_that_is_not_there_is_told_so(page: Page, seen: Seen) -> None:
    page.goto("/monitor/page?q=https://nowhere.example/none")
    expect(page.get_by_role("alert")).to_contain_text("with the URL https://nowhere.example/none")
    assert seen
    assert all("404" in each for each in seen)
    seen.clear()


def test_a_dead_letter_is_mended_tried_and_sent_again(page: Page, mill: Stack, seen: Seen) -> None:
    dead(mill, "https://mended.example/1")
    page.goto("/monitor/letters?site=mended.example")
    page.get_by_role("link", name="https://mended.example/1").click()
    page.get_by_role("button", name="Try it, keep nothing").click()
    expect(page.get_by_role("alert")).to_contain_text("no extractor found any")
    assert all("422" in each for each in seen)
    seen.clear()
    page.get_by_label("Title").fill("Mended")
    page.get_by_label("Content").fill(html("Mended"))
    page.get_by_role("button", name="Try it, keep nothing").click()
    expect(page.get_by_text("It would become “Mended”")).to_be_visible()
    page.get_by_role("button", name="Send it, mended …").click()
    page.get_by_role("dialog").get_by_role("button", name="Send it").click()
    expect(page.get_by_role("status")).to_have_text("Sent as a new version of the page.")
    expect(page.get_by_role("button")).to_have_count(0)  # nothing can be done to it any more
    page.get_by_role("link", name="Where it is now").click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    mill.drained()
    page.reload()
    expect(page.get_by_text("✓ searchable")).to_be_visible()


def test_many_dead_letters_are_let_go_with_a_reason_after_a_dry_run(page: Page, mill: Stack) -> None:
    for n in range(3):
        dead(mill, f"https://letgo.example/{n}")
    page.goto("/monitor/letters?site=letgo.example")
    page.get_by_role("button", name="Discard …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 dead letters are meant")
    dialog.get_by_role("button", name="Discard").click()
    expect(dialog).to_be_visible()  # no reason, no deed
    dialog.get_by_label("Reason").fill("empty shells, the feed is mended")
    dialog.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("status")).to_have_text("3 of 3 let go.")
    expect(page.get_by_text("0 dead letters: site letgo.example.")).to_be_focused()
    with mill.client() as client:
        deed = client.get("/v1/monitor/audit").json()["items"][0]
    assert (deed["action"], deed["done"], deed["note"]) == ("discard", 3, "empty shells, the feed is mended")


def test_what_pages_hold_is_shown_as_text_wherever_it_comes_up(page: Page, mill: Stack, seen: Seen) -> None:
    with mill.client() as client:
        item = {
            "content": f"<html><head><title>{HOSTILE}</title></head><body>{HOSTILE}</body></html>",
            "source": HOSTILE,
        }
        url = f"https://hostile.example/{HOSTILE}/{chr(0x202E)}gpj.exe"
        client.post("/v1/pages?wait=searchable&timeout=50", json={"url": url, **item})
        (letter,) = client.get("/v1/dead-letters?site=hostile.example").json()["items"]
    for address in (
        "letters",
        "letters?site=hostile.example",
        f"letters?id={letter['id']}",
        f"page?q={letter['id']}",
        "sites",
    ):
        page.goto(f"/monitor/{address}")
        page.wait_for_load_state("networkidle")
        assert page.locator("main img, main script, main iframe").count() == 0
        assert chr(0x202E) not in page.locator("main").inner_text(), "it is shown as a mark"
    page.goto(f"/monitor/letters?id={letter['id']}")
    expect(page.get_by_role("region", name="Dead letter").get_by_text(HOSTILE, exact=True)).to_be_visible()
    seen[:] = [each for each in seen if "422" not in each]  # the preview of a page that is rejected


def test_sites_have_a_calendar_in_which_a_failing_one_stands_first(page: Page, mill: Stack) -> None:
    post(mill, "https://calendar.example/1", html("In the calendar"))
    for n in range(5):
        dead(mill, f"https://failing.example/{n}")
    page.goto("/monitor/sites")
    rows = page.get_by_role("table", name="Sites, the last 28 days").get_by_role("rowheader")
    expect(rows.first).to_contain_text("failing.example")
    expect(page.get_by_role("row", name=re.compile("^failing.example ✗ failing 5 of 5 pages died"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^calendar.example ✓ well"))).to_be_visible()


def learn(mill: Stack) -> None:
    """A site whose stories share one block."""
    for n in range(5):
        own = " ".join(
            f"Ferry{n} number{n}{k} ran{k}{n} again{n} between{k}{n} both{n}{k} harbours{n}." for k in range(9)
        )
        post(
            mill,
            f"https://learnt.example/{n}",
            html(f"Learnt {n}", text=f"{own}</p>\n<p>{FRIENDS}</p>\n<p>{own} {own}"),
        )


def test_what_a_site_repeats_is_shown_and_kept_on_request(page: Page, mill: Stack) -> None:
    learn(mill)
    page.goto("/monitor/sites")
    page.get_by_text(re.compile("^learnt.example: 1 block")).click()
    row = page.get_by_role("table", name="Blocks of learnt.example").get_by_role("row").filter(has_text=FRIENDS)
    expect(row.get_by_text("left out", exact=True)).to_be_visible()
    row.get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    expect(row.get_by_text("kept", exact=True)).to_be_visible()
    with mill.client() as client:
        blocks = client.get("/v1/monitor/sites/learnt.example").raise_for_status().json()["blocks"]
    assert [(block["text"], block["kept"]) for block in blocks] == [(FRIENDS, True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_against_wcag_aa(chromium: Browser, mill: Stack, view: str, scheme: str) -> None:
    dead(mill, "https://axe.example/dead")
    asked = {"/monitor/page": "?q=https://axe.example/dead"}.get(view, "")
    context = chromium.new_context(base_url=mill.url, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]  # one of two words
    page = context.new_page()
    page.goto(view + asked)
    page.wait_for_timeout(1000)
    told = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    context.close()
    assert told.violations_count == 0, told.generate_report()


@pytest.mark.parametrize("view", VIEWS)
def test_on_a_phone_nothing_stands_out_of_the_page(chromium: Browser, mill: Stack, view: str) -> None:
    dead(mill, "https://phone.example/dead")
    context = chromium.new_context(base_url=mill.url, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(view)
    page.wait_for_timeout(1000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_everything_is_reached_by_the_keyboard(page: Page) -> None:
    page.goto("/monitor")
    expect(page.get_by_text(re.compile("^Live"))).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("Pause solo"):
            break
    expect(page.get_by_role("button", name="Pause solo")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Pause the solo room?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Pause solo")).to_be_focused()


def test_the_pictures_of_the_readme_are_made(page: Page, mill: Stack) -> None:
    for n in range(12):
        post(mill, f"https://harbour{n % 4}.example/{n}", html(f"Ferry number {n}"))
    dead(mill, "https://harbour1.example/empty")
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    for name, address in (("monitor", "/monitor"), ("where-is-my-page", "/monitor/page?q=https://harbour1.example/1")):
        page.goto(address)
        expect(page.get_by_text(re.compile("^Live|All rights reserved")).first).to_be_visible()
        if name != "monitor":
            expect(page.get_by_role("region", name="Kept")).to_be_visible()
        body = page.screenshot(full_page=name != "monitor")
        assert body.startswith(b"\x89PNG")
        if not (pictures / f"{name}.png").exists():
            (pictures / f"{name}.png").write_bytes(body)
