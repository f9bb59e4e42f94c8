"""What a page says of itself, and where: each page here is a kind of page."""

import json
from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from workers.clean.days import days_in, read_day
from workers.clean.metadata import Metadata, read_metadata

FETCHED = datetime(2026, 6, 1, tzinfo=UTC)
PROSE = "<p>" + "The harbour was quiet when the first boats came in, and nobody spoke of the storm. " * 6 + "</p>"


def read(body: str, head: str = "", url: str = "https://paper.example/news/boats-return") -> Metadata:
    page = f"<html lang=en><head><title>Boats return | The Paper</title>{head}</head><body>{body}{PROSE}</body></html>"
    return read_metadata(document_fromstring(page), url, FETCHED, search_body=True)


def things(*given: dict[str, object]) -> str:
    return f'<script type="application/ld+json">{json.dumps(list(given))}</script>'


def story(**given: object) -> str:
    return things({"@type": "NewsArticle", "headline": "Boats return", **given})


@pytest.mark.parametrize(
    ("written", "day", "zone"),
    [
        ("2025-01-28T12:00:00-05:00", "2025-01-28T17:00:00Z", "-05:00"),
        ("2025-01-28T22:00:00-0500", "2025-01-28", "-05:00"),
        ("2025-01-28T12:00:00.123Z", "2025-01-28T12:00:00Z", "UTC"),
        ("2025-01-28T00:00:00+00:00", "2025-01-28", "UTC"),
        ("2020-03-11 14:49:33", "2020-03-11", None),
        ("Tue, 28 Jan 2025 22:00:00 GMT", "2025-01-28T22:00:00Z", "UTC"),
        ("1737583621", "2025-01-22T22:07:01Z", "UTC"),
        ("20250128", "2025-01-28", None),
        ("January 28th, 2025", "2025-01-28", None),
        ("28. Januar 2025", "2025-01-28", None),
        ("12 de enero de 2024", "2024-01-12", None),
        ("2024年3月5日", "2024-03-05", None),
        ("Thu, 09/25/2025 - 11:38", "2025-09-25", None),
        ("Wed May 01 2024 08:00:00 GMT+0200 (CEST)", "2024-05-01T06:00:00Z", "+02:00"),
    ],
)
def test_a_day_is_read_in_many_spellings_and_knows_its_zone(written: str, day: str, zone: str | None) -> None:
    found = read_day(written)
    assert found is not None
    assert (found.text, found.zone) == (day, zone)


@pytest.mark.parametrize(
    "text",
    [
        "1 maja 2024",
        "środa, 1 maja 2024, 10:15",
        "den 1 maj 2024",
        "1. mai 2024",
        "1 května 2024",
        "2024. május 1.",
        "1 May\u0131s 2024",
        "1 травня 2024",
        "1 Μαΐου 2024",
        "1. toukokuuta 2024",
        "1 Mei 2024",
        "ngày 1 tháng 5 năm 2024",
        "1 मई 2024",
        "1 مايو 2024",
        "\u0661 مايو \u0662\u0660\u0662\u0664",
        "1 أيار/مايو 2024",
        "1 במאי 2024",
        "1 พฤษภาคม 2567",
        "1 พ.ค. 2567",
        "2024년 5월 1일",
        "2024. 5. 1.",
        "Wednesday, May 1, 2024",
    ],
)
def test_a_day_is_read_in_the_words_of_many_languages(text: str) -> None:
    assert [day.text for day in days_in(text)] == ["2024-05-01"]


def test_months_of_two_words_are_read() -> None:
    assert [day.text for day in days_in("15 كانون الثاني 2024, 15 تشرين الأول 2024")] == ["2024-01-15", "2024-10-15"]


@pytest.mark.parametrize(
    "text",
    ["3/4/2024", "2025-13-45", "on page 12 of 2024", "since 1950-01-01", "v2.10.2023b", "12 copies 2024", "Vol 3 2024"],
)
def test_what_is_no_day_or_two_days_is_not_read_as_one(text: str) -> None:
    assert list(days_in(text)) == []


def test_a_declared_day_wins_over_the_one_in_sight_and_says_its_zone() -> None:
    head = '<meta property="article:published_time" content="2025-03-04T10:00:00+01:00">'
    found = read("<h1>Boats return</h1><time datetime=2025-03-09>March 9</time>", head)
    assert found.published == "2025-03-04T09:00:00Z"
    assert found.evidence["published"].found_in == "meta"
    assert found.evidence["published"].zone == "+01:00"


