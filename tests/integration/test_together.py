"""Given the services put together, then one address takes pages, tells where they are and finds them."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import redis

from services.together import Name, app_for, make_together
from shared import clients
from shared.clients import index_home
from shared.ledger.carried import Done, Offer
from shared.ledger.home import Home
from shared.ledger.ledger import Ledger
from shared.search.tantivy import TantivyWriter
from shared.settings import Settings
from tests.integration.query.conftest import page
from tests.unit.http.calling import call, calls

AWAY = "redis://127.0.0.1:1/0"
PAGE = {"url": "https://example.com/a", "content": "Some text for a page."}


@pytest.fixture
def settings(tmp_path: Path, valkey_url: str, valkey: redis.Redis) -> Settings:
    """A house on an empty real server."""
    return Settings(data=tmp_path, redis_url=valkey_url)


def away(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, redis_url=AWAY)


async def eventually(asked: Callable[[], Awaitable[httpx.Response]], holds: Callable[[httpx.Response], bool]) -> Any:
    deadline = time.monotonic() + 20
    while not holds(answer := await asked()):
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(0.05)
    return answer.json()


def checks(answer: Any) -> dict[str, bool]:
    return {check["name"]: check["ok"] for check in answer["checks"]}


def routes(settings: Settings, name: Name) -> set[str]:
    return set(call(app_for(settings, name), "GET", "/openapi.json").json()["paths"])


def test_one_address_takes_pages_tells_where_they_are_and_finds_them(settings: Settings, tmp_path: Path) -> None:
    writer = TantivyWriter(tmp_path / "index", heap_bytes=15_000_000)
    writer.index([page("found", "There is grain in the harbour.")])
    writer.close()

    async def walk(client: httpx.AsyncClient) -> None:
        posted = await client.post("/v1/pages", json=PAGE)
        assert posted.status_code == 202, posted.text
        receipt = (await client.get(posted.json()["receipt"])).json()
        assert receipt["state"] == "waiting"
        told = (await client.get("/v1/monitor/ledger")).json()
        assert (told["accepted"], told["waiting"], told["rooms"]["clean"]["waiting"]) == (1, 1, 1)
        assert (await client.get("/v1/search", params={"q": "grain"})).json()["hits"][0]["id"] == "found"
        assert (await client.get("/v1/documents/found")).status_code == 200
        figures = (await client.get("/metrics")).text
        assert "pagemill_ledger_accepted_total 1.0" in figures
        assert 'route="/v1/search"' in figures

    calls(make_together(settings), walk)


def test_everything_that_is_needed_is_checked_and_ready(settings: Settings) -> None:
    answer = call(make_together(settings), "GET", "/readyz")
    assert (answer.status_code, checks(answer.json())) == (
        200,
        {"ledger": True, "intake": True, "index": True, "workers": True},
    )


def test_pages_that_wait_are_rung_for_again_until_somebody_comes(settings: Settings, valkey: redis.Redis) -> None:
    async def lose_the_bell(client: httpx.AsyncClient) -> None:
        assert (await client.post("/v1/pages", json=PAGE)).status_code == 202
        deadline = time.monotonic() + 20
        for _ in range(3):
            while not valkey.llen("clean"):
                assert time.monotonic() < deadline, "no bell was rung"
                await asyncio.sleep(0.05)
            valkey.delete("clean", "pm:bell:clean")

    calls(make_together(settings), lose_the_bell)


def test_workers_that_do_not_come_are_a_reason_not_to_be_ready(settings: Settings) -> None:
    impatient = settings.model_copy(update={"stalled_seconds": 0.5})

    async def wait(client: httpx.AsyncClient) -> None:
        assert (await client.get("/readyz")).status_code == 200
        await client.post("/v1/pages", json=PAGE)
        answer = await eventually(lambda: client.get("/readyz"), lambda told: told.status_code == 503)
        assert checks(answer) == {"ledger": True, "intake": True, "index": True, "workers": False}
        assert "clean" in next(check["detail"] for check in answer["checks"] if check["name"] == "workers")

    calls(make_together(impatient), wait)


def test_why_a_room_waits_is_told_at_once_and_as_long_as_pages_or_deletes_wait_for_it(
    settings: Settings, valkey: redis.Redis
) -> None:
    ledger, breaker = Ledger(valkey, settings), clients.breaker(settings, valkey, "index")
    why = "Elasticsearch answers 403: user mill may not indices:data/write/bulk[s] on pagemill-documents-000001"

    async def ask(client: httpx.AsyncClient) -> None:
        async def ready() -> Any:
            await asyncio.sleep(0.6)  # answers are shared for half a second
            return (await client.get("/readyz")).json()

        breaker.failed(why)
        assert checks(await ready())["workers"], "nothing waits for it"
        ledger.forget(["a-page"])
        told = await ready()
        assert checks(told)["workers"] is False
        detail = next(check["detail"] for check in told["checks"] if check["name"] == "workers")
        assert detail == f"pages wait: index: {why}"
        for errand in ledger.errands.waiting():
            ledger.errands.settle([errand])
        assert checks(await ready())["workers"]
        ledger.accept([Offer(id="another", frame=b"x", content_key="x")])
        ledger.advance([Done(lease=lease, frame=b"y") for lease in ledger.take("clean", 1)], "index")
        assert why in str(await ready())
        breaker.worked()
        assert checks(await ready())["workers"]

    calls(make_together(settings), ask)


def test_while_no_new_pages_are_taken_in_the_intake_is_not_ready_and_says_why(
    settings: Settings, valkey: redis.Redis
) -> None:
    Ledger(valkey, settings).hold_off("Elasticsearch: the disk is full", 60)
    for app in (make_together(settings), app_for(settings, "ingest")):
        answer = call(app, "GET", "/readyz")
        assert (answer.status_code, checks(answer.json())["intake"]) == (503, False)
        assert "429" in answer.text
        assert "Elasticsearch: the disk is full" in answer.text
    Ledger(valkey, settings).let_in()
    assert call(app_for(settings, "ingest"), "GET", "/readyz").status_code == 200


def test_without_a_ledger_what_needs_none_still_answers(tmp_path: Path) -> None:
    writer = TantivyWriter(tmp_path / "index", heap_bytes=15_000_000)
    writer.index([page("found", "There is grain in the harbour.")])
    writer.close()

    async def ask(client: httpx.AsyncClient) -> None:
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert checks(ready.json())["ledger"] is False
        assert checks(ready.json())["index"] is True
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/v1/search", params={"q": "grain"})).json()["total"]["value"] == 1
        assert (await client.get("/v1/monitor/ledger")).status_code == 503
        figures = await client.get("/metrics")
        assert figures.status_code == 200
        assert "pagemill_ledger_up 0.0" in figures.text
        assert (await client.post("/v1/pages", json=PAGE)).status_code == 503

    calls(make_together(away(tmp_path)), ask)


def test_an_index_that_cannot_be_read_is_a_reason_not_to_be_ready(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "meta.json").write_text("{ broken")

    async def ask(client: httpx.AsyncClient) -> None:
        ready = await client.get("/readyz")
        assert (ready.status_code, checks(ready.json())["index"]) == (503, False)
        search = await client.get("/v1/search")
        assert (search.status_code, search.json()["code"]) == (503, "unavailable")

    calls(make_together(settings), ask)


def test_pages_that_go_to_an_index_elsewhere_are_a_reason_not_to_be_ready(
    settings: Settings, valkey: redis.Redis
) -> None:
    ledger = Ledger(valkey, settings)
    here = index_home(settings, make=True)
    assert here is not None

    def ready() -> Any:
        return checks(call(make_together(settings), "GET", "/readyz").json())["index"]

    assert ready(), "no page has been indexed yet"
    ledger.homes.claim(here)
    assert ready()
    valkey.delete("pm:home")
    ledger.homes.claim(Home("another", "/srv/index on another machine"))
    assert not ready()


def test_each_service_can_be_had_alone(settings: Settings) -> None:
    ingest, query, monitor = (routes(settings, name) for name in get_args(Name))
    own = {"/healthz", "/readyz"}
    assert ingest & query == query & monitor == ingest & monitor == own
    assert "/v1/pages" in ingest
    documents = {"/v1/documents/{page_id}", "/v1/documents/{page_id}/similar"}
    exports = {"/v1/export", "/v1/export/manifest"}
    feeds = {"/v1/feeds/rss", "/v1/feeds/atom", "/v1/feeds/json"}
    saved = {path for path in query if path.startswith("/v1/saved-searches")}
    assert query == {*own, "/v1/search", "/v1/search/explain", "/v1/suggest", *documents, *feeds, *exports, *saved}
    assert "/v1/saved-searches/{search_id}/inbox" in saved
    assert {"/v1/monitor/ledger", "/v1/monitor/index"} <= monitor
    assert all(path in own or path.startswith("/v1/monitor/") for path in monitor)
    together = call(make_together(settings), "GET", "/openapi.json").json()["paths"]
    assert set(together) == ingest | query | monitor


@pytest.mark.parametrize(
    ("name", "asked"), [("ingest", {"ledger", "intake"}), ("query", {"index"}), ("monitor", {"ledger", "workers"})]
)
def test_each_service_is_ready_when_what_it_needs_is_there(settings: Settings, name: Name, asked: set[str]) -> None:
    answer = call(app_for(settings, name), "GET", "/readyz")
    assert (answer.status_code, set(checks(answer.json()))) == (200, asked)


def test_search_alone_needs_no_ledger(tmp_path: Path) -> None:
    answer = call(app_for(away(tmp_path), "query"), "GET", "/readyz")
    assert answer.status_code == 200


def test_what_was_started_is_ended(settings: Settings) -> None:
    before = set(threading.enumerate())
    call(make_together(settings), "GET", "/v1/monitor/ledger")
    assert [thread.name for thread in set(threading.enumerate()) - before if thread.name in {"sweep", "accept"}] == []
