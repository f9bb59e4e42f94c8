"""What an app never sees: HTTP that cannot be parsed, and clients that never come to the end of their headers."""

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import Final

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.http.door import SANE_ID
from services.http.problems import MEDIA_TYPE, problem_fields
from shared.errors import Refused
from shared.settings import Settings

_HEAD: Final = (
    b"HTTP/1.1 %d %b\r\ncontent-type: %b\r\ncontent-length: %d\r\n"
    b"x-request-id: %b\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
)
ADDRESS_MAX_BYTES: Final = 65_535
"""Of a request, path and query: the parser has 16 bits for each."""
_SLICE: Final = 65_536
_LINGER_SECONDS: Final = 2.0
_LINGER_BYTES: Final = 16 * 1024 * 1024
"""What a client may still send of a request that was refused, before it is cut off."""
_ONLY_READS: Final = ("GET", "HEAD", "OPTIONS")
log = structlog.get_logger(__name__)


class Protocol(HttpToolsProtocol):
    """What speaks HTTP with a client, for `uvicorn.Config(http=...)`; `protocol_for` sets what one may do."""

    slow_client_seconds: float = 30
    """Seconds that headers may take, from their first byte; the first byte of all, from the connection on."""
    headers_max_bytes: int = 262_144
    """Of address and headers together, and of whatever else is no part of a body."""
    _unread: int = 0
    """Bytes that came since the last that were a part of a body or ended headers: the parser holds them all."""
    _waiting: asyncio.TimerHandle | None = None
    _refused: bool = False
    """Whether it has been answered and is hung up on; what it still sends is passed over."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come, and has to say something; one that never does is hung up on without a word."""
        super().connection_made(transport)
        self._wait(self.transport.close)

    def data_received(self, data: bytes) -> None:
        """Something has come; headers are counted while they do."""
        if self._refused:
            self._unread += len(data)
            if self._unread > _LINGER_BYTES:
                self.transport.close()
            return
        for at in range(0, len(data), _SLICE):
            piece = data if len(data) <= _SLICE else data[at : at + _SLICE]
            self._unread += len(piece)
            if self._unread > self.headers_max_bytes:
                self._too_large()
            if self._refused or self.transport.is_closing():
                return
            super().data_received(piece)

    def on_body(self, body: bytes) -> None:
        """A part of a body has come."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has come to its end."""
        self._unread = 0
        super().on_message_complete()

    def on_message_begin(self) -> None:
        """A request begins, and has to say what it wants; one behind another that is being answered may take longer."""
        self._waited()
        if self.cycle is None or self.cycle.response_complete:
            self._wait(self._too_slow)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """It has said what it wants; how slow its body may be is the app's business."""
        self._waited()
        self._unread = 0
        super().on_headers_complete()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Its client says nothing more; whether the connection stays, for the answer that it may still read.

        It does for what may have changed something. Who asks for something to read, and hangs up, is gone more often
        than not, and nothing is looked for on its behalf.
        """
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body or cycle.scope["method"] in _ONLY_READS:
            return False
        cycle.keep_alive = False
        return self.transport.can_write_eof()  # TLS has no half of a connection

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._waited()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP request, or one whose address nobody can read, and hangs up."""
        length = len(getattr(self, "url", b""))  # there is none before a first request has begun
        if length > ADDRESS_MAX_BYTES:
            msg = f"The address has {length} bytes, more than {ADDRESS_MAX_BYTES}."
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

    def _too_large(self) -> None:
        detail = f"Address and headers have more than {self.headers_max_bytes} bytes."
        refused = Refused("headers-too-large", detail, limit="PAGEMILL_HEADERS_MAX_BYTES")
        self._hang_up(refused, b"Request Header Fields Too Large")

    def _hang_up(self, refused: Refused, phrase: bytes) -> None:
        self._waited()
        request_id = self._request_id()
        log.info("request refused", request_id=request_id, code=refused.code, detail=refused.detail)
        body = json.dumps(problem_fields(refused, request_id)).encode()
        head = _HEAD % (refused.status, phrase, MEDIA_TYPE.encode(), len(body), request_id.encode())
        self.transport.write(head + body)
        self._linger()

    def _linger(self) -> None:
        """Says that nothing more is said, and listens on for a moment: who is cut off in mid-word hears no answer."""
        self._refused, self._unread = True, 0
        if not self.transport.can_write_eof():  # as in TLS
            self.transport.close()
            return
        self.transport.write_eof()
        self._waiting = self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    def _request_id(self) -> str:
        """The client's, as far as its headers came; else one of ours."""
        told = dict(getattr(self, "headers", ())).get(b"x-request-id", b"")
        return told.decode("ascii") if SANE_ID.fullmatch(told) else secrets.token_hex(12)


def protocol_for(settings: Settings) -> type[Protocol]:
    """The protocol of a service that waits so long for headers, and takes so many bytes of them."""
    told = {"slow_client_seconds": settings.slow_client_seconds, "headers_max_bytes": settings.headers_max_bytes}
    return type("Protocol", (Protocol,), told)
