"""Given a search, then a feed reader can subscribe to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.feed_reading import read_feed
from tests.integration.query.conftest import Service, page, problem_in, serve

FIRST = datetime(2024, 6, 1, tzinfo=UTC)
KINDS = ("rss", "atom", "json")


def arrived(page_id: str, days: int, text: str = "The moon and the sea.", **fields: Any) -> Any:
    return page(page_id, text, indexed_at=FIRST + timedelta(days=days), url=f"https://example.org/{page_id}", **fields)


def entries(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    return [entry.id.removeprefix("urn:pagemill:page:") for entry in read_feed(answer.content).entries]


@pytest.mark.parametrize("kind", KINDS)
def test_what_arrived_last_comes_first(service: Service, writer: TantivyWriter, kind: str) -> None:
    writer.index([arrived("a", 1, published="2024-05-31"), arrived("b", 3), arrived("c", 2), arrived("d", 4, "Grain.")])
    assert entries(service.get(f"/v1/feeds/{kind}", params={"q": "moon"})) == ["b", "c", "a"]
    assert entries(service.get(f"/v1/feeds/{kind}", params={"q": "moon", "size": 1})) == ["b"]
    assert entries(service.get(f"/v1/feeds/{kind}")) == ["d", "b", "c", "a"]


@pytest.mark.parametrize("kind", KINDS)
def test_links_are_addresses_that_every_reader_can_take(service: Service, writer: TantivyWriter, kind: str) -> None:
    address = "https://example.org/a b?x=<y>&z={%20}é#q"
    writer.index([page("a", "The moon.", indexed_at=FIRST, url=address)])
    (entry,) = read_feed(service.get(f"/v1/feeds/{kind}").content).entries
    assert entry.link == "https://example.org/a%20b?x=%3Cy%3E&z=%7B%20%7D%C3%A9#q"


def test_filters_and_folding_hold_for_feeds(service: Service, writer: TantivyWriter) -> None:
    writer.index(
        [
            arrived("a", 1, site="one.example", story="a"),
            arrived("b", 2, site="two.example", story="a"),
            arrived("c", 3, site="three.example", story="c"),
        ]
    )
    asked = "/v1/feeds/atom?site=one.example&site=two.example"
    assert entries(service.get(asked)) == ["b", "a"]
    assert entries(service.get(f"{asked}&fold=story")) == ["b"]


def test_a_feed_waits_for_what_was_asked_for(service: Service, writer: TantivyWriter) -> None:
    writer.index([arrived("a", 1)])
    assert entries(service.get("/v1/feeds/rss", params={"q": "moon cheese"})) == []
    assert entries(service.get("/v1/feeds/rss", params={"q": "moon cheese", "match": "best"})) == ["a"]


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json")],
)
def test_a_feed_says_what_it_is_and_what_it_is_of(
    service: Service, writer: TantivyWriter, kind: str, media_type: str
) -> None:
    writer.index([arrived("a", 1, "The moon <script> & the sea.")])
    answer = service.get(f"/v1/feeds/{kind}", params={"q": "moon", "site": "x.example"})
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert read_feed(answer.content).title == "Pagemill: moon, site x.example"


def test_links_lead_back_by_the_name_that_was_called(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("a", "The moon.")])
    told = service.get("/v1/feeds/json", params={"q": "the moon", "match": "best"}, headers={"Host": "127.0.0.1:9"})
    feed = told.json()
    assert feed["feed_url"] == "http://127.0.0.1:9/v1/feeds/json?q=the+moon&match=best"
    assert feed["items"][0]["url"] == "http://127.0.0.1:9/documents/a"
    home = service.get(feed["home_page_url"].removeprefix("http://127.0.0.1:9"), headers={"Accept": "text/html"}).text
    assert 'href="/documents/a' in home


def test_where_an_address_is_set_links_lead_there(index: TantivyIndex) -> None:
    service = serve(index, url="https://mill.example/")
    assert service.get("/v1/feeds/json").json()["feed_url"] == "https://mill.example/v1/feeds/json"
    service.close()


@pytest.mark.parametrize("host", ["localhost:8800<x>", "localhost:8800/evil", "localhost:port"])
def test_a_host_with_more_behind_it_is_none(service: Service, host: str) -> None:
    assert problem_in(service.get("/v1/feeds/atom", headers={"Host": host}))["code"] == "unknown-host"


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_that_has_it_already_is_told_so(service: Service, writer: TantivyWriter, kind: str) -> None:
    path = f"/v1/feeds/{kind}?q=moon"
    writer.index([arrived("a", 1)])
    first = service.get(path)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    assert changed == "Sun, 02 Jun 2024 00:00:00 GMT"
    for held in ({"If-None-Match": tag}, {"If-None-Match": "*"}, {"If-Modified-Since": changed}):
        answer = service.get(path, headers=held)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    writer.index([arrived("b", 2)])
    for held in ({"If-None-Match": tag, "If-Modified-Since": changed}, {"If-Modified-Since": changed}):
        assert entries(service.get(path, headers=held)) == ["b", "a"]


def test_a_page_that_has_just_come_gives_no_date_that_would_hide_the_next(
    service: Service, writer: TantivyWriter
) -> None:
    writer.index([page("a", "The moon.", indexed_at=datetime.now(UTC) + timedelta(seconds=60))])
    answer = service.get("/v1/feeds/atom")
    assert "last-modified" not in answer.headers
    again = service.get("/v1/feeds/atom", headers={"If-Modified-Since": "Sun, 02 Jun 2999 00:00:00 GMT"})
    assert entries(again) == ["a"]


@pytest.mark.parametrize("since", ["yesterday", "", "Sun, 02 Jun 2999 00:00:00 -0000", "99999"])
def test_a_date_that_is_none_counts_for_nothing(service: Service, writer: TantivyWriter, since: str) -> None:
    writer.index([arrived("a", 1)])
    assert entries(service.get("/v1/feeds/rss", headers={"If-Modified-Since": since})) == ["a"]


@pytest.mark.parametrize(
    "query", ["size=0", "size=101", "sort=newest", "facets=site", "cursor=x", "other=1", "q=a&q=b"]
)
def test_wrong_parameters_are_refused(service: Service, query: str) -> None:
    problem = problem_in(service.get(f"/v1/feeds/rss?{query}"))
    assert (problem["status"], problem["code"]) == (422, "invalid")


def test_a_mistake_is_told_where_strictness_was_asked_for(service: Service) -> None:
    problem = problem_in(service.get("/v1/feeds/rss", params={"q": '"moon', "mode": "strict"}))
    assert (problem["code"], problem["pointer"]) == ("query-syntax", "/query/q")


def test_there_are_no_other_kinds(service: Service) -> None:
    assert problem_in(service.get("/v1/feeds/rdf"))["status"] == 404
