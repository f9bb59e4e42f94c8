"""Anything at all, sent to every place where something comes in: never a 5xx, never a fault of ours.

A thousand inputs with each run of the tests, the same ones each time; `make fuzz` sends 100,000 fresh ones.
"""

import asyncio
import json
import os
import secrets
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.http.inflate import ENCODINGS, Inflater
from services.together import make_together
from shared.errors import Refused
from shared.query_language.parse import parse
from shared.settings import Settings
from shared.urls import canonical_url

_ASKED: Final = os.environ.get("PAGEMILL_TEST_EXAMPLES")
_TOTAL: Final = int(_ASKED or 1000)


def sent(share: float) -> settings:
    """The settings of a test that gets this share of all inputs."""
    return settings(
        max_examples=max(10, round(_TOTAL * share)),
        derandomize=_ASKED is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class Running:
    """All services in this process, with their lifespans."""

    def __init__(self, known: Settings) -> None:
        self._runner = asyncio.Runner()
        app = make_together(known)
        self._life = app.router.lifespan_context(app)
        self._runner.run(self._life.__aenter__())
        transport = httpx.ASGITransport(app=app)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost:8800", timeout=30)

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request; what cannot be sent at all is not the services' business."""
        return self._runner.run(self._client.request(method, path, **request))

    def close(self) -> None:
        """Ends it."""
        self._runner.run(self._client.aclose())
        self._runner.run(self._life.__aexit__(None, None, None))
        self._runner.close()


@pytest.fixture(scope="module")
def running(valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    prefix = f"fuzz-{secrets.token_hex(4)}:"
    services = Running(
        Settings(
            data=tmp_path_factory.mktemp("fuzz"),
            redis_url=valkey_url,
            redis_prefix=prefix,
            wait_max_seconds=0,
            line_max_pages=1_000_000,
        )
    )
    yield services
    services.close()
    with redis.Redis.from_url(valkey_url) as client:
        for key in client.scan_iter(f"{prefix}*", count=10_000):
            client.delete(key)


def judged(answer: httpx.Response) -> None:
    """An answer, or a problem that says what was wrong with the request."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PAGE_FIELDS = st.sampled_from(
    "content body content_type url fetched_at source title authors published language tags metadata id".split()
)
SEARCH_FIELDS = st.sampled_from(
    "q size cursor sort facets facet_size histogram fold snippet mode match site tag from to freshness".split()
)
SIGNS = st.sampled_from(
    'AND|OR|NOT|(|)|"|"~3|-|+|*|~1|^2|:|title:|site:(|date:[2024-01-01 TO 2024-06-30]|date:2024-01..|words:>=3|a|grain|'
    "潮|é|\u0301|\u200f|\\|/|[|]|{|}|..| ".split("|")
)
QUERY = st.lists(st.one_of(SIGNS, st.text(max_size=5)), max_size=40).map(" ".join) | st.text(max_size=200)
URL = st.builds(
    "".join,
    st.lists(
        st.one_of(
            st.sampled_from("http:// https:// // ftp:// [::1] %2e %zz ../ ? # & = @ : xn-- 0x7f.1 .. é 例え".split()),
            st.text(max_size=8),
        ),
        max_size=12,
    ),
)
KINDS = st.sampled_from(
    "application/json application/x-ndjson application/warc text/html text/plain text/markdown "
    "application/octet-stream text/html;charset=utf-16 text/plain;charset=nonsense image/png x".split()
)
WARC = st.sampled_from(
    b"WARC/1.0\r\n|WARC-Type: response\r\n|WARC-Type: conversion\r\n|Content-Length: 9\r\n|Content-Length: -1\r\n|\r\n|"
    b"WARC-Target-URI: http://a.example/\r\n|HTTP/1.1 200 OK\r\n|\x1f\x8b\x08".split(b"|")
)
BYTES = st.binary(max_size=300) | st.lists(WARC | st.binary(max_size=20), max_size=20).map(b"".join)
HEADER = st.sampled_from(
    b"authorization cookie host origin accept x-request-id idempotency-key if-none-match content-encoding "
    b"last-event-id content-length access-control-request-method range".split()
)
VALUE = st.binary(max_size=60).map(lambda data: data.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b""))


@sent(0.15)
@given(st.dictionaries(PAGE_FIELDS | st.text(max_size=5), ANY_JSON, max_size=6) | ANY_JSON)
def test_anything_may_be_posted_as_a_page(running: Running, body: Any) -> None:
    judged(running.ask("POST", "/v1/pages", content=_json(body), headers={"Content-Type": "application/json"}))


@sent(0.15)
@given(st.sampled_from(["/v1/pages", "/v1/pages/batch"]), BYTES, KINDS)
def test_any_bytes_may_be_posted_as_anything(running: Running, path: str, body: bytes, kind: str) -> None:
    judged(running.ask("POST", path, content=body, headers={"Content-Type": kind}))


@sent(0.1)
@given(st.dictionaries(SEARCH_FIELDS, ANY_JSON | QUERY, max_size=5))
def test_anything_may_be_searched_for(running: Running, body: Any) -> None:
    judged(running.ask("POST", "/v1/search", content=_json(body), headers={"Content-Type": "application/json"}))


@sent(0.1)
@given(QUERY, st.sampled_from(["lenient", "strict"]), st.sampled_from(["auto", "all", "best"]))
def test_any_query_is_answered_or_refused(running: Running, q: str, mode: str, match: str) -> None:
    judged(running.ask("GET", "/v1/search", params={"q": q.encode("utf-8", "replace"), "mode": mode, "match": match}))


@sent(0.1)
@given(
    st.sampled_from(["", "search/why", "search/facets", "search/suggestions", "search/copies/x", "documents/x"]),
    st.lists(st.tuples(SEARCH_FIELDS | st.sampled_from(["copies", "values", "images", "of", "x"]), QUERY), max_size=6),
    st.sampled_from([{}, {"HX-Request": "true", "HX-Target": "found"}, {"HX-Request": "true", "HX-Target": "more"}]),
)
def test_any_search_page_may_be_asked_for(
    running: Running, path: str, asked: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    parameters = [(name, value.encode("utf-8", "replace")) for name, value in asked]
    answer = running.ask("GET", f"/{path}", params=parameters, headers={"Accept": "text/html", **headers})
    assert answer.status_code < 500, answer.text
    assert answer.headers["content-type"].startswith("text/html")


@sent(0.1)
@given(
    st.sampled_from(["feeds/rss", "feeds/atom", "feeds/json", "export", "export/manifest", "saved-searches"]),
    st.dictionaries(SEARCH_FIELDS | st.sampled_from(["format", "export", "offset", "wait", "x"]), QUERY, max_size=5),
)
def test_any_feed_or_export_may_be_asked_for(running: Running, path: str, asked: dict[str, str]) -> None:
    parameters = {name: value.encode("utf-8", "replace") for name, value in asked.items()}
    judged(running.ask("GET", f"/v1/{path}", params=parameters))


@sent(0.05)
@given(st.dictionaries(SEARCH_FIELDS | st.sampled_from(["name", "webhook", "query"]), ANY_JSON | QUERY, max_size=5))
def test_anything_may_be_saved_as_a_search(running: Running, body: Any) -> None:
    headers = {"Content-Type": "application/json"}
    judged(running.ask("POST", "/v1/saved-searches", content=_json(body), headers=headers))


@sent(0.15)
@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]),
    st.sampled_from(["/v1/limits", "/v1/outcomes", "/v1/documents/x", "/sign-in", "/healthz", "/", "/monitor"])
    | st.text(max_size=20).map(lambda text: "/" + text.encode("utf-8", "replace").hex()),
    st.lists(st.tuples(HEADER, VALUE), max_size=5),
    BYTES,
)
def test_any_headers_may_be_sent(
    running: Running, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    if (b"accept", b"text/event-stream") not in headers:
        answer = running.ask(method, path, headers=headers, content=body)
        if method != "HEAD" and path != "/sign-in":
            judged(answer)
        assert answer.status_code < 500


@sent(0.15)
@given(QUERY)
def test_any_query_is_read_or_refused(q: str) -> None:
    parse(q[:4096])
    try:
        parse(q, mode="strict")
    except Refused as refused:
        assert refused.status == 422  # noqa: PT017  (nothing at all is as good)


@sent(0.1)
@given(URL)
def test_any_address_has_one_form_or_none(url: str) -> None:
    try:
        once = canonical_url(url)
    except ValueError:
        return
    assert canonical_url(once) == once


@sent(0.1)
@given(st.sampled_from(ENCODINGS), st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_inflate_or_are_refused(encoding: str, pieces: list[bytes]) -> None:
    inflater = Inflater(encoding, 100)
    try:
        for piece in pieces:
            assert sum(map(len, inflater.feed(piece))) <= 100 * 1024
        inflater.end()
    except Refused as refused:
        assert refused.status in {400, 413}  # noqa: PT017  (nothing at all is as good)


def _json(value: Any) -> bytes:
    """As a careless client would write it: NaN and lone surrogates too."""

    return json.dumps(value).encode("utf-8", "surrogatepass")
