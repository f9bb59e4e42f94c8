"""HTTP that cannot be parsed never reaches an app; it gets its problem from here."""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.http.problems import MEDIA_TYPE, problem_response
from shared.errors import Refused

_HEAD: Final = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: %b\r\ncontent-length: %d\r\n"
    b"x-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
)


class Protocol(HttpToolsProtocol):
    """What speaks HTTP with a client, for `uvicorn.Config(http=...)`."""

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP request, and hangs up."""
        body = bytes(problem_response(Refused("unreadable", msg), None).body)
        self.transport.write(_HEAD % (MEDIA_TYPE.encode(), len(body)) + body)
        self.transport.close()
