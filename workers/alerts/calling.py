"""One call of a webhook: to an address that was looked at before, without redirects, within a time."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, urlsplit

from shared.private_addresses import Allowed


class CallFailed(Exception):
    """The webhook has not taken what was sent; the message is one line for whoever set it up."""


def call(url: str, body: bytes, headers: Mapping[str, str], seconds: float, allowed: Allowed) -> None:
    """POSTs a body. The name is resolved once, and what was looked at is what is called.

    Args:
        url: http or https.
        body: JSON.
        headers: beside those of the body.
        seconds: all of it may take.
        allowed: private hosts that may be called.

    Raises:
        CallFailed: no answer, another one than 2xx, or nobody may be called there.
    """
    parts = urlsplit(url)
    address = _address(parts, allowed)
    connection = _connection(parts, address, seconds)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    overdue = threading.Event()
    try:
        with _ended_after(connection, seconds, overdue):
            connection.request("POST", path, body, {**headers, "Content-Type": "application/json"})
            status = connection.getresponse().status
    except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
        late = overdue.is_set() or isinstance(error, TimeoutError)
        raise CallFailed(_late(seconds) if late else _line(error)) from error
    finally:
        connection.close()
    if overdue.is_set():  # what is cut may look like a whole answer
        raise CallFailed(_late(seconds))
    if 300 <= status < 400:
        raise CallFailed(f"the answer was {status}; redirects are not followed")
    if not 200 <= status < 300:
        raise CallFailed(f"the answer was {status}")


def _address(parts: SplitResult, allowed: Allowed) -> str:
    """The first address of the host, if all of its addresses may be called."""
    host, port = parts.hostname or "", _port(parts)
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise CallFailed(f"{host} cannot be resolved: {_line(error)}") from error
    refused = [each for each in found if not allowed.may_be_called(host, each)]
    if refused or not found:
        raise CallFailed(f"{host} is at {', '.join(refused)}, which is not public; see PAGEMILL_ALERTS_PRIVATE_HOSTS")
    return found[0]


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _connection(parts: SplitResult, address: str, seconds: float) -> http.client.HTTPConnection:
    kind = _PinnedTls if parts.scheme == "https" else _Pinned
    made = kind(parts.hostname or "", _port(parts), timeout=seconds)
    made.address = address
    return made


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was looked at, not to what the name stands for by now."""

    address = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _PinnedTls(_Pinned):
    """The same with TLS, for the name; the handshake comes once the socket is known to whoever ends it."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


@contextmanager
def _ended_after(connection: http.client.HTTPConnection, seconds: float, overdue: threading.Event) -> Iterator[None]:
    """Ends a call that has taken so long: the socket's own time begins anew with each byte that comes."""

    def end() -> None:
        overdue.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _late(seconds: float) -> str:
    return f"no answer within {seconds:g} s"


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200] or type(error).__name__
