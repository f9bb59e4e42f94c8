"""Which heading is a page's headline, and what of it are words."""

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from workers.clean.metadata import Metadata, read_metadata

PROSE = "<p>" + "The ferry that links the mainland with the four northern isles was cancelled on Tuesday. " * 6 + "</p>"


def read(tag: str, body: str, head: str = "", url: str | None = "https://www.example.org/x") -> Metadata:
    page = f"<html lang=en><head><title>{tag}</title>{head}</head><body>{body}{PROSE}</body></html>"
    return read_metadata(document_fromstring(page), url, datetime(2026, 6, 1, tzinfo=UTC), search_body=True)


def title(tag: str, body: str, head: str = "", url: str | None = "https://www.example.org/x") -> str | None:
    return read(tag, body, head, url).title


@pytest.mark.parametrize(
    ("tag", "body", "head"),
    [
        ("{} - Port Times", "<header><h1><a href='/'>Port Times</a></h1></header><h2>{}</h2>", ""),
        ("{} - Port Times", "<h1><a href='https://www.example.org/'>Port Times</a></h1><h2>{}</h2>", ""),
        ("{} - Port Times", "<a href='/index.html'><h1>Port Times</h1></a><h2>{}</h2>", ""),
        ("{} - Port Times", "<div id=page-header><h1>Port Times</h1></div><h2><a href=v.php>{}</a></h2>", ""),
        ("Port Times - View topic - {}", "<div id=page-header><h1>Port Times</h1></div><h2>{}</h2>", ""),
        ("{} | Port Times", "<h1>Port Times</h1><p>x</p>", "<meta property='og:title' content='{}'>"),
        ("{}", "<h1 class=site-title>Port Times</h1><h2>{}</h2>", ""),
        ("{} - Port Times", "<h1><a href='/'><svg><title>Artboard</title></svg>Port Times</a></h1><h1>{}</h1>", ""),
    ],
)
@pytest.mark.parametrize("url", ["https://www.example.org/x", None])
def test_a_heading_that_is_the_sites_name_is_not_the_headline(tag: str, body: str, head: str, url: str | None) -> None:
    name = "Ferry cancelled again"
    assert title(tag.format(name), body.format(name), head.format(name), url) == name


@pytest.mark.parametrize(
    ("tag", "body"),
    [
        ("Ferry cancelled again - News", "<h1>Ferry cancelled again</h1><h2>News</h2>"),
        ("Ferry cancelled again - Port Times", "<h1><a href='/x'>Ferry cancelled again</a></h1>"),
        ("Ferry cancelled again - News", "<header><h1>Ferry cancelled again</h1><h2>News</h2></header>"),
        ("Ferry cancelled again - Port Times", "<h1><a href='https://ferry.example/'>Ferry cancelled again</a></h1>"),
        ("Ferry cancelled again - Port Times", "<h1><a href='index.html'>Ferry cancelled again</a></h1>"),
        ("Ferry cancelled again - Port Times", "<h1 class=masthead-title>Ferry cancelled again</h1>"),
        ("Untitled Document", "<h1>Ferry cancelled again</h1>"),
        ("Ferry cancelled again", "<h1><a href='/'>Ferry cancelled again</a></h1>"),
    ],
)
def test_a_headline_that_looks_a_little_like_a_sites_name_stays_one(tag: str, body: str) -> None:
    assert title(tag, body) == "Ferry cancelled again"


def test_the_headline_below_a_sites_name_is_read_as_it_stands_in_the_page() -> None:
    body = "<div id=page-header><h1>Port Times</h1></div><h2>Ferry cancelled again</h2>"
    found = read("Port Times - View topic - Ferry cancelled again", body)
    assert (found.title, found.evidence["title"].found_in) == ("Ferry cancelled again", "h1")


def test_on_the_front_page_the_sites_name_is_the_headline() -> None:
    found = read(
        "Port Times - news", "<h1><a href='/'>Port Times</a></h1><h2>news</h2>", url="https://www.example.org/"
    )
    assert found.title == "Port Times"
    assert found.evidence["title"].found_in == "h1"


@pytest.mark.parametrize(
    "heading",
    [
        "Timeouts<a class=headerlink href='#timeouts' title='Permalink to this heading'>¶</a>",
        "Timeouts<a class=headerlink href='#timeouts'>Â¶</a>",
        "<a class=anchor href='#timeouts'>#</a> Timeouts",
        "Timeouts<a class=hash-link href='#timeouts'>\u200b</a>",
        "Timeouts <button>Copy link</button>",
        "<svg><title>Artboard Created with Sketch.</title></svg> Timeouts",
        "Timeouts<span style='display: none'>Section 3</span>",
    ],
)
def test_signs_buttons_and_drawings_in_a_heading_are_not_its_words(heading: str) -> None:
    assert title("Timeouts - fetchlib 3.2", f"<h1>{heading}</h1>") == "Timeouts"


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("駅前の<em>書店</em>、百年の歴史に幕", "駅前の書店、百年の歴史に幕"),
        ("<span>駅前の</span><span>書店</span>", "駅前の書店"),
        ("Fer<em>ry</em> can<b>c</b>elled, H<sub>2</sub>O", "Ferry cancelled, H2O"),
        ("<span>P</span><span>l</span><span>a</span><span>n</span> it", "Plan it"),
        ("Ferry cancelled<br>again", "Ferry cancelled again"),
        ("<div>Ferry cancelled</div><div>again</div>", "Ferry cancelled again"),
        ("<span>Ferry cancelled</span><span>again</span>", "Ferry cancelled again"),
        ("Ferry cancelled<small>once more</small>", "Ferry cancelled once more"),
    ],
)
def test_the_words_of_a_heading_are_parted_where_readers_see_them_parted(heading: str, words: str) -> None:
    assert title(words, f"<h1>{heading}</h1>") == words
