"""Given a running mill and a real browser, then pages are searched, narrowed, paged through and read at `/`."""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.architecture.generated_docs import ROOT
from tests.browser.conftest import Seen
from tests.browser.texts import unlike
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SHELF = "source=shelf"
TOPICS = ("tides", "cranes", "pilots", "ferries", "fishing", "customs", "lighthouses", "dredging", "storms", "salvage")
COPIED = (
    "The harbour council decided on Tuesday to replace the old wooden pier with a concrete one, which is to be built "
    "within two years and will cost nine million, half of which the region pays. Fishermen had asked for it since the "
    "winter storms of five years ago, when three boats were lost at their moorings. The mayor called it overdue."
)


def text(number: int) -> str:
    topic = TOPICS[number % len(TOPICS)]
    return f"Report {number} on {topic} in the harbour of Rotterdam. {unlike(number)} People know {topic}."


def item(number: int) -> dict[str, Any]:
    """One of the pages on the shelf."""
    return {
        "url": f"https://port{number % 3}.example/reports/{number}",
        "content": f"# Harbour report {number}\n\n{text(number)}",
        "content_type": "text/markdown",
        "title": f"Harbour report {number}: {TOPICS[number % len(TOPICS)]}",
        "source": "shelf",
        "language": "en",
        "published": f"{2015 + number % 10}-{1 + number % 12:02}-15",
        "authors": ["Ada North" if number % 2 else "Jan de Vries"],
        "tags": ["harbour"],
    }


def copy(number: int) -> dict[str, Any]:
    """The same story, by several papers."""
    told = f"{COPIED} Paper number {number} has it so."
    return {**item(number), "url": f"https://paper{number}.example/pier", "content": f"# The pier\n\n{told}",
            "title": f"The old pier, by paper {number}", "published": "2021-05-04", "source": "papers"}  # fmt: skip


GERMAN: dict[str, Any] = {
    "url": "https://hafen.example/1",
    "content": "# Im Hafen\n\n"
    + "Im harbour genannten Hafen liegen Schiffe aus aller Welt und warten auf die Flut. " * 5,
    "content_type": "text/markdown",
    "title": "Im Hafen",
    "source": "shelf",
    "language": "de",
    "published": "2018-03-01",
}
ILLUSTRATED: dict[str, Any] = {
    "url": "https://pictures.example/crane",
    "content": f"<html><head><title>A crane at work</title></head><body><article><h1>A crane at work</h1>"
    f"<p>{text(1)}</p><img src='https://img.example/crane.png' alt='A crane' width='600' height='400'>"
    f"<p>{text(1)}</p><img src='http://192.168.1.1/reboot.png' alt='A trap' width='600' height='400'></article>",
    "title": "A crane at work",
    "source": "illustrated",
    "language": "en",
}


@pytest.fixture(scope="module", autouse=True)
def shelf(mill: Stack) -> None:
    """The pages that these tests look for."""
    with mill.client() as client:
        pages = [*map(item, range(26)), *map(copy, range(3)), GERMAN, ILLUSTRATED]
        told = client.post("/v1/pages/batch", json=pages).raise_for_status().json()
        assert told["rejected"] == 0, told
    mill.drained()


def hits(page: Page) -> list[str]:
    return page.get_by_role("region", name="Results").get_by_role("heading", level=3).all_inner_texts()


def ids(page: Page) -> list[str]:
    links = page.locator(".hits h3 a").evaluate_all("all => all.map((each) => each.pathname)")
    return [str(link).rpartition("/")[2] for link in links]


def options(page: Page) -> Any:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def box(page: Page, facet: str, value: str) -> Any:
    return page.locator(f"#facet-{facet}").get_by_role("checkbox", name=value)


def test_answers_come_as_one_types_and_the_address_follows(page: Page) -> None:
    page.goto(f"/?{SHELF}")
    page.evaluate("window.here = 'since the beginning'")
    page.get_by_label("Search", exact=True).press_sequentially("lighthouses", delay=20)
    expect(page.locator("#told")).to_have_text(re.compile("^2 pages"))
    expect(page).to_have_url(re.compile(r"[?&]q=lighthouses(&|$)"))
    expect(page).to_have_title("lighthouses · Pagemill")
    assert all("lighthouses" in title for title in hits(page))
    expect(page.locator(".snippet mark").first).to_have_text(re.compile("lighthouses", re.IGNORECASE))
    assert page.evaluate("window.here") == "since the beginning"


