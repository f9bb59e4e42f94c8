"""Who may call a service, and what every answer carries."""

from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel

from services.http import Check, make_app, make_router, problems
from shared.errors import DependencyUnavailable, Refused
from shared.settings import Settings
from tests.unit.http.calling import call


class Asked(BaseModel):
    name: str
    count: int = 0


class Tagged(BaseModel):
    tags: tuple[str, ...]


def app(*, checks: tuple[Check, ...] = (), **settings: Any) -> FastAPI:
    router = make_router()

    @router.get("/greet", responses=problems("line-full"))
    async def greet(name: str = "you", tag: Annotated[tuple[str, ...], Query()] = ()) -> dict[str, Any]:
        return {"name": name, "tags": tag}

    @router.post("/greet")
    async def greet_by_body(asked: Asked) -> Asked:
        return asked

    @router.post("/tag")
    async def tag(asked: Tagged) -> Tagged:
        return asked

    @router.get("/full")
    async def full() -> None:
        raise Refused("line-full", "No room.", limit="PAGEMILL_LINE_MAX_PAGES", retry_after=2.2)

    @router.get("/away")
    def away() -> None:
        raise DependencyUnavailable("ledger", "secret: redis://user:password@host", retry_after=3)

    @router.get("/broken")
    def broken() -> None:
        raise KeyError("a secret")

    return make_app("Greeter", Settings(**settings), routers=[router], checks=checks)


@pytest.mark.parametrize(
    "host", ["localhost:8800", "127.0.0.1", "[::1]:9", "LOCALHOST.", "127.8.9.1:80", "a.localhost"]
)
def test_loopback_under_any_name_and_port_is_known(host: str) -> None:
    assert call(app(), "GET", "/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:8800", "10.0.0.1", "", "::1"])
