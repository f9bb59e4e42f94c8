"""Given a collector, then one trace goes from the request through each room; without one nothing is traced."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import redis
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.stack import Stack

pytestmark = pytest.mark.processes

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PAGE = "<p>A page whose way is traced, with words enough to be kept as a text.</p>" * 10


class Collector:
    """Takes spans in by OTLP over HTTP, as OpenTelemetry's own collector does."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        spans = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
                spans.extend(span for each in asked.resource_spans for part in each.scope_spans for span in part.spans)
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the parent's name)
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def of(self, trace: str, count: int) -> dict[str, Span]:
        """The spans of a trace by name, once there are so many."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            found = {span.name: span for span in self.spans if span.trace_id.hex() == trace}
            if len(found) >= count:
                return found
            time.sleep(0.1)
        raise TimeoutError(f"spans: {[span.name for span in self.spans]}")


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    opened = Collector()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def traced_mill(collector: Collector) -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    stack = Stack(folder, trace_url=collector.url, clean_workers=1)
    yield stack.start()
    stack.stop()
    shutil.rmtree(folder)


@pytest.mark.parametrize("route", ["/v1/pages", "/v1/pages/batch"])
def test_a_page_has_one_trace_from_its_request_to_the_index(
    traced_mill: Stack, collector: Collector, route: str
) -> None:
    trace = TRACE[:-1] + str(len(route) % 10)
    item = {"url": f"https://traced.example{route}", "content": PAGE}
    with traced_mill.client() as client:
        headers = {"traceparent": f"00-{trace}-{CALLER}-01"}
        client.post(route, json=[item] if "batch" in route else item, headers=headers).raise_for_status()
    spans = collector.of(trace, 4)
    assert set(spans) == {f"POST {route}", "clean", "enrich", "index"}
    asked = spans[f"POST {route}"]
    assert asked.parent_span_id.hex() == CALLER
    assert {spans[room].parent_span_id for room in ("clean", "enrich", "index")} == {asked.span_id}
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano for span in spans.values())


def test_a_page_that_dies_ends_its_trace_with_the_reason(traced_mill: Stack, collector: Collector) -> None:
    trace = "1" * 32
    item = {"url": "https://traced.example/dead", "content": "<html><body></body></html>"}
    with traced_mill.client() as client:
        client.post("/v1/pages", json=item, headers={"traceparent": f"00-{trace}-{CALLER}-01"}).raise_for_status()
        died = collector.of(trace, 2)["clean"]
        assert died.status.message == "no-text"
        (letter,) = client.get("/v1/dead-letters?site=traced.example").json()["items"]
        mended = {"traceparent": f"00-{'2' * 32}-{CALLER}-01"}
        client.put(f"/v1/dead-letters/{letter['id']}", json={"content": PAGE}, headers=mended).raise_for_status()
    assert set(collector.of("2" * 32, 4)) == {"PUT /v1/dead-letters/ID", "clean", "enrich", "index"}


def test_without_a_collector_no_page_bears_a_trace(mill: Stack) -> None:
    with mill.client() as client:
        client.post("/v1/monitor/rooms/clean/pause").raise_for_status()
        item = {"url": "https://untraced.example/", "content": PAGE}
        told = client.post("/v1/pages", json=item, headers={"traceparent": f"00-{TRACE}-{CALLER}-01"}).json()
        with redis.Redis(unix_socket_path=str(mill.data / "run" / "valkey.sock")) as ledger:
            entry = ledger.hgetall(f"pm:e:{told['id']}:{told['version']}")
        client.post("/v1/monitor/rooms/clean/resume").raise_for_status()
    assert b"rid" in entry
    assert b"tp" not in entry
