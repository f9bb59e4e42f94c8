"""Stands between an adapter and a real Elasticsearch: counts what goes through, and can be told to misbehave."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Protocol

import httpx
from pydantic_core import to_json


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    body: bytes


class Answer(NamedTuple):
    """One answer; without a status the connection is cut instead."""

    status: int
    body: bytes


class Forward(Protocol):
    """Asks the real engine: what was asked, or the same with another body."""

    def __call__(self, body: bytes | None = None) -> Answer: ...


Rule = Callable[[Asked, Forward], Answer]
"""Gives the answer to a request; its second argument asks the real engine."""


class StandIn:
    """What the tests hold: the address to call, what was asked, and the rule that answers."""

    def __init__(self, engine: str) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.rule: Rule = lambda _, forward: forward()
        self._client = httpx.Client(base_url=engine, timeout=60)

    def answer(self, asked: Asked, headers: dict[str, str]) -> Answer:
        """The answer to one request."""
        self.asked.append(asked)

        def forward(body: bytes | None = None) -> Answer:
            content = asked.body if body is None else body
            told = self._client.request(asked.method, asked.path, content=content, headers=headers)
            return Answer(told.status_code, told.content)

        return self.rule(asked, forward)

    def close(self) -> None:
        """Lets the real engine go."""
        self._client.close()

    def bulks(self) -> list[Asked]:
        """The bulk requests that came."""
        return [asked for asked in self.asked if "_bulk" in asked.path]


def error(status: int, kind: str, reason: str) -> Answer:
    """An answer as Elasticsearch words it."""
    return Answer(status, to_json({"error": {"type": kind, "reason": reason}, "status": status}))


def cut() -> Answer:
    """No answer: the connection ends."""
    return Answer(0, b"")


@contextmanager
def stand_in(engine: str) -> Iterator[StandIn]:
    """A stand-in that runs as long as the block does."""
    held = StandIn(engine)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
            told = held.answer(Asked(self.command, self.path, body), kept)
            if not told.status:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(told.status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", kept.get("Accept", "application/json").split(",")[0])
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815  (the names that the server looks for)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()
    held.close()
