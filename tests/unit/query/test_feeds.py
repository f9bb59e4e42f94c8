"""Given entries, then every kind of feed says the same of them, whatever is in their texts."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.query.feeds import FORMATS, Entry, Feed, FeedName, entry_of
from shared.models.document import Document
from tests.feed_reading import ReadFeed, read_feed

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
MARKED = "The <mark>moon</mark> &amp; the sea."


def entry(**fields: Any) -> Entry:
    known = {"id": "urn:pagemill:page:p", "url": "https://example.org/p", "title": "Tides", "updated": NOON}
    return Entry.model_validate({**known, **fields})


def feed(*entries: Entry, **fields: Any) -> Feed:
    known = {"id": "urn:pagemill:search:1", "title": "Pagemill: moon", "description": "Of the moon"}
    places = {"home": "http://localhost/v1/search?q=moon", "address": "http://localhost/v1/feeds/atom?q=moon&size=2"}
    return Feed.model_validate({**known, **places, "entries": entries, **fields})


def document(**fields: Any) -> Document:
    known = {"id": "p", "version": 1, "text": "", "fetched_at": NOON, "word_count": 0, "reading_minutes": 0}
    return Document.model_validate({**known, **fields})


def read(name: FeedName, made: Feed) -> ReadFeed:
    return read_feed(FORMATS[name].write(made))


@pytest.mark.parametrize(
    ("name", "version"), [("rss", "rss20"), ("atom", "atom10"), ("json", "https://jsonfeed.org/version/1.1")]
)
def test_a_reader_finds_in_it_what_was_put_in(name: FeedName, version: str) -> None:
    published = datetime(2024, 5, 31, tzinfo=UTC)
    made = entry(published=published, authors=("Jane Doe",), summary="The <b>moon</b> &amp; the sea.", language="en")
    told = read(name, feed(made, entry(id="urn:pagemill:page:q", title="Grain")))
    assert (told.version, told.title) == (version, "Pagemill: moon")
    assert [each.id for each in told.entries] == ["urn:pagemill:page:p", "urn:pagemill:page:q"]
    first = told.entries[0]
    assert (first.title, first.link, first.author) == ("Tides", "https://example.org/p", "Jane Doe")
    assert first.day == (2024, 5, 31)
    assert first.summary == "The <b>moon</b> &amp; the sea."


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_tags_are_categories(name: FeedName) -> None:
    (told,) = feedparser.parse(FORMATS[name].write(feed(entry(tags=("sea", "moon"))))).entries
    assert [tag.term for tag in told.tags] == ["sea", "moon"]


def test_the_json_feed_has_all_that_its_version_asks_for() -> None:
    told = json.loads(FORMATS["json"].write(feed(entry(tags=("sea",), authors=("Jane Doe",), summary=MARKED))))
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == "http://localhost/v1/feeds/atom?q=moon&size=2"
    assert told["items"] == [
        {
            "id": "urn:pagemill:page:p",
            "url": "https://example.org/p",
            "title": "Tides",
            "content_html": MARKED,
            "date_modified": "2024-06-01T12:00:00Z",
            "authors": [{"name": "Jane Doe"}],
            "tags": ["sea"],
        }
    ]


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_a_feed_links_to_itself(name: FeedName) -> None:
    links = feedparser.parse(FORMATS[name].write(feed(entry()))).feed.links
    assert [link.href for link in links if link.rel == "self"] == ["http://localhost/v1/feeds/atom?q=moon&size=2"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_without_entries_is_one(name: FeedName) -> None:
    assert read(name, feed()).entries == []
    assert FORMATS[name].write(feed()) == FORMATS[name].write(feed())


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_markup_in_a_title_is_text_and_ends_nothing(name: FeedName) -> None:
    hostile = "]]></title><script>alert(1)</script>\x00\x1b\ud800\ufffe\u202egnp"
    top = fromstring(FORMATS[name].write(feed(entry(title=hostile, tags=(hostile,), authors=(hostile,)))))
    titles = [each.text for each in top.iter() if each.tag.endswith("title")]
    assert titles[-1] == "]]></title><script>alert(1)</script>gnp"
    assert not [each for each in top.iter() if each.tag.endswith("}script") or each.tag == "script"]


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_no_text_breaks_a_feed(title: str, author: str, summary: str) -> None:
    made = feed(entry(title=title, authors=(author,), tags=(title,), summary=summary), title=title, description=author)
    assert fromstring(FORMATS["rss"].write(made)).find("channel/item/guid") is not None
    assert fromstring(FORMATS["atom"].write(made)).find("{http://www.w3.org/2005/Atom}entry") is not None
    assert json.loads(FORMATS["json"].write(made).decode())["items"][0]["id"] == "urn:pagemill:page:p"


def test_a_page_without_a_title_is_known_by_how_it_begins() -> None:
    assert entry_of(document(text="The moon. " * 30), "http://localhost").title.startswith("The moon. The moon.")
    assert len(entry_of(document(text="x" * 500), "http://localhost").title) == 101
    assert entry_of(document(url="https://example.org/p"), "http://localhost").title == "https://example.org/p"
    assert entry_of(document(title=" \n "), "http://localhost").title == "p"


def test_a_reader_is_sent_to_the_web_or_to_the_document_and_nowhere_else() -> None:
    assert entry_of(document(url="https://example.org/p"), "http://localhost").url == "https://example.org/p"
    for url in (None, "javascript:alert(1)", "file:///etc/passwd"):
        assert entry_of(document(url=url), "http://localhost").url == "http://localhost/documents/p"


def test_without_a_snippet_the_summary_is_the_page_s_own_beginning_escaped() -> None:
    assert entry_of(document(text="<b>bold</b>"), "http://localhost").summary == "&lt;b&gt;bold&lt;/b&gt;"
    assert entry_of(document(text="x", standfirst="A\nB"), "http://localhost").summary == "A B"
    assert entry_of(document(text="x"), "http://localhost", MARKED).summary == MARKED


def test_an_entry_keeps_its_id_through_all_versions() -> None:
    assert entry_of(document(version=1), "http://a").id == entry_of(document(version=2, title="x"), "http://b").id
