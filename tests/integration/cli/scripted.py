"""A stand-in for the intake service that answers as it was told to, for what a healthy one would not do."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LIMITS = {"page_max_bytes": 1000, "batch_max_bytes": 100_000, "batch_max_items": 10, "request_max_bytes": 2000}
Answer = tuple[int, dict[str, str], Any]
"""Status, headers, JSON; a status of 0 cuts the connection without an answer."""


@dataclass
class Intake:
    """What was asked, and what is answered: the script first, then `usual`."""

    script: list[Callable[[list[str]], Answer]] = field(default_factory=list)
    requests: list[list[str]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    url: str = ""
    forgets: bool = False
    """Whether it knows none of the pages that it once took."""

    def answer(self, lines: list[str]) -> Answer:
        """The answer to one batch."""
        self.requests.append(lines)
        return (self.script.pop(0) if self.script else accepted)(lines)

    @property
    def taken(self) -> list[str]:
        """Every line that came, in order."""
        return [line for request in self.requests for line in request]


def accepted(lines: list[str], stopped: dict[str, Any] | None = None) -> Answer:
    """Every line is a page of its own."""
    results = [{"index": at, "id": f"id{line}", "version": 1, "status": "accepted"} for at, line in enumerate(lines)]
    none = dict.fromkeys(("duplicate", "unchanged", "superseded", "rejected", "ignored"), 0)
    return 202, {}, {"accepted": len(lines), **none, "results": results, "stopped": stopped}


def hang(lines: list[str]) -> Answer:
    """Reads the batch and does not answer before the client has gone."""
    time.sleep(3)
    return cut(lines)


def full_after(count: int) -> Callable[[list[str]], Answer]:
    """Takes so many lines of a batch and stops."""
    error = {"status": 429, "title": "The line is full"}
    return lambda lines: accepted(lines[:count], {"index": count, "error": error})


def problem(status: int, **headers: str) -> Callable[[list[str]], Answer]:
    """Refuses the whole batch."""
    told = {"status": status, "code": "x", "title": "No", "detail": f"refused with {status}"}
    return lambda _: (status, {name.replace("_", "-"): value for name, value in headers.items()}, told)


def cut(_: list[str]) -> Answer:
    """Reads the batch and ends the connection."""
    return 0, {}, None


def refuse_over(most: int) -> Callable[[list[str]], Answer]:
    """413 to a batch with more lines, or with a line that says `big`."""

    def answer(lines: list[str]) -> Answer:
        return problem(413)(lines) if len(lines) > most or "big" in lines else accepted(lines)

    return answer


@contextmanager
def intake(script: list[Callable[[list[str]], Answer]]) -> Iterator[Intake]:
    """A stand-in on any free port of loopback."""
    told = Intake(script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.queries.append(self.path.partition("?")[2])
            status, headers, value = told.answer(body.decode().splitlines())
            if not status:
                self.close_connection = True
                return
            self._reply(status, headers, value)

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/v1/limits":
                self._reply(200, {}, LIMITS)
            elif told.forgets:
                self._reply(404, {}, {"status": 404, "detail": "No such page"})
            else:
                self._reply(200, {}, {"id": path.rpartition("/")[2], "state": "searchable", "version": 1})

        def _reply(self, status: int, headers: dict[str, str], value: Any) -> None:
            payload = json.dumps(value).encode()
            self.send_response(status)
            for name, text in {**headers, "Content-Length": str(len(payload))}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
