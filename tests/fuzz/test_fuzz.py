"""Anything at all, sent to every place where something comes in: never a 5xx, never a fault of ours.

A thousand inputs with each run of the tests, the same ones each time; `make fuzz` sends 100,000 fresh ones.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.http.inflate import ENCODINGS, Inflater
from shared.errors import Refused
from shared.query_language.parse import parse
from shared.urls import canonical_url
from tests.fuzz.anything import (
    ANY_JSON,
    BYTES,
    HEADER,
    KINDS,
    PAGE_FIELDS,
    QUERY,
    SEARCH_FIELDS,
    URL,
    VALUE,
    Running,
    as_json,
    judged,
    sent,
)


@sent(0.15)
@given(st.dictionaries(PAGE_FIELDS | st.text(max_size=5), ANY_JSON, max_size=6) | ANY_JSON)
def test_anything_may_be_posted_as_a_page(running: Running, body: Any) -> None:
    judged(running.ask("POST", "/v1/pages", content=as_json(body), headers={"Content-Type": "application/json"}))


@sent(0.15)
@given(st.sampled_from(["/v1/pages", "/v1/pages/batch"]), BYTES, KINDS)
def test_any_bytes_may_be_posted_as_anything(running: Running, path: str, body: bytes, kind: str) -> None:
    judged(running.ask("POST", path, content=body, headers={"Content-Type": kind}))


@sent(0.1)
@given(st.dictionaries(SEARCH_FIELDS, ANY_JSON | QUERY, max_size=5))
def test_anything_may_be_searched_for(running: Running, body: Any) -> None:
    judged(running.ask("POST", "/v1/search", content=as_json(body), headers={"Content-Type": "application/json"}))


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
    judged(running.ask("POST", "/v1/saved-searches", content=as_json(body), headers=headers))


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