def test_a_search_that_was_sent_off_has_its_place_in_the_history(page: Page) -> None:
    page.goto(f"/?q=tides&{SHELF}")
    page.get_by_label("Search", exact=True).fill("storms")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=storms"))
    expect(page.locator(".hits h3").first).to_contain_text("storms")
    page.go_back()
    expect(page).to_have_url(re.compile("q=tides"))
    expect(page.locator(".hits h3").first).to_contain_text("tides")
    expect(page.get_by_label("Search", exact=True)).to_have_value("tides")


def test_typing_over_a_search_that_was_sent_off_leaves_it_in_the_history(page: Page) -> None:
    page.goto("/")
    asking = page.get_by_label("Search", exact=True)
    asking.press_sequentially("tides", delay=20)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=tides$"))
    expect(page.locator(".hits h3").first).to_contain_text("tides")
    asking.press_sequentially(" storms", delay=20)
    expect(page).to_have_url(re.compile(r"q=tides(\+|%20)storms$"))
    page.go_back()
    expect(page).to_have_url(re.compile("q=tides$"))
    expect(asking).to_have_value("tides")
    page.go_back()
    expect(asking).to_have_value("")


def test_the_way_back_from_a_document_leads_to_the_results_as_they_were(page: Page) -> None:
    page.goto(f"/?q=harbour&{SHELF}")
    page.get_by_role("link", name="More pages").click()
    expect(page.locator(".hit")).to_have_count(20)
    for go_back in (page.go_back, lambda: page.get_by_role("link", name="Back to the results").click()):
        page.locator(".hit").nth(14).get_by_role("link").first.click()
        expect(page.get_by_role("article")).to_be_visible()
        go_back()
        expect(page.locator(".hit")).to_have_count(20)
        expect(page.locator(".hit").nth(14)).to_be_in_viewport()
    page.get_by_role("link", name="More pages").click()
    expect(page.locator(".hit")).to_have_count(27)
    page.goto(f"/?q=harbour&{SHELF}")
    expect(page.locator(".hit")).to_have_count(10)


def test_values_of_a_facet_are_chosen_together_and_let_go(page: Page) -> None:
    page.goto(f"/?q=harbour&{SHELF}")
    expect(page.locator("#told")).to_have_text(re.compile("^27 pages"))
    box(page, "language", "German").check()
    expect(page.locator("#told")).to_have_text(re.compile("^1 page,"))
    expect(box(page, "language", "English 26")).to_be_visible()
    box(page, "language", "English").check()
    expect(page.locator("#told")).to_have_text(re.compile("^27 pages"))
    expect(page).to_have_url(re.compile("language=en&language=de|language=de&language=en"))
    box(page, "site", "port1.example").check()
    expect(page.locator("#told")).to_have_text(re.compile("^9 pages"))
    page.get_by_role("list", name="Narrowed by").get_by_role("link", name="Site: port1.example").click()
    expect(page.locator("#told")).to_have_text(re.compile("^27 pages"))
    expect(box(page, "language", "German")).to_be_checked()


def test_other_facets_are_there_where_documents_have_them(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search", exact=True).press_sequentially("harbour report", delay=20)
    page.locator("#facet-author summary").click()
    box(page, "author", "Ada North").check()
    expect(page.locator("#told")).to_have_text(re.compile("^13 pages"))
    expect(page.locator(".hits .where").first).to_contain_text("Ada North")


def test_the_bars_are_brushed_with_the_mouse(page: Page) -> None:
    page.goto(f"/?q=harbour&{SHELF}")
    frame = page.locator(".plot").bounding_box()
    assert frame is not None
    width, middle = frame["width"], frame["y"] + frame["height"] / 2
    page.mouse.move(frame["x"] + 0.25 * width, middle)  # the third year of ten
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.5 * width, middle, steps=5)
    page.mouse.move(frame["x"] + 0.55 * width, middle, steps=5)  # the sixth
    page.mouse.up()
    expect(page).to_have_url(re.compile("from=2017-01-01&to=2020-12-31"))
    expect(page.get_by_label("From", exact=True)).to_have_value("2017-01-01")
    expect(page.locator("#told")).to_have_text(re.compile("^13 pages"))
    years = {time[:4] for time in page.locator(".hits time").all_inner_texts()}
    assert years <= {"2017", "2018", "2019", "2020"}