def test_a_host_that_is_none_of_ours_gets_403(host: str) -> None:
    answer = call(app(), "GET", "/healthz", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown-host")


def test_hosts_that_are_set_are_known() -> None:
    settings: dict[str, Any] = {"allowed_hosts": ("pages.example",), "listen": "10.1.2.3:80"}
    for host in ("pages.example:443", "10.1.2.3"):
        assert call(app(**settings), "GET", "/healthz", headers={"Host": host}).status_code == 200


def test_a_service_on_every_address_knows_addresses_but_no_names() -> None:
    for host, status in (("10.1.2.3:80", 200), ("evil.example", 403)):
        assert call(app(listen="0.0.0.0:80"), "GET", "/healthz", headers={"Host": host}).status_code == status


def test_our_own_pages_may_call() -> None:
    headers = {"Host": "localhost:8800", "Origin": "http://localhost:8800"}
    assert call(app(), "POST", "/greet", json={"name": "a"}, headers=headers).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:3000", "null", "http://localhost"])
def test_pages_from_elsewhere_may_not_call(origin: str) -> None:
    answer = call(app(), "GET", "/greet", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
    assert "access-control-allow-origin" not in answer.headers


def test_an_origin_that_is_set_may_call_and_preflight() -> None:
    shop = "https://shop.example"
    allowed = app(cors_origins=(shop,))
    asked = {"Origin": shop, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    preflight = call(allowed, "OPTIONS", "/greet", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == shop
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "content-type"
    answer = call(allowed, "GET", "/full", headers={"Origin": shop})
    assert answer.headers["access-control-allow-origin"] == shop, "errors can be read, too"
    assert answer.headers["vary"] == "Origin"


def test_every_answer_has_an_id_and_its_problem_names_it() -> None:
    answer = call(app(), "GET", "/nowhere")
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert call(app(), "GET", "/healthz", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"


@pytest.mark.parametrize("bad", ["a b", "x" * 129, "é", ""])
def test_an_id_that_is_not_sane_is_replaced(bad: str) -> None:
    answer = call(app(), "GET", "/healthz", headers={"X-Request-Id": bad.encode("latin-1")})
    assert answer.headers["x-request-id"] != bad
    assert answer.headers["x-request-id"].isalnum()


def test_every_answer_is_protected_from_browsers() -> None:
    for path in ("/healthz", "/nowhere", "/broken", "/docs"):
        headers = call(app(), "GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_what_routes_refuse_is_a_problem() -> None:
    answer = call(app(), "GET", "/full")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "3", "rounded up"
    assert answer.json() == {
        "type": "/problems/line-full",
        "title": "The line is full",
        "status": 429,
        "detail": "No room.",
        "code": "line-full",
        "limit": "PAGEMILL_LINE_MAX_PAGES",
        "request_id": answer.headers["x-request-id"],
    }


def test_a_dependency_that_is_away_is_503_and_tells_no_secret() -> None:
    answer = call(app(), "GET", "/away")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "3")
    assert "password" not in answer.text


def test_a_fault_of_ours_is_500_and_tells_no_secret() -> None:
    answer = call(app(), "GET", "/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_unknown_addresses_and_methods_are_problems() -> None:
    assert call(app(), "GET", "/nowhere").json()["code"] == "not-found"
    assert call(app(), "DELETE", "/greet").headers["allow"] == "GET, HEAD, POST"
    answer = call(app(), "DELETE", "/full")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("name", ["content-type", "content-encoding", "idempotency-key"])
def test_a_header_that_says_one_thing_may_not_be_there_twice(name: str) -> None:
    headers = [(name, "application/json"), (name, "identity")]
    answer = call(app(), "POST", "/greet", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["pointer"]) == (422, f"/header/{name}")


def test_each_problem_has_a_page() -> None:
    page = call(app(), "GET", "/problems/line-full")
    assert page.headers["content-type"].startswith("text/plain")
    assert "PAGEMILL_LINE_MAX_PAGES" in page.text
    assert call(app(), "GET", "/problems/nothing").status_code == 404


@pytest.mark.parametrize(
    ("query", "pointer"), [("nmae=x", "/query/nmae"), ("name=a&name=b", "/query/name"), ("a%2Fb=1", "/query/a~1b")]
)
def test_parameters_that_are_unknown_or_doubled_are_refused(query: str, pointer: str) -> None:
    answer = call(app(), "GET", f"/greet?{query}")
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)


def test_a_list_may_be_given_several_times() -> None:
    assert call(app(), "GET", "/greet?tag=a&tag=b&name=c").json() == {"name": "c", "tags": ["a", "b"]}


def test_wrong_values_in_a_body_are_pointed_at() -> None:
    answer = call(app(), "POST", "/greet", json={"name": "a", "count": "many"})
    assert (answer.status_code, answer.json()["pointer"]) == (422, "/count")
    assert '"many"' in answer.json()["detail"]
    assert call(app(), "POST", "/greet", json={}).json()["pointer"] == "/name"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"name": ', 400, "unreadable"),
        (b"\xff\xfe{}", 400, "unreadable"),
        (b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}", 422, "nested-too-deep"),
        (b"[" * 500_000, 422, "nested-too-deep"),
        (b"[" + b"[]," * 200_000 + b"[]]", 400, "unreadable"),
        (b" " * 2000, 413, "request-too-large"),
    ],
)
def test_a_body_that_is_no_sane_json_is_refused(body: bytes, status: int, code: str) -> None:
    limit = 1000 if code == "request-too-large" else 10_000_000
    answer = call(
        app(request_max_bytes=limit),
        "POST",
        "/greet",
        content=body,
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_that_is_said_to_be_something_else_is_415() -> None:
    answer = call(app(), "POST", "/greet", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_readiness_says_what_is_away_and_since_when() -> None:
    def away() -> tuple[bool, str]:
        raise DependencyUnavailable("index", "no such folder")

    answer = call(app(checks=(Check("ledger", lambda: (True, "PONG")), Check("index", away))), "GET", "/readyz")
    assert answer.status_code == 503
    told = answer.json()
    assert told["status"] == "failing"
    assert [(c["name"], c["ok"], c["detail"]) for c in told["checks"]] == [
        ("ledger", True, "PONG"),
        ("index", False, "no such folder"),
    ]
    assert told["checks"][0]["since"].endswith("Z")
    assert call(app(), "GET", "/readyz").json() == {"status": "ok", "checks": []}


def test_figures_count_requests_by_route() -> None:
    service = app()
    call(service, "GET", "/greet")
    text = call(service, "GET", "/metrics").text
    assert 'pagemill_http_requests_total{method="GET",route="/greet",status="200"} 1.0' in text


def test_the_description_tells_every_problem_as_such() -> None:
    told = call(app(), "GET", "/openapi.json").json()
    responses = told["paths"]["/greet"]["get"]["responses"]
    assert {"200", "400", "401", "403", "422", "429", "431", "500", "503"} == set(responses)
    assert list(responses["429"]["content"]) == ["application/problem+json"]
    assert "Problem" in told["components"]["schemas"]
    assert "HTTPValidationError" not in str(told)


def test_the_docs_load_nothing_from_elsewhere() -> None:
    page = call(app(), "GET", "/docs").text
    assert "/greet" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


def test_routes_that_would_take_anything_are_not_served() -> None:
    from fastapi import APIRouter  # noqa: PLC0415  (the one place that makes a lax router)

    router = APIRouter()
    router.add_api_route("/lax", lambda: None)
    with pytest.raises(TypeError, match="/lax"):
        make_app("Lax", Settings(), routers=[router])


def test_head_answers_as_get_would_without_a_body() -> None:
    told, head = call(app(), "GET", "/greet"), call(app(), "HEAD", "/greet")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == told.headers["content-type"]
    assert head.headers["content-length"] == told.headers["content-length"]
    assert call(app(), "HEAD", "/nothing").status_code == 404
    refused = call(app(), "PATCH", "/greet")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_list_that_is_none_is_told_in_the_words_of_json() -> None:
    answer = call(app(), "POST", "/tag", json={"tags": 3})
    assert (answer.status_code, answer.json()["pointer"]) == (422, "/tags")
    assert answer.json()["detail"] == '"tags" is 3: input should be a list'
