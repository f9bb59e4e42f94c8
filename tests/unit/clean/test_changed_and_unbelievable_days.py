"""Days of changes beside those of publication, and days that cannot be."""

import json
from datetime import UTC, datetime

import pytest

from shared.models.clean_page import CleanPage
from shared.models.document import Document
from shared.models.raw_page import ContentType, Envelope, RawPage
from workers.clean import clean
from workers.enrich import enrich

PROSE = "<p>" + "The council of the port decided to close the old bridge, because its cables have rusted. " * 6 + "</p>"
FETCHED = datetime(2026, 6, 1, tzinfo=UTC)


def document(body: str, content_type: ContentType = "text/html") -> Document:
    url = "https://www.porttimes.example/news/bridge"
    envelope = Envelope(id="p", version=1, url=url, content_type=content_type, fetched_at=FETCHED)
    page: CleanPage = clean(RawPage(envelope=envelope, body=body.encode()))
    return enrich(page)


def page(by: str = "", head: str = "") -> Document:
    return document(
        f"<html><head><title>Old bridge to close</title>{head}</head>"
        f"<body><article><h1>Old bridge to close</h1>{by}{PROSE * 3}</article></body></html>"
    )


def story(**given: str) -> str:
    thing = {"@type": "NewsArticle", "headline": "Old bridge to close", **given}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


@pytest.mark.parametrize(
    "line",
    [
        "Published: May 1, 2024 | Updated: May 3, 2024",
        "Updated May 3, 2024 | Published May 1, 2024",
        "1 May 2024 (updated 3 May 2024)",
        "<span>Published May 1, 2024</span> <span>Updated May 3, 2024</span>",
    ],
)
def test_of_two_days_the_one_of_publication_is_told_whichever_comes_first(line: str) -> None:
    found = page(f"<p>{line}</p>")
    assert (found.published, found.evidence["published"].found_in) == ("2024-05-01", "byline")


@pytest.mark.parametrize(
    ("by", "head"),
    [
        ("<p>Last updated: 3 May 2024</p>", ""),
        ("<p>Updated <time datetime=2024-05-03>May 3</time></p>", ""),
        ("", story(dateModified="2024-05-03")),
        ("", story() + '<meta property="article:modified_time" content="2024-05-03">'),
    ],
)
def test_the_day_of_a_change_is_told_as_one_where_no_other_is_shown(by: str, head: str) -> None:
    found = page(by, head)
    assert (found.published, found.evidence["published"].found_in) == ("2024-05-03", "updated")
    assert found.evidence["published"].confidence < 0.5


def test_the_day_when_a_page_that_is_no_story_was_changed_is_not_its_publication() -> None:
    assert page(head='<meta property="article:modified_time" content="2024-05-03">').published is None


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("2031-01-01", "date-in-future"),
        ("9999-12-31T00:00:00Z", "date-in-future"),
        ("1970-01-01", "date-is-zero"),
        ("1970-01-01T00:00:00Z", "date-is-zero"),
        ("0001-01-01T00:00:00Z", "date-is-zero"),
        ("soon", "undated"),
        ("2024-05-01", None),
    ],
)
def test_a_day_that_a_page_declares_and_that_cannot_be_is_dropped_with_the_flag_that_says_why(
    said: str, flag: str | None
) -> None:
    for found in (
        page(head=f'<meta property="article:published_time" content="{said}">'),
        page(head=story(datePublished=said)),
        document(f"---\ntitle: Old bridge to close\ndate: {said}\n---\n\n{PROSE[3:-4]}\n", "text/markdown"),
    ):
        assert {"date-in-future", "date-is-zero", "undated"} & set(found.quality) == ({flag} if flag else set())
        assert (found.published is None) == (flag is not None)
        assert ("published" in found.evidence) == (flag is None)


def test_a_day_in_sight_is_believed_where_the_declared_one_cannot_be() -> None:
    found = page("<p class=date>1 May 2024</p>", '<meta property="article:published_time" content="2031-01-01">')
    assert (found.published, found.evidence["published"].found_in) == ("2024-05-01", "byline")


def test_a_day_beside_how_long_the_reading_takes_is_the_storys() -> None:
    assert page("<p>December 18, 2024 <!-- -->・ 3 min read</p>").published == "2024-12-18"
    assert page("<p>December 18, 2024 was a day of storms at sea</p>").published is None


@pytest.mark.parametrize("line", ["Joined: Jan 6, 2018", "<b>Member since</b> Jan 6, 2018", "Registered Jan 6, 2018"])
def test_the_day_when_a_writer_joined_is_not_the_storys(line: str) -> None:
    article = '<meta property="og:type" content="article">'
    assert page(f"<p>{line}</p><p>May 1, 2024</p>", article).published == "2024-05-01"
    assert page(f"<p>{line}</p>", article).published is None


def test_a_day_to_come_that_a_page_speaks_of_is_no_declared_one() -> None:
    found = page("<p class=date>5 December 2026</p>")
    assert "undated" in found.quality
