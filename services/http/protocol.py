"""What an app never sees: HTTP that cannot be parsed, and clients that never come to the end of their headers."""

import asyncio
from collections.abc import Callable
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.http.problems import MEDIA_TYPE, problem_response
from shared.errors import Refused

_HEAD: Final = (
    b"HTTP/1.1 %d %b\r\ncontent-type: %b\r\ncontent-length: %d\r\n"
    b"x-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
)


class Protocol(HttpToolsProtocol):
    """What speaks HTTP with a client, for `uvicorn.Config(http=...)`; `protocol_for` sets how slow one may be."""

    slow_client_seconds: float = 30
    """Seconds that headers may take, from their first byte; the first byte of all, from the connection on."""
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come, and has to say something; one that never does is hung up on without a word."""
        super().connection_made(transport)
        self._wait(self.transport.close)

    def on_message_begin(self) -> None:
        """A request begins, and has to say what it wants; one behind another that is being answered may take longer."""
        self._waited()
        if self.cycle is None or self.cycle.response_complete:
            self._wait(self._too_slow)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """It has said what it wants; how slow its body may be is the app's business."""
        self._waited()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._waited()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP request, and hangs up."""
        self._hang_up(Refused("unreadable", msg), b"Bad Request")

    def _wait(self, then: Callable[[], None]) -> None:
        self._waiting = self.loop.call_later(self.slow_client_seconds, then)

    def _waited(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_slow(self) -> None:
        detail = f"The headers were not there after {self.slow_client_seconds:g} seconds."
        refused = Refused("slow-client", detail, limit="PAGEMILL_SLOW_CLIENT_SECONDS")
        self._hang_up(refused, b"Request Timeout")

    def _hang_up(self, refused: Refused, phrase: bytes) -> None:
        self._waited()
        body = bytes(problem_response(refused, None).body)
        self.transport.write(_HEAD % (refused.status, phrase, MEDIA_TYPE.encode(), len(body)) + body)
        self.transport.close()


def protocol_for(seconds: float) -> type[Protocol]:
    """The protocol of a service that waits so long for headers."""
    return type("Protocol", (Protocol,), {"slow_client_seconds": seconds})
