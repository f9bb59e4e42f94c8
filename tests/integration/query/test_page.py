"""Given hostile documents and odd requests, then the page is HTML that shows text as text."""

import re
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest

from shared.search.tantivy import TantivyWriter
from tests.integration.query.conftest import Service, page

READING = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TYPING = {**READING, "HX-Request": "true", "HX-Target": "found", "HX-Trigger": "q"}
HOSTILE = "'\"><img src=x onerror=alert(1)></textarea></title><script>alert(2)</script>\u202egnidaer\u2066"


class Tags(HTMLParser):
    """The tags of a page, and the values of some attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def values(self, *names: str) -> set[str]:
        return {value for name, value in self.attributes if name in names}


def hostile(page_id: str, **fields: Any) -> Any:
    """A document in which everything is an attack."""
    attacks = {
        "title": HOSTILE,
        "standfirst": HOSTILE,
        "url": "javascript:alert(1)",
        "site": HOSTILE,
        "publisher": HOSTILE,
        "source": HOSTILE,
        "authors": (HOSTILE,),
        "tags": (HOSTILE,),
        "keywords": (HOSTILE,),
        "names": {"people": (HOSTILE,), "places": (HOSTILE,), "organisations": (HOSTILE,)},
        "quality": (HOSTILE,),
        "images": (
            {"url": "javascript:alert(1)", "alt": HOSTILE},
            {"url": "https://img.example;script-src *//a.png", "alt": HOSTILE},
            {"url": "https://img.example/a.png", "alt": HOSTILE},
        ),
        "story": "story",
        "published": "2024-05-06",
    }
    return page(page_id, f"A kraken. {HOSTILE} Another kraken <mark>marked</mark>.", **{**attacks, **fields})


@pytest.fixture(autouse=True)
def documents(writer: TantivyWriter) -> None:
    plain = page("plain", "A kraken seen at noon.", title="Plain", url="https://plain.example/a", site="plain.example")
    writer.index([hostile("bad"), hostile("worse", published="2021-01-01"), plain])


ADDRESSES = (
    "/",
    "/?q=kraken",
    f"/?q={HOSTILE}",
    f"/?q=kraken&tag={HOSTILE}&from={HOSTILE}&sort={HOSTILE}&size={HOSTILE}",
    f"/?q=({HOSTILE}&mode=strict",
    f"/?cursor={HOSTILE}",
    "/documents/bad?q=kraken",
    f"/documents/{'%3Cscript%3E'}",
    "/search/copies/bad?q=kraken&of=story",
    f"/search/copies/{'%3Cscript%3E'}?of={HOSTILE}",
    "/search/suggestions?q=onerr",
    f"/search/why?q={HOSTILE}",
    "/search/facets?q=kraken",
)


@pytest.mark.parametrize("headers", [READING, TYPING], ids=["reading", "typing"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_that_documents_or_links_hold_becomes_markup(
    service: Service, address: str, headers: dict[str, str]
) -> None:
    answer = service.get(address, headers=headers)
    assert answer.headers["content-type"].startswith("text/html")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", answer.text), "signs that turn what follows them"
    seen = Tags(answer.text)
    assert seen.values("src") <= {"/static/htmx.min.js", "/static/search.js", "/static/mill.svg"}
    assert seen.values("style", "onerror", "onload", "onclick", "hx-on") == set()
    for address_of in seen.values("href", "action", "hx-get"):
        assert address_of.startswith(("/", "#", "https://plain.example/a")), address_of
    assert seen.tags.count("script") == (2 if answer.text.startswith("<!doctype") else 0)


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_has_a_policy_under_which_nothing_else_would_run_or_load(service: Service, address: str) -> None:
    policy = service.get(address, headers=READING).headers["content-security-policy"]
    told = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert told == {
        **dict.fromkeys(("script-src", "style-src", "img-src", "connect-src", "form-action"), "'self'"),
        **dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'"),
    }


def test_no_template_says_that_a_text_is_safe() -> None:
    templates = list(files("services.query.page").joinpath("templates").iterdir())
    assert len(templates) > 10
    for template in templates:
        assert not re.search(r"\|\s*safe|autoescape|Markup|<style| style=|<script>| on\w+=", template.read_text())


def test_pictures_are_let_in_by_a_link_of_our_own_and_from_their_host_alone(service: Service) -> None:
    address = "/documents/bad?images=show"
    own = {**READING, "Referer": "http://localhost:8800/documents/bad"}
    shown = service.get(address, headers=own)
    assert "img-src 'self' https://img.example;" in shown.headers["content-security-policy"]
    assert Tags(shown.text).values("src") >= {"https://img.example/a.png"}
    assert "javascript:" not in Tags(shown.text).values("src")
    for elsewhere in (
        READING,
        {**READING, "Referer": "https://evil.example/documents/bad"},
        {**READING, "Referer": "http://localhost:8800/sign-in?next=/documents/bad"},
        {**READING, "Referer": "http://[::1"},
    ):
        held = service.get(address, headers=elsewhere)
        assert "img.example" not in held.headers["content-security-policy"]
        assert "https://img.example/a.png" not in Tags(held.text).values("src")


def test_matches_are_marked_and_marks_of_a_page_s_own_are_not(service: Service) -> None:
    text = service.get("/?q=kraken&site=plain.example", headers=READING).text
    assert "<mark>kraken</mark> seen at noon" in text
    text = service.get("/?q=kraken&copies=apart", headers=READING).text
    assert "<mark>marked</mark>" not in text


def test_a_program_is_told_what_there_is_and_a_browser_gets_the_page(service: Service) -> None:
    assert service.get("/").json()["name"] == "pagemill"
    assert service.get("/", headers=READING).text.startswith("<!doctype html>")
    assert service.get("/?q=x").status_code == 422
    assert "Accept" in service.get("/", headers=READING).headers["vary"]


def test_a_link_with_more_than_is_known_still_finds(service: Service) -> None:
    told = service.get("/?q=kraken&utm_source=mail&from=&site=&size=", headers=READING)
    assert told.status_code == 200
    assert "3 pages" in told.text
    assert "utm_source" not in told.text


@pytest.mark.parametrize(
    "wrong", ["from=yesterday", "sort=best", "size=many", "freshness=-1", "from=2024-02-01&to=2024-01-01", "size=1000"]
)
def test_a_parameter_that_is_wrong_is_told_and_left_out(service: Service, wrong: str) -> None:
    told = service.get(f"/?q=kraken&{wrong}", headers=READING)
    assert told.status_code == 200
    assert 'class="note"' in told.text
    assert wrong.rpartition("&")[2] not in told.text


def test_what_narrows_a_search_outlives_a_query_that_is_refused(service: Service) -> None:
    told = service.get("/?q=(kraken&mode=strict&site=plain.example&from=2020-01-01&sort=newest", headers=READING)
    assert told.status_code == 422
    hidden = re.findall(r'<input type="hidden" form="search" name="(\w+)" value="([^"]*)">', told.text)
    assert sorted(hidden) == [("from", "2020-01-01"), ("site", "plain.example"), ("sort", "newest")]


def test_the_address_follows_what_is_typed_and_keeps_what_is_sent_off(service: Service) -> None:
    address = "/?q=kraken&sort=relevance&from=&mode=lenient&site=plain.example"
    typed = service.get(address, headers=TYPING)
    assert typed.headers["hx-replace-url"] == "/?q=kraken&site=plain.example"
    sent = service.get(address, headers={**TYPING, "HX-Trigger": "search"})
    assert sent.headers["hx-push-url"] == "/?q=kraken&site=plain.example"


def test_further_pages_come_by_a_cursor_that_never_dies_of_counting(service: Service, writer: TantivyWriter) -> None:
    writer.index([page(f"more{n}", f"A kraken, number {n}.", site=f"s{n}.example") for n in range(25)])
    text, seen = service.get("/?q=kraken", headers=READING).text, list[str]()
    while True:
        seen += re.findall(r'<h3 dir="auto"><a href="/documents/([\w-]+)', text)
        further = re.search(r'rel="next" href="([^"]+)"', text)
        if further is None:
            break
        text = service.get(unescape(further[1]), headers={**TYPING, "HX-Target": "more"}).text
        assert 'id="facet-' not in text
    assert len(seen) == len(set(seen)) == 27  # of 28, two are near copies
    whole = service.get("/?q=kraken", headers=READING).text
    without_script = unescape(re.findall(r'rel="next" href="([^"]+)"', whole)[0])
    assert 'id="facet-site"' in service.get(without_script, headers=READING).text


def test_a_search_has_its_feed(service: Service) -> None:
    address = "/?q=kraken&site=plain.example&from=2020-01-01&sort=newest&copies=apart&size=5&match=best"
    (feed,) = set(re.findall(r'href="(/v1/feeds/[^"]+)"', service.get(address, headers=READING).text))
    assert unescape(feed) == "/v1/feeds/atom?q=kraken&from=2020-01-01&match=best&site=plain.example"
    assert service.get(unescape(feed)).headers["content-type"].startswith("application/atom+xml")


def test_a_cursor_that_has_expired_leads_back_to_the_first_page(service: Service) -> None:
    told = service.get("/?q=kraken&cursor=gone", headers=READING)
    assert told.status_code == 422
    assert 'href="/?q=kraken">Search again from the first page' in told.text


def test_a_document_that_is_not_there_is_told_on_a_page(service: Service) -> None:
    told = service.get("/documents/none", headers=READING)
    assert (told.status_code, told.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "No such document" in told.text


def test_files_are_kept_while_they_stay_the_same_and_others_are_not_given(service: Service) -> None:
    for name in ("search.css", "search.js", "brush.js", "suggestions.js", "htmx.min.js", "mill.svg", "htmx.LICENSE"):
        given = service.get(f"/static/{name}")
        assert given.status_code == 200
        again = service.get(f"/static/{name}", headers={"If-None-Match": given.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert service.get("/static/nothing.js").status_code == 404
    assert service.get("/static/..%2Froutes.py").status_code == 404


def test_a_hit_says_its_language_by_name(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("de", "A kraken.", language="de"), page("odd", "A kraken.", language="qq")])
    shown = service.get("/", params={"q": "kraken"}, headers=READING).text
    assert "<span>German</span>" in shown
    assert "<span>qq</span>" in shown


def test_the_headings_of_the_results_skip_no_level(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("one", "A kraken.")])
    tags = Tags(service.get("/", params={"q": "kraken"}, headers=READING).text).tags
    headings = [tag for tag in tags if tag in ("h1", "h2", "h3", "h4")]
    assert headings[0] == "h1"
    assert headings.index("h2") < headings.index("h3")


def test_a_document_says_the_day_on_which_it_was_published(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("one", "A kraken.", published="2025-06-14T06:30:00Z")])
    shown = service.get("/documents/one", headers=READING).text
    assert ">2025-06-14</time>" in shown
