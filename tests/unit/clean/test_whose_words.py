"""Names and days that stand on a page and are not its story's: readers', other stories', the site's own."""

import json
from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from workers.clean.metadata import Metadata, read_metadata

FETCHED = datetime(2026, 11, 28, tzinfo=UTC)
PROSE = "<p>" + "The council of the port decided to close the old bridge, because its cables have rusted. " * 6 + "</p>"
ARTICLE = '<meta property="og:type" content="article">'
NAV = "<nav><a href=/n>News</a><a href=/s>Sport</a></nav>"
TODAY = "<span class=date>Friday, 27 November 2026</span>"


def read(by: str = "", head: str = ARTICLE, before: str = "", after: str = "", prose: str = PROSE * 3) -> Metadata:
    page = (
        f"<html lang=en><head><title>Old bridge to close | Port Times</title>{head}</head><body>{before}"
        f"<main><article><h1>Old bridge to close</h1>{by}{prose}</article></main>{after}</body></html>"
    )
    url = "https://www.porttimes.example/news/bridge"
    return read_metadata(document_fromstring(page), url, FETCHED, search_body=True)


@pytest.mark.parametrize(
    "after",
    [
        "<div id=comments><div class=comment><span class=author>By Jim Kirk</span><p>Nice.</p></div></div>",
        "<div class=comments-area><ol><li><b class='fn author'>Jim Kirk</b></li></ol></div>",
        "<div class=sidebar><h3>Opinion</h3><div class=author>Jim Kirk</div><a href=/o>We need boats</a></div>",
        "<aside><div class=card><a href=/1>Other</a><span class=author>By Jim Kirk</span></div></aside>",
        "<div class=related-posts><a href=/1>Other</a><span class=byline>By Jim Kirk</span></div>",
        "<footer><a rel=author href=/w>Pixel Works</a></footer>",
    ],
)
def test_somebody_elses_name_is_not_the_storys_writer(after: str) -> None:
    assert read(after=after).authors == ()


def test_a_name_below_the_story_is_its_writers_though_the_page_is_laid_out_beside_a_sidebar() -> None:
    assert read(prose=f"{PROSE * 3}<p class=author>By Ann Lee</p>", before="<div class=sidebar>").authors == (
        "Ann Lee",
    )


@pytest.mark.parametrize(
    "before",
    [
        f"<header>{TODAY}<a href=/>Port Times</a>{NAV}</header>",
        f"<header><time>Friday, 27 November 2026</time><a href=/>Port Times</a>{NAV}</header>",
        f"<div class=topbar>{TODAY}</div><header><a href=/>Port Times</a></header>",
        f"<div id=masthead>{TODAY}<a href=/>Port Times</a></div>",
    ],
)
def test_todays_date_over_all_pages_is_not_the_storys_and_the_sites_name_no_writer(before: str) -> None:
    found = read(before=before, head=ARTICLE + '<meta property="article:author" content="https://x.example/y">')
    assert (found.published, found.authors) == (None, ())
    dated = read("<h2>Drivers must go round</h2><p class=byline>By Ann Lee</p><p>1 May 2024</p>", before=before)
    assert (dated.published, dated.authors) == ("2024-05-01", ("Ann Lee",))


def test_a_day_over_the_headline_in_the_storys_own_head_is_its() -> None:
    page = (
        "<html><head><title>Old bridge to close</title></head><body><header class=post-header>"
        f"<time>1 May 2024</time><h1>Old bridge to close</h1></header>{PROSE}</body></html>"
    )
    found = read_metadata(document_fromstring(page), None, FETCHED, search_body=True)
    assert found.published == "2024-05-01"


def test_a_subtitle_does_not_hide_the_day_under_it() -> None:
    under = "<h2 class=subtitle>Drivers must go round</h2><p class=byline>By Ann Lee</p><p class=date>May 1, 2024</p>"
    found = read(under, head="")
    assert (found.published, found.authors) == ("2024-05-01", ("Ann Lee",))


def test_a_day_under_a_linked_heading_or_the_first_of_several_is_not_the_pages() -> None:
    assert read("<h2><a href=/1>Another story</a></h2><p class=date>May 1, 2024</p>", head="").published is None
    several = "".join(f"<h2>Story {n}</h2><p class=date>May {n}, 2024</p><p>Teaser</p>" for n in range(1, 4))
    assert read(several, head="").published is None


def stories(*given: dict[str, object]) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(each)}</script>' for each in given)


OTHER = {
    "@type": "NewsArticle",
    "headline": "Quite another story",
    "author": "Zed Other",
    "datePublished": "2011-01-01",
}
OWN = {"@type": "NewsArticle", "headline": "Old bridge to close", "author": "Ann Lee", "datePublished": "2024-05-01"}


@pytest.mark.parametrize("given", [(OTHER, OWN), (OWN, OTHER)])
def test_of_several_stories_in_the_json_ld_the_one_with_the_pages_headline_is_it(
    given: tuple[dict[str, object], ...],
) -> None:
    found = read(head=stories(*given))
    assert (found.authors, found.published, found.title) == (("Ann Lee",), "2024-05-01", "Old bridge to close")


def test_a_lone_story_in_the_json_ld_is_the_page_whatever_it_calls_itself() -> None:
    assert read(head=stories({**OWN, "headline": "Bridge shut: what you need to know"})).authors == ("Ann Lee",)