def test_the_bars_are_brushed_with_the_keyboard(page: Page) -> None:
    page.goto(f"/?q=harbour&{SHELF}")
    since = page.get_by_role("slider", name="Published from")
    since.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    expect(since).to_have_attribute("aria-valuetext", "2023")
    expect(page.locator(".brushed output")).to_have_text("2023 to 2024: 4")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_have_text(re.compile("^4 pages"))
    expect(page).to_have_url(re.compile("from=2023-01-01&to=2024-12-31"))
    page.get_by_role("list", name="Narrowed by").get_by_role("link", name="Published since").press("Enter")
    expect(page.locator("#told")).to_have_text(re.compile("^27 pages"))
    expect(page.locator("main")).to_be_focused()  # the link is gone, and the place is kept


def test_results_are_put_in_order_and_paged_through_without_one_coming_twice(page: Page) -> None:
    page.goto(f"/?q=harbour&{SHELF}")
    page.get_by_label("Order").select_option("newest")
    expect(page).to_have_url(re.compile("sort=newest"))
    expect(page.locator(".hits time").first).to_have_text("2024-10-15")
    for before, count in ((10, 20), (20, 27)):
        page.get_by_role("link", name="More pages").press("Enter")
        expect(page.locator(".hit")).to_have_count(count)
        expect(page.locator(".hit").nth(before).get_by_role("link").first).to_be_focused()
    expect(page.get_by_role("link", name="More pages")).to_have_count(0)
    assert len(set(ids(page))) == 27
    times = page.locator(".hits time").all_inner_texts()
    assert times == sorted(times, reverse=True)


def test_a_document_is_read_and_left_again_for_the_results(page: Page) -> None:
    page.goto(f"/?q=cranes&{SHELF}&sort=newest")
    title = hits(page)[0]
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text("People know cranes.")
    about = page.get_by_role("complementary", name="About this page")
    for told in ("English", "Ada North", "harbour", "shelf"):
        expect(about).to_contain_text(told)
    expect(about.get_by_role("heading", name="Similar")).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    expect(page).to_have_url(re.compile(rf"q=cranes.*{SHELF}"))
    assert hits(page)[0] == title
    page.get_by_role("link", name=title).click()
    about.get_by_role("link", name="Ada North").click()
    expect(page).to_have_url(re.compile(r"/\?author=Ada\+North"))


def test_pictures_are_loaded_when_they_are_asked_for_and_from_public_addresses_alone(page: Page, seen: Seen) -> None:
    def picture(route: Route) -> None:
        route.fulfill(body=PIXEL, content_type="image/png")

    page.route("https://img.example/**", picture)
    page.goto("/?q=crane&source=illustrated")
    page.get_by_role("link", name="A crane at work").click()
    expect(page.get_by_role("region", name="Pictures")).to_contain_text("img.example")
    address = page.url
    assert page.locator("main img").count() == 0
    assert seen == []
    page.get_by_role("link", name="Load the pictures").click()
    expect(page.get_by_role("img", name="A crane")).to_be_visible()
    assert page.locator("main img").count() == 1
    assert set(seen) == {"asked https://img.example/crane.png"}
    seen.clear()
    page.goto("about:blank")
    page.goto(f"{address}&images=show")  # a link that came by mail consents to nothing
    expect(page.get_by_role("link", name="Load the pictures")).to_be_visible()
    assert page.locator("main img").count() == 0


