"""Given services that others can reach, a key opens what its scopes say, as often as it may, until it is revoked."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from services.together import make_together
from shared.keys import Scope, fresh, new_key
from shared.keys.store import KeyStore, today
from shared.settings import Settings
from tests.unit.http.calling import calls

HERE = "http://mill.example:8800"
PAGE = {"url": "https://example.com/a", "content": "Some text for a page."}


@pytest.fixture
def store(valkey: redis.Redis) -> KeyStore:
    return KeyStore(valkey, "pm:")


@pytest.fixture
def reached(tmp_path: Path, valkey_url: str, valkey: redis.Redis) -> Settings:
    """Services that listen beyond loopback."""
    return Settings(data=tmp_path, redis_url=valkey_url, listen="0.0.0.0:8800", allowed_hosts=("mill.example",))


def made(store: KeyStore, *scopes: Scope, **limits: int) -> dict[str, str]:
    """A new key, as a header."""
    text = fresh()
    store.add(new_key(text, "test", scopes, **limits))
    return {"Authorization": f"Bearer {text}"}


def ask(settings: Settings, asking: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
    return calls(make_together(settings), asking, HERE)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else ""


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + 20
    while not await holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def test_without_a_key_nothing_is_told_but_health_and_what_there_is(reached: Settings) -> None:
    async def walk(client: httpx.AsyncClient) -> None:
        for path in ("/healthz", "/readyz", "/openapi.json", "/docs", "/problems/unauthorized", "/sign-in"):
            assert (await client.get(path)).status_code == 200, path
        for path in ("/", "/metrics", "/v1/search", "/v1/limits", "/v1/monitor/ledger", "/nothing", "/v1/pages/x"):
            answer = await client.get(path)
            assert code(answer) == (401, "unauthorized"), path
            assert answer.headers["www-authenticate"].startswith("Bearer")
        assert code(await client.post("/v1/pages", json=PAGE)) == (401, "unauthorized")

    ask(reached, walk)


def test_a_key_reaches_what_its_scopes_say_and_no_further(reached: Settings, store: KeyStore) -> None:
    sender, reader, admin = made(store, "ingest"), made(store, "query"), made(store, "admin")

    async def walk(client: httpx.AsyncClient) -> None:
        assert (await client.post("/v1/pages", json=PAGE, headers=sender)).status_code == 202
        assert (await client.get("/v1/search", headers=reader)).status_code == 200
        assert code(await client.post("/v1/pages", json=PAGE, headers=reader)) == (403, "forbidden")
        assert code(await client.get("/v1/search", headers=sender)) == (403, "forbidden")
        for weak in (sender, reader):
            assert (await client.get("/v1/monitor/ledger", headers=weak)).status_code == 200
            refused = await client.post("/v1/monitor/index/rebuild", json={}, headers=weak)
            assert code(refused) == (403, "forbidden")
        assert (await client.get("/v1/search", headers=admin)).status_code == 200
        assert (await client.post("/v1/monitor/index/rebuild", json={}, headers=admin)).status_code == 202
        assert code(await client.get("/nothing", headers=admin)) == (404, "not-found")

    ask(reached, walk)


@pytest.mark.parametrize(
    "sent",
    ["Bearer", "Bearer ", "Bearer pm_x", f"Bearer {fresh()}", f"Basic {fresh()}", fresh(), "Bearer pm_\xfc_\xff", ""],
)
def test_a_key_that_is_sent_and_wrong_is_refused_on_loopback_too(reached: Settings, store: KeyStore, sent: str) -> None:
    made(store, "admin")
    local = reached.model_copy(update={"listen": "127.0.0.1:8800"})
    headers = {b"Authorization": sent.encode("latin-1")}

    async def walk(client: httpx.AsyncClient) -> None:
        assert (await client.get("/v1/search")).status_code == 200, "none is needed"
        answer = await client.get("/v1/search", headers=headers)
        assert code(answer) == (401, "unauthorized")
        assert not sent.strip() or sent.strip() == "Bearer" or sent not in answer.text, "it is not repeated"

    ask(local, walk)


def test_keys_can_be_asked_for_on_loopback_and_let_go_beyond_it(reached: Settings) -> None:
    strict = reached.model_copy(update={"listen": "127.0.0.1:8800", "require_keys": True})
    lax = reached.model_copy(update={"allow_open": True})

    async def search(client: httpx.AsyncClient) -> int:
        return (await client.get("/v1/search")).status_code

    assert ask(strict, search) == 401
    assert ask(lax, search) == 200


def test_figures_are_open_where_that_is_wanted_by_name(reached: Settings) -> None:
    async def figures(client: httpx.AsyncClient) -> int:
        return (await client.get("/metrics")).status_code

    assert ask(reached, figures) == 401
    assert ask(reached.model_copy(update={"open_metrics": True}), figures) == 200


def test_a_key_works_once_it_is_made_and_stops_when_it_is_revoked(reached: Settings, store: KeyStore) -> None:
    async def walk(client: httpx.AsyncClient) -> None:
        headers = made(store, "query")

        async def open_now() -> bool:
            return (await client.get("/v1/search", headers=headers)).status_code == 200

        async def shut_now() -> bool:
            return code(await client.get("/v1/search", headers=headers)) == (401, "unauthorized")

        await until(open_now)
        (key,) = store.all()
        assert store.revoke(key.id)
        await until(shut_now)
        assert not store.revoke(key.id)

    ask(reached, walk)


def test_a_rate_answers_429_and_says_when_to_come_again(reached: Settings, store: KeyStore) -> None:
    headers = made(store, "query", rate=3)

    async def walk(client: httpx.AsyncClient) -> None:
        answers = [await client.get("/v1/search", headers=headers) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[-1].json()["code"] == "rate-limited"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
        assert (await client.get("/healthz", headers=headers)).status_code == 200

    ask(reached, walk)


def test_a_quota_holds_over_several_processes_and_is_kept(reached: Settings, store: KeyStore) -> None:
    headers = made(store, "query", quota=4)
    (key,) = store.all()

    async def use(client: httpx.AsyncClient) -> list[int]:
        return [(await client.get("/v1/search", headers=headers)).status_code for _ in range(3)]

    assert ask(reached, use) == [200, 200, 200]
    assert store.used(today()) == {key.id: 3}, "written down at the end"
    assert ask(reached, use) == [200, 429, 429]


def test_with_the_ledger_away_from_the_start_keys_cannot_be_told_from_others(reached: Settings) -> None:
    away = reached.model_copy(update={"redis_url": Settings(redis_url="redis://127.0.0.1:1/0").redis_url})
    headers = {"Authorization": f"Bearer {fresh()}"}

    async def walk(client: httpx.AsyncClient) -> None:
        answer = await client.get("/v1/search", headers=headers)
        assert code(answer) == (503, "unavailable")
        assert (await client.get("/healthz")).status_code == 200

    ask(away, walk)


def test_a_browser_is_shown_where_to_sign_in_and_then_the_page(reached: Settings, store: KeyStore) -> None:
    text = made(store, "query")["Authorization"].removeprefix("Bearer ")
    reading = {"Accept": "text/html,*/*"}

    async def walk(client: httpx.AsyncClient) -> None:
        sent = await client.get("/v1/search?q=a+b", headers=reading)
        assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Fv1%2Fsearch%3Fq%3Da%2Bb")
        form = await client.get(sent.headers["location"])
        assert "value='/v1/search?q=a+b'" in form.text
        assert "'unsafe-inline'" not in form.headers["content-security-policy"]

        wrong = await client.post("/sign-in", data={"key": fresh(), "next": "/"}, headers={"Origin": HERE})
        assert wrong.status_code == 401
        assert "set-cookie" not in wrong.headers

        right = await client.post("/sign-in", data={"key": text, "next": "/v1/search"}, headers={"Origin": HERE})
        assert (right.status_code, right.headers["location"]) == (303, "/v1/search")
        cookie = right.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
        assert text.split("_", 2)[2] not in cookie
        assert (await client.get("/v1/search", headers=reading)).status_code == 200

        assert code(await client.post("/v1/search", json={})) == (403, "foreign-origin"), "a cookie alone does not act"
        own = await client.post("/v1/search", json={}, headers={"Origin": HERE})
        assert own.status_code == 200

        await client.post("/sign-out", headers={"Origin": HERE})
        assert code(await client.get("/v1/search")) == (401, "unauthorized")

    ask(reached, walk)


@pytest.mark.parametrize("scope", ["query", "admin"])
def test_the_search_page_asks_for_a_key_and_shows_the_way_where_it_opens(
    reached: Settings, store: KeyStore, scope: Scope
) -> None:
    key = made(store, scope)["Authorization"].removeprefix("Bearer ")
    reading = {"Accept": "text/html"}

    async def walk(client: httpx.AsyncClient) -> str:
        sent = await client.get("/?q=tide", headers=reading)
        assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2F%3Fq%3Dtide")
        assert (await client.get("/static/search.css")).status_code == 200
        part = await client.get("/?q=tide", headers={"HX-Request": "true"})
        assert code(part) == (401, "unauthorized"), "the page's script is told, and no form is put into the page"
        there = await client.post("/sign-in", data={"key": key, "next": "/?q=tide"}, headers={"Origin": HERE})
        return (await client.get(there.headers["location"], headers=reading)).text

    shown = ask(reached, walk)
    assert 'action="/sign-out" method="post"' in shown
    assert ('href="/monitor"' in shown) == (scope == "admin")


def test_behind_tls_the_cookie_is_for_tls_alone(reached: Settings, store: KeyStore) -> None:
    text = made(store, "query")["Authorization"].removeprefix("Bearer ")

    async def sign_in(client: httpx.AsyncClient) -> Any:
        origin = {"Origin": HERE.replace("http:", "https:")}
        return (await client.post("/sign-in", data={"key": text}, headers=origin)).headers["set-cookie"]

    assert "Secure" in ask(reached, sign_in)


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/\r\nX: y", "javascript:x"]
)
def test_signing_in_leads_nowhere_else(reached: Settings, store: KeyStore, place: str) -> None:
    text = made(store, "query")["Authorization"].removeprefix("Bearer ")

    async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/sign-in", data={"key": text, "next": place}, headers={"Origin": HERE})

    assert ask(reached, sign_in).headers["location"] == "/"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 100, b"", b"key", b"key=%FF%00&next=%00"])
def test_what_is_no_form_is_refused(reached: Settings, body: bytes) -> None:
    async def sign_in(client: httpx.AsyncClient) -> int:
        return (await client.post("/sign-in", content=body, headers={"Origin": HERE})).status_code

    assert ask(reached, sign_in) in {400, 401}


def test_the_form_says_nothing_that_it_was_told(reached: Settings) -> None:
    async def form(client: httpx.AsyncClient) -> str:
        return (await client.get("/sign-in", params={"next": "/'><script>alert(1)</script>"})).text

    assert "<script" not in ask(reached, form)


def test_records_of_newer_code_open_nothing_and_break_nothing(
    reached: Settings, store: KeyStore, valkey: redis.Redis
) -> None:
    headers = made(store, "query")
    valkey.hset("pm:keys", "newer", '{"id": "newer", "scopes": ["fly"]}')

    async def search(client: httpx.AsyncClient) -> int:
        return (await client.get("/v1/search", headers=headers)).status_code

    assert ask(reached, search) == 200


def test_what_is_done_by_hand_is_noted_with_the_name_of_the_key(reached: Settings, store: KeyStore) -> None:
    query, admin = made(store, "query"), made(store, "admin")

    async def walk(client: httpx.AsyncClient) -> None:
        assert (await client.post("/v1/monitor/rooms/clean/pause", headers=query)).status_code == 403
        assert (await client.post("/v1/monitor/rooms/clean/pause", headers=admin)).status_code == 200
        (deed,) = (await client.get("/v1/monitor/audit", headers=admin)).json()["items"]
        assert (deed["action"], deed["by"]) == ("pause", "test")
        assert (await client.get("/monitor", headers=query)).status_code == 403

    ask(reached, walk)


def test_a_key_that_does_not_reach_the_control_room_is_told_so_on_a_page_with_the_way_to_another(
    reached: Settings, store: KeyStore
) -> None:
    key = made(store, "query")["Authorization"]
    headers = {"Authorization": key, "Accept": "text/html"}

    async def walk(client: httpx.AsyncClient) -> None:
        shown = await client.get("/monitor/letters?site=a.example", headers=headers)
        assert (shown.status_code, shown.headers["content-type"]) == (403, "text/html; charset=utf-8")
        assert "href='/sign-in?next=%2Fmonitor%2Fletters%3Fsite%3Da.example'" in shown.text
        assert "'unsafe-inline'" not in shown.headers["content-security-policy"]
        assert code(await client.post("/v1/monitor/rooms/clean/pause", headers=headers)) == (403, "forbidden")
        program = {"Authorization": key}
        assert code(await client.get("/monitor", headers=program)) == (403, "forbidden")

    ask(reached, walk)


def test_the_control_room_can_be_left_by_whoever_came_with_a_key(reached: Settings, store: KeyStore) -> None:
    headers = made(store, "admin")

    async def walk(client: httpx.AsyncClient) -> None:
        assert 'action="/sign-out" method="post"' in (await client.get("/monitor", headers=headers)).text
        lost = await client.get("/monitor/attic?<b>", headers={**headers, "Accept": "text/html"})
        assert (lost.status_code, "<h1>There is nothing here</h1>" in lost.text) == (404, True)

    ask(reached, walk)