def test_a_day_beside_the_headline_is_found_with_less_confidence_and_no_zone() -> None:
    found = read("<h1>Boats return</h1><div class=meta><span>4 March 2025</span></div>")
    assert found.published == "2025-03-04"
    assert found.evidence["published"].zone == "unknown"
    assert found.evidence["published"].confidence < 0.9


def test_the_day_of_a_change_is_taken_only_where_there_is_no_other() -> None:
    both = "<h1>Boats return</h1><p>Updated March 9, 2025</p><p>Published March 4, 2025</p>"
    assert read(both, story()).published == "2025-03-04"
    changed = read("<h1>Boats return</h1><p>Updated March 9, 2025</p>", story())
    assert changed.published == "2025-03-09"
    assert changed.evidence["published"].found_in == "updated"


def test_days_on_cards_under_a_list_are_not_the_lists_own() -> None:
    cards = "".join(f"<h2>Story {n}</h2><time datetime=2025-03-0{n}>March {n}</time>" for n in range(1, 5))
    assert read(f"<h1>News</h1>{cards}").published is None


def test_a_day_that_the_story_speaks_of_is_not_its_own() -> None:
    told = "On March 4, 2025 the storm had sunk more boats than in any year since the war, they say."
    assert read(f"<h1>Boats return</h1><p>{told}</p>").published is None


def test_a_page_that_is_only_a_web_page_is_not_given_its_machine_date() -> None:
    page = things({"@type": "WebPage", "datePublished": "2020-01-01", "dateModified": "2024-01-01"})
    assert read("<h1>Our services</h1>", page).published is None


def test_the_day_in_the_address_is_found() -> None:
    assert read("<h1>Boats return</h1>", url="https://paper.example/2025/03/04/boats").published == "2025-03-04"


def test_people_win_over_the_house_as_writers() -> None:
    by = story(author=[{"@type": "Organization", "name": "The Paper"}, {"@type": "Person", "name": "Ann Other"}])
    assert read("<h1>Boats return</h1>", by).authors == ("Ann Other",)


def test_a_writer_is_followed_to_where_the_page_tells_the_name() -> None:
    graph = things(
        {"@type": "Article", "headline": "Boats return", "author": {"@id": "#ann"}},
        {"@type": "Person", "@id": "#ann", "name": "Ann Other"},
    )
    assert read("<h1>Boats return</h1>", graph).authors == ("Ann Other",)


def test_json_ld_with_a_comma_too_many_is_read() -> None:
    broken = (
        '<script type="application/ld+json">{"@type":"Article","headline":"x","author":{"name":"Ann Other",},}</script>'
    )
    assert read("<h1>Boats return</h1>", broken).authors == ("Ann Other",)


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("<p>By Ann Other and Bo Example, Senior Editor</p>", ("Ann Other", "Bo Example")),
        ("<p>By</p><a href=/ann>Ann Other</a>", ("Ann Other",)),
        ("<p>By Ann Other | March 4, 2025</p>", ("Ann Other",)),
        ("<span class=author-name>Ann Other</span>", ("Ann Other",)),
        ("<span>Ann Other</span><time datetime=2025-03-04>March 4</time>", ("Ann Other",)),
        ("<p>Photo by</p><a>Cam Era</a>", ()),
        ("<p>Reviewed by the board</p>", ()),
    ],
)
def test_a_byline_is_read_as_people_write_it(byline: str, authors: tuple[str, ...]) -> None:
    assert read(f"<h1>Boats return</h1>{byline}").authors == authors


def test_the_sites_own_name_is_nobodys_byline_where_a_person_is_named() -> None:
    head = '<meta property="og:site_name" content="The Paper"><meta name=author content="The Paper">'
    assert read("<h1>Boats return</h1><p>By Ann Other</p>", head).authors == ("Ann Other",)


def test_what_the_page_calls_its_writer_for_twitter_is_read() -> None:
    head = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Other">'
    assert read("<h1>Boats return</h1>", head).authors == ("Ann Other",)