def test_near_copies_are_one_hit_that_is_unfolded_and_folded(page: Page) -> None:
    page.goto("/?q=wooden+pier&source=papers")
    expect(page.locator(".hit")).to_have_count(1)
    page.get_by_text("2 near copies").click()
    copies = page.locator(".copies li")
    expect(copies).to_have_count(2)
    assert len({*copies.locator("h3").all_inner_texts(), *hits(page)}) == 3
    page.get_by_text("2 near copies").click()
    expect(copies.first).to_be_hidden()
    page.get_by_label("Near copies one by one").check()
    expect(page.locator(".hit")).to_have_count(3)
    expect(page).to_have_url(re.compile("copies=apart"))


def test_a_mistake_is_read_past_with_a_warning_and_stopped_at_when_that_is_wished(page: Page, seen: Seen) -> None:
    page.goto(f"/?q=%F0%9F%8C%8A+(harbour&{SHELF}")
    expect(page.locator(".note .pointed mark")).to_have_text("(")
    expect(page.locator(".hit").first).to_be_visible()
    page.get_by_text("How to ask").click()
    page.get_by_label("Stop at the first mistake").check()
    alert = page.get_by_role("alert").filter(has_text="parenthesis")
    expect(alert.locator("mark")).to_have_text("(")
    alert.get_by_role("button", name="Show in the box").click()
    chosen = page.evaluate(
        "(() => { const q = document.getElementById('q'); return q.value.slice(q.selectionStart, q.selectionEnd); })()"
    )
    assert chosen == "("
    assert all("422" in each for each in seen)
    seen.clear()
    page.get_by_label("Search", exact=True).fill("harbour")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_have_text(re.compile("^27 pages"))  # the filter was kept meanwhile


def test_nothing_found_is_explained_and_another_spelling_offered(page: Page) -> None:
    page.goto(f"/?{SHELF}")
    page.get_by_label("Search", exact=True).press_sequentially("lighthuoses", delay=20)
    expect(page.get_by_text("No document has lighthuoses.")).to_be_visible()
    page.get_by_role("link", name="lighthouses").click()
    expect(page.locator("#told")).to_have_text(re.compile("^2 pages"))
    page.goto("/?q=wooden&source=shelf&site=nowhere.example")
    expect(page.get_by_text("Without the filters:")).to_be_visible()


def test_what_was_typed_while_the_line_was_away_is_answered_when_it_is_back(page: Page, seen: Seen) -> None:
    page.goto(f"/?{SHELF}")
    page.context.set_offline(True)
    page.get_by_label("Search", exact=True).press_sequentially("lighthouses", delay=20)
    expect(page.locator("#said")).to_have_text("✗ The mill does not answer.")
    page.context.set_offline(False)
    expect(page.locator("#told")).to_have_text(re.compile("^2 pages"))
    expect(page.locator("#said")).to_have_text("")
    assert all("console" in each for each in seen)
    seen.clear()


def test_suggestions_are_taken_with_the_keyboard(page: Page) -> None:
    page.goto("/")
    asking = page.get_by_label("Search", exact=True)
    asking.press_sequentially("old pi", delay=20)
    expect(options(page).first).to_be_visible()
    expect(asking).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(asking).to_have_attribute("aria-activedescendant", "suggestion-1")
    said = options(page).first.locator("bdi").inner_text()
    page.keyboard.press("Enter")
    expect(asking).to_have_value(f'"{said}"')
    expect(page.locator(".hits h3").first).to_have_text(said)


@pytest.fixture
def scriptless(chromium: Browser, mill: Stack) -> Iterator[Page]:
    context = chromium.new_context(base_url=mill.url, java_script_enabled=False)
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def test_without_javascript_pages_are_found_narrowed_and_read(scriptless: Page) -> None:
    page = scriptless
    page.goto(f"/?{SHELF}")
    page.get_by_label("Search", exact=True).fill("harbour")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".hit")).to_have_count(10)
    box(page, "language", "German").check()
    page.get_by_role("button", name="Narrow").click()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page).to_have_url(re.compile(f"{SHELF}|language=de"))
    page.get_by_role("link", name="Language: German").click()
    page.get_by_role("link", name="More pages").click()
    expect(page.locator(".hit")).to_have_count(10)
    page.get_by_role("link", name="Back to the first page").click()
    page.get_by_text("As numbers").click()
    page.get_by_role("link", name="2018", exact=True).click()
    page.get_by_role("link", name="Im Hafen").click()
    expect(page.get_by_role("article")).to_contain_text("Schiffe aus aller Welt")


