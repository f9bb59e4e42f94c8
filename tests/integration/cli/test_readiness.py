import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from services.cli.readiness import Readiness

WELL = {"name": "ledger", "ok": True, "detail": "answers"}
AWAY = {"name": "index", "ok": False, "detail": "the disk is full"}


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A server that gives this answer to everything; its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's name)
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_services_are_ready_when_they_say_so() -> None:
    with answering(200, json.dumps({"checks": [WELL]}).encode()) as url:
        readiness = Readiness(url)
        assert readiness.asked()
        assert readiness.lacks() == ""


def test_what_is_not_well_is_told() -> None:
    with answering(503, json.dumps({"checks": [WELL, AWAY]}).encode()) as url:
        readiness = Readiness(url)
        assert not readiness.asked()
        assert readiness.lacks() == "index: the disk is full"


def test_what_waits_elsewhere_keeps_no_service_from_starting() -> None:
    others = [{"name": name, "ok": False, "detail": "403"} for name in ("intake", "workers")]
    with answering(503, json.dumps({"checks": [WELL, *others]}).encode()) as url:
        assert Readiness(url).asked()
    with answering(503, json.dumps({"checks": [AWAY, *others]}).encode()) as url:
        readiness = Readiness(url)
        assert not readiness.asked()
        assert readiness.lacks() == "index: the disk is full, intake: 403, workers: 403"


def test_what_is_let_pass_keeps_nobody_from_starting_and_is_told_all_the_same() -> None:
    with answering(503, json.dumps({"checks": [WELL, AWAY]}).encode()) as url:
        readiness = Readiness(url, despite={"index"})
        assert readiness.asked()
        assert readiness.lacks() == "index: the disk is full"
        assert not Readiness(url, despite={"archive"}).asked()


def test_an_answer_of_somebody_else_is_no_readiness() -> None:
    with answering(404, b"<h1>Not here</h1>") as url:
        readiness = Readiness(url)
        assert not readiness.asked()
        assert readiness.lacks() == "an answer that cannot be read"


def test_no_answer_is_no_readiness() -> None:
    readiness = Readiness("http://127.0.0.1:1")
    assert not readiness.asked()
    assert "Connection refused" in readiness.lacks()