@pytest.mark.parametrize(
    ("body", "head", "title"),
    [
        (
            "<h1>The Paper</h1><h2>x</h2>",
            '<meta property="og:title" content="Boats return - The Paper">',
            "Boats return",
        ),
        (
            "<h1>Boats return to the harbour</h1>",
            '<meta property="og:title" content="Boats return">',
            "Boats return to the harbour",
        ),
        (
            "<h1>Boats return (12 comments)</h1>",
            '<meta property="og:title" content="All boats return">',
            "Boats return (12 comments)",
        ),
        ("<h1>News</h1>", '<meta property="og:title" content="News | The Paper">', "News"),
    ],
)
def test_the_headline_is_the_one_that_readers_see(body: str, head: str, title: str) -> None:
    assert read(body, f'<meta property="og:site_name" content="The Paper">{head}').title == title


@pytest.mark.parametrize(
    ("title", "site"),
    [("★ | The Paper", "The Paper"), ("★ Boats return | The Paper", "The Paper"), ("Boats | ★", None)],
)
def test_signs_alone_name_no_site(title: str, site: str | None) -> None:
    page = f"<html><head><title>{title}</title></head><body>{PROSE}</body></html>"
    found = read_metadata(document_fromstring(page), None, FETCHED, search_body=True)
    assert found.site_name == site


def test_the_front_page_is_called_as_its_site() -> None:
    head = '<meta property="og:site_name" content="The Paper"><meta property="og:title" content="Home">'
    page = f"<html><head><title>Home - The Paper</title>{head}</head><body>{PROSE}</body></html>"
    found = read_metadata(document_fromstring(page), "https://paper.example/", FETCHED, search_body=True)
    assert found.title == "The Paper"


def test_the_first_posting_of_a_thread_gives_writer_and_day() -> None:
    body = (
        "<h1>Boats return</h1>"
        "<div class=post><a class=username>sailor42</a><time datetime=2025-03-04>4 March</time></div>"
        "<div class=post><a class=username>mate</a><time datetime=2025-03-05>5 March</time></div>"
    )
    found = read(body, url="https://forum.example/threads/boats-return.12345")
    assert (found.authors, found.published) == (("sailor42",), "2025-03-04")


@pytest.mark.parametrize(
    "shown",
    [
        "<relative-time datetime=2025-03-04T10:00:00Z>last year</relative-time>",
        "<span class=relative-date data-time=1741082400000>1y</span>",
        "<abbr class=DateTime data-time=1741082400>March 4</abbr>",
        "<span class=timeago title=2025-03-04T10:00:00Z></span>",
    ],
)
def test_the_day_of_a_posting_is_read_where_the_software_keeps_it(shown: str) -> None:
    body = f"<h1>Boats return</h1><div class=post><a class=username>sailor42</a>{shown}</div>"
    found = read(body, url="https://forum.example/threads/boats-return.12345")
    assert found.published == "2025-03-04T10:00:00Z"
    assert found.evidence["published"].found_in == "time"


def test_publisher_canonical_address_and_picture_are_found() -> None:
    publisher = {"@type": "Organization", "name": "The Paper"}
    head = story(publisher=publisher, image={"url": "/boats.jpg"}) + '<link rel=canonical href="/news/boats">'
    found = read("<h1>Boats return</h1>", head)
    assert found.site_name == "The Paper"
    assert found.canonical_url == "https://paper.example/news/boats"
    assert found.image == "https://paper.example/boats.jpg"
    assert found.evidence["site_name"].found_in == "json-ld"


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"WebSite","name":"The Paper"}{"@type":"Article","headline":"x","author":"Ann Other"}',
        '{"@type":"WebSite","name":"The Paper"};\n{"@type":"Article","headline":"x","author":"Ann Other"}',
        '{"@type":"Article","headline":"x","description":"He said "no" to it","author":"Ann Other"}',
    ],
)
def test_json_ld_in_pieces_or_with_quotes_in_its_texts_is_read(broken: str) -> None:
    script = f'<script type="application/ld+json">{broken}</script>'
    assert read("<h1>Boats return</h1>", script).authors == ("Ann Other",)


def test_addresses_in_the_head_start_from_the_pages_base() -> None:
    head = '<base href="https://cdn.example/z/"><link rel=canonical href="boats">'
    found = read("<h1>Boats return</h1>", head + '<meta property="og:image" content="boats.jpg">')
    assert found.canonical_url == "https://cdn.example/z/boats"
    assert found.image == "https://cdn.example/z/boats.jpg"
