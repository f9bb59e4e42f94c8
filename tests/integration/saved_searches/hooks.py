"""A webhook that a test keeps: it notes what it is sent, and answers as it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One call: its path, its headers in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Hook:
    """What was called, and what is answered: `statuses` one after the other, then 204."""

    def __init__(self, *statuses: int) -> None:
        self.calls: list[Call] = []
        self.statuses = list(statuses)
        self.url = ""
        self.released = threading.Event()
        self.drips = False

    def pages(self) -> list[str]:
        """The pages that were told of, in order."""
        return [alert["document"]["id"] for call in self.calls for alert in call.told["alerts"]]


@contextmanager
def hook(*statuses: int) -> Iterator[Hook]:
    """A webhook on loopback, as long as the block lasts."""
    made = Hook(*statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.calls.append(Call(self.path, headers, body))
            if made.drips:
                self._drip()
                return
            self.send_response(made.statuses.pop(0) if made.statuses else 204)
            self.send_header("Location", f"{made.url}/elsewhere")
            self.end_headers()

        def _drip(self) -> None:
            """Sends a header for as long as anybody listens."""
            self.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
            while not made.released.wait(0.05):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the parent's name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