def test_what_pages_hold_is_shown_as_text(page: Page, mill: Stack) -> None:
    body = f"# {HOSTILE}\n\nA hostile page about krakens. {HOSTILE} " + "It goes on about krakens for a while. " * 8
    hostile = {
        "content": body,
        "content_type": "text/markdown",
        "title": HOSTILE,
        "source": HOSTILE,
        "authors": [HOSTILE],
        "tags": [HOSTILE],
        "language": "en",
        "url": f"https://hostile.example/{HOSTILE}",
    }
    with mill.client() as client:
        told = client.post("/v1/pages?wait=searchable&timeout=50", json=hostile).raise_for_status().json()
    mill.drained()
    page.goto("/?q=krakens")
    expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
    page.goto(f"/documents/{told['id']}?q={HOSTILE}")
    expect(page.get_by_role("heading", level=1, name=HOSTILE)).to_be_visible()
    for address in ("/?q=krakens", f"/?q={HOSTILE}&tag={HOSTILE}&site={HOSTILE}", f"/documents/{told['id']}"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("main img, main script, main iframe, [onerror]").count() == 0
    page.goto("/")
    page.get_by_label("Search", exact=True).press_sequentially("onerr", delay=20)
    expect(options(page).first).to_contain_text("<img src=x onerror=alert(1)>")


VIEWS = {
    "start": "/",
    "results": f"/?q=harbour&{SHELF}&language=en",
    "warned": f"/?q=(harbour&{SHELF}",
    "refused": "/?q=(harbour&mode=strict",
    "nothing": f"/?q=lighthuoses&{SHELF}",
    "copies": "/?q=wooden+pier&source=papers",
    "document": "/documents/",
    "missing": "/documents/none",
}


def open_view(page: Page, view: str) -> None:
    page.goto(VIEWS["copies"] if view == "document" else VIEWS[view])
    if view == "document":
        page.locator(".hits h3 a").first.click()
        page.wait_for_url("**/documents/**")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_against_wcag_aa(chromium: Browser, mill: Stack, view: str, scheme: str) -> None:
    context = chromium.new_context(base_url=mill.url, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]  # one of two words
    page = context.new_page()
    open_view(page, view)
    told = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    context.close()
    assert told.violations_count == 0, told.generate_report()


@pytest.fixture
def phone(chromium: Browser, mill: Stack) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=mill.url, viewport={"width": 360, "height": 740})
    yield context
    context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_on_a_phone_nothing_stands_out_of_the_page(phone: BrowserContext, view: str) -> None:
    page = phone.new_page()
    open_view(page, view)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_everything_is_reached_by_the_keyboard(page: Page) -> None:
    page.goto(f"/?q=harbour&{SHELF}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the results")).to_be_focused()
    wanted = {"q", "sort", "apart", "from", "to", "slider", "More pages"}
    for _ in range(90):
        page.keyboard.press("Tab")
        wanted -= set(
            page.evaluate("(({ id, role, textContent }) => [id, role || '', textContent])(document.activeElement)")
        )
    assert wanted == set()


def test_the_pictures_of_the_readme_are_made(page: Page) -> None:
    pictures = ROOT / "docs" / "pictures"
    for name, address in (("search", f"/?q=harbour&{SHELF}&language=en"), ("document", f"/?q=pilots&{SHELF}")):
        page.goto(address)
        expect(page.locator(".hit").first).to_be_visible()
        if name == "document":
            page.locator(".hits h3 a").first.click()
            expect(page.get_by_role("heading", name="Similar")).to_be_visible()
        body = page.screenshot()
        assert body.startswith(b"\x89PNG")
        if not (pictures / f"{name}.png").exists():
            (pictures / f"{name}.png").write_bytes(body)
