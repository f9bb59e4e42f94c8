"""What the tests of this folder send, to what, and what every answer has to be."""

import asyncio
import json
import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from services.together import make_together
from shared import clients
from shared.settings import Settings

_ASKED: Final = os.environ.get("PAGEMILL_TEST_EXAMPLES")
_TOTAL: Final = int(_ASKED or 1000)
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_EVERYWHERE: Final = frozenset({"400", "403", "405", "408", "413", "415"})
"""What the door and the reading of bodies say, whatever the address."""


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
        self._described: dict[str, Any] = app.openapi()["paths"]
        self._redis = clients.redis_client(known)
        self.ledger = clients.ledger(known, self._redis)
        self._life = app.router.lifespan_context(app)
        self._runner.run(self._life.__aenter__())
        transport = httpx.ASGITransport(app=app)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost:8800", timeout=30)

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request; what cannot be sent at all is not the services' business."""
        return self._runner.run(self._client.request(method, path, **request))

    def act(self, method: str, template: str, /, ids: Mapping[str, str] = _NONE, **request: Any) -> httpx.Response:
        """One request to an address of the description; its answer is judged, and its status has to be described.

        Args:
            method: in capitals.
            template: the address, with names in braces.
            ids: what stands in place of these.
            **request: as `ask` takes it.
        """
        path = template.format(**{name: quote(text.encode("utf-8", "replace"), safe="") for name, text in ids.items()})
        answer = self.ask(method, path, **request)
        judged(answer)
        described = self._described[template][method.lower()]["responses"]
        if template.count("{") == 0 or answer.status_code != 404:  # an id that is none leads to no address
            assert {str(answer.status_code)} <= {*described, *_EVERYWHERE}, answer.text
        return answer

    def close(self) -> None:
        """Ends it; by then it is well, and no page has come from nowhere or gone nowhere."""
        assert self.ask("GET", "/healthz").status_code == 200
        told = self.ask("GET", "/v1/monitor/ledger").json()
        assert told["balanced"], told
        self._redis.close()
        self._runner.run(self._client.aclose())
        self._runner.run(self._life.__aexit__(None, None, None))
        self._runner.close()


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


def as_json(value: Any) -> bytes:
    """As a careless client would write it: NaN and lone surrogates too."""
    return json.dumps(value).encode("utf-8", "surrogatepass")
