"""Saved searches as a client calls them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis

from services.http.app import make_app
from services.query.saved_searches import Parts, SearchRoom, make_saved_searches
from shared import clients
from shared.models.saved_search import SavedQuery
from shared.private_addresses import Allowed
from shared.saved_searches import Inboxes
from shared.saved_searches.events import Found, member
from shared.search.tantivy import TantivyIndex, TantivyWriter
from shared.settings import Settings
from tests.integration.query.conftest import Service, page, problem_in

ROOT = "/v1/saved-searches"
FERRY = page("ferry", "The ferry runs again.", title="Ferry & <harbour>", url="https://news.example/ferry")
MILL = page("mill", "The mill grinds.", indexed_at=datetime(2024, 7, 1, tzinfo=UTC))


@pytest.fixture
def settings(valkey_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, redis_url=valkey_url, saved_searches_max=3)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[TantivyWriter]:
    writing = TantivyWriter(tmp_path / "index", heap_bytes=15_000_000)
    writing.index([FERRY, MILL])
    yield writing
    writing.close()


@pytest.fixture
def service(settings: Settings, valkey: redis.Redis, writer: TantivyWriter) -> Iterator[Service]:
    index = TantivyIndex(settings.data / "index", cursor_idle_seconds=300, snapshots_max=8)
    parts = Parts(
        searches=clients.saved_searches(settings, valkey),
        inboxes=clients.inboxes(settings, valkey),
        outbox=clients.outbox(settings, valkey),
        index=index,
        matcher=lambda: clients.matcher(settings),
        limits=settings.query_limits,
        most=settings.saved_searches_max,
        allowed=Allowed(["10.1.0.0/16"]),
    )
    serving = Service(make_app("search", settings, routers=[make_saved_searches(SearchRoom(parts))]))
    yield serving
    serving.close()
    index.close()


@pytest.fixture
def inboxes(settings: Settings, valkey: redis.Redis) -> Inboxes:
    return clients.inboxes(settings, valkey)


def save(service: Service, **asked: Any) -> Any:
    answer = service.ask("POST", ROOT, json={"name": "Ferries", **asked})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{ROOT}/{answer.json()['id']}"
    return answer.json()


def test_a_search_is_saved_shown_changed_and_deleted(service: Service) -> None:
    made = save(service, query={"q": "ferry", "site": "news.example", "from": "2024-01-01"})
    assert made["query"] == {
        **SavedQuery().model_dump(mode="json", by_alias=True),
        "q": "ferry",
        "site": ["news.example"],
        "from": "2024-01-01",
    }
    assert (made["webhook"], made["alerts"], made["warnings"]) == (None, 0, [])
    path = f"{ROOT}/{made['id']}"
    assert service.get(path).json() == made
    changed = service.ask("PUT", path, json={"name": "Mills", "query": {"q": "mill"}}).json()
    assert (changed["id"], changed["name"], changed["query"]["q"]) == (made["id"], "Mills", "mill")
    assert changed["changed_at"] > made["created_at"]
    assert service.get(path).json() == changed
    assert service.ask("DELETE", path).status_code == 204
    assert problem_in(service.get(path))["code"] == "saved-search-not-found"
    assert problem_in(service.ask("DELETE", path))["code"] == "saved-search-not-found"
    assert problem_in(service.ask("PUT", path, json={"name": "x"}))["code"] == "saved-search-not-found"


def test_the_list_is_read_page_by_page(service: Service) -> None:
    ids = [save(service, name=name)["id"] for name in ("one", "two", "three")]
    first = service.get(ROOT, params={"size": 2}).json()
    second = service.get(ROOT, params={"size": 2, "cursor": first["next"]}).json()
    assert first["total"] == 3
    assert sorted(ids) == [each["id"] for each in (*first["items"], *second["items"])]
    assert second["next"] is None


def test_no_more_are_saved_than_may_be(service: Service) -> None:
    for _ in range(3):
        save(service)
    told = problem_in(service.ask("POST", ROOT, json={"name": "x"}))
    assert (told["status"], told["code"]) == (409, "saved-searches-full")
    assert told["limit"] == "PAGEMILL_SAVED_SEARCHES_MAX"


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "x", "query": {"q": "(a", "mode": "strict"}}, "/query/q"),
        ({"name": "x", "query": {"q": "a" * 5000}}, "/query/q"),
        ({"name": "x", "query": {"facets": "site"}}, "/query/facets"),
        ({"name": "x", "query": {"from": "2024-02-01", "to": "2024-01-01"}}, "/query/to"),
        ({"name": "x", "webhook": {"url": "ftp://hook.example/"}}, "/webhook/url"),
        ({"name": "x", "webhook": {"url": "https://user:word@hook.example/"}}, "/webhook/url"),
        ({"name": "x", "webhook": {"url": "https://hook.example/", "secret": "short"}}, "/webhook/secret"),
        (
            {"name": "x", "webhook": {"url": "https://hook.example/", "secret": "whsec_!!!!notbase64!!!!"}},
            "/webhook/secret",
        ),
        ({"name": "x", "webhook": {"url": "https://hook.example/", "secret": "whsec_abcdefghijk"}}, "/webhook/secret"),
        (
            {"name": "x", "webhook": {"url": "https://hook.example/", "secret": "whsec_aw==AAAAAAAAAAAAAAAAAAAA"}},
            "/webhook/secret",
        ),
        ({"name": "x", "webhook": {"url": "https://hook.example/", "secret": "whsec_c2hvcnQ="}}, "/webhook/secret"),
        ({"name": "x", "webhook": {"url": "https://hook.example:99999/"}}, "/webhook/url"),
        ({"name": "x", "colour": "red"}, "/colour"),
    ],
)
def test_what_cannot_be_saved_is_refused_where_it_is_wrong(service: Service, asked: Any, pointer: str) -> None:
    told = problem_in(service.ask("POST", ROOT, json=asked))
    assert (told["status"], told.get("pointer")) == (422, pointer)
    assert service.get(ROOT).json()["total"] == 0


def test_mistakes_that_are_read_past_are_told(service: Service) -> None:
    made = save(service, query={"q": "(ferry"})
    assert made["warnings"]
    assert service.get(f"{ROOT}/{made['id']}").json()["warnings"] == made["warnings"]


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://10.0.0.1/", True),
        ("http://[::ffff:192.168.0.1]/", True),
        ("http://localhost:8080/hook", True),
        ("http://localhost.:8080/hook", True),
        ("http://127.0.0.1/", True),
        ("http://127.1/", True),
        ("http://0x7f000001/", True),
        ("http://2130706433/", True),
        ("http://10.1.2.3/", False),
        ("https://hook.example/", False),
        ("https://93.184.216.34/", False),
    ],
)
def test_a_webhook_that_will_not_be_called_is_warned_of(service: Service, url: str, *, warned: bool) -> None:
    made = save(service, query={"q": "ferry"}, webhook={"url": url})
    changed = service.ask("PUT", f"{ROOT}/{made['id']}", json={"name": "Ferries", "webhook": {"url": url}}).json()
    for told in (made, changed):
        assert [warning["code"] for warning in told["warnings"]] == ["webhook-private"] * warned


def test_the_secret_of_a_webhook_is_told_once_and_kept_where_none_is_sent(service: Service) -> None:
    made = save(service, webhook={"url": "https://hook.example/a"})
    secret = made["webhook"]["secret"]
    assert secret.startswith("whsec_")
    path = f"{ROOT}/{made['id']}"
    assert service.get(path).json()["webhook"]["secret"] is None
    moved = service.ask("PUT", path, json={"name": "x", "webhook": {"url": "https://hook.example/b"}}).json()
    assert (moved["webhook"]["url"], moved["webhook"]["secret"]) == ("https://hook.example/b", None)
    fresh = {"url": "https://hook.example/b", "secret": "another-secret-of-ours"}
    assert service.ask("PUT", path, json={"name": "x", "webhook": fresh}).json()["webhook"]["secret"] == fresh["secret"]
    assert secret not in service.get(ROOT).text


def test_an_inbox_tells_of_the_pages_as_they_are_now(service: Service, inboxes: Inboxes, writer: TantivyWriter) -> None:
    made = save(service, query={"q": "ferry"})
    inboxes.note([Found(made["id"], member(FERRY), sent=False), Found(made["id"], member(MILL), sent=False)])
    told = service.get(f"{ROOT}/{made['id']}/inbox").json()
    assert (told["search"], told["total"], told["next"]) == (made["id"], 2, None)
    mill, ferry = told["items"]
    assert (mill["document"]["id"], ferry["document"]["title"]) == ("mill", "Ferry & <harbour>")
    assert ferry["document"]["summary"] == "The ferry runs again."
    writer.delete({"mill": 2})
    assert [each["id"] for each in service.get(f"{ROOT}/{made['id']}/inbox").json()["items"]] == [ferry["id"]]


def test_an_inbox_is_gone_on_with_from_its_oldest_end(service: Service, inboxes: Inboxes) -> None:
    made = save(service)
    path = f"{ROOT}/{made['id']}/inbox"
    empty = service.get(path, params={"order": "oldest"}).json()
    assert (empty["items"], empty["next"]) == ([], None)
    inboxes.note([Found(made["id"], member(FERRY), sent=False)])
    first = service.get(path, params={"order": "oldest"}).json()
    assert [each["document"]["id"] for each in first["items"]] == ["ferry"]
    later = {"order": "oldest", "cursor": first["next"]}
    assert service.get(path, params=later).json() == {**first, "items": []}
    inboxes.note([Found(made["id"], member(MILL), sent=False)])
    assert [each["document"]["id"] for each in service.get(path, params=later).json()["items"]] == ["mill"]


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_an_inbox_is_a_feed_that_a_reader_has_already(service: Service, inboxes: Inboxes, kind: str) -> None:
    made = save(service)
    inboxes.note([Found(made["id"], member(FERRY), sent=False)])
    path = f"{ROOT}/{made['id']}/inbox/{kind}"
    answer = service.get(path)
    assert answer.status_code == 200
    assert "https://news.example/ferry" in answer.text
    alert = service.get(f"{ROOT}/{made['id']}/inbox").json()["items"][0]["id"]
    assert f"urn:pagemill:alert:{alert}" in answer.text
    assert "<harbour>" not in answer.text or kind == "json"
    assert service.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_a_saved_search_is_tried_on_a_document_or_on_the_newest(service: Service) -> None:
    made = save(service, query={"q": "ferry"})
    path = f"{ROOT}/{made['id']}/test"
    newest = service.get(path).json()["documents"]
    assert [(each["id"], each["matches"]) for each in newest] == [("mill", False), ("ferry", True)]
    one = service.get(path, params={"document": "ferry"}).json()["documents"]
    assert one == [{"id": "ferry", "version": 1, "title": "Ferry & <harbour>", "matches": True}]
    assert problem_in(service.get(path, params={"document": "nobody"}))["code"] == "document-not-found"
    assert service.get(f"{ROOT}/{made['id']}/inbox").json()["total"] == 0


def test_what_a_webhook_never_took_is_shown_and_sent_once_more(
    service: Service, inboxes: Inboxes, settings: Settings, valkey: redis.Redis
) -> None:
    made = save(service, webhook={"url": "https://hook.example/"})
    path = f"{ROOT}/{made['id']}"
    inboxes.note([Found(made["id"], member(FERRY), sent=True)])
    assert service.get(path).json()["webhook"]["delivery"]["waiting"] == 1
    outbox = clients.outbox(settings.model_copy(update={"alerts_tries": 1}), valkey)
    line = outbox.take(60)
    assert line
    assert outbox.failed(line, "the answer was 500", 0)
    delivery = service.get(path).json()["webhook"]["delivery"]
    assert (delivery["waiting"], delivery["undelivered"], delivery["error"]) == (0, 1, "the answer was 500")
    aside = service.get(f"{path}/undelivered").json()
    assert [each["document"]["id"] for each in aside["items"]] == ["ferry"]
    assert service.ask("POST", f"{path}/redrive").json() == {"redriven": 1}
    assert service.get(path).json()["webhook"]["delivery"]["waiting"] == 1


@pytest.mark.parametrize("path", ["inbox", "inbox/rss", "test", "undelivered"])
def test_nothing_is_told_of_what_is_not_saved(service: Service, path: str) -> None:
    assert problem_in(service.get(f"{ROOT}/{'0' * 20}/{path}"))["code"] == "saved-search-not-found"
