"""A wire between a client and a service that is cut after so many bytes of answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_BLOCK = 16_384


class Wire:
    """Forwards connections to one address.

    Args:
        url: where to.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._to = (parts.hostname or "", parts.port or 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.cuts: list[int] = []
        """Bytes of answers after which the next connections are cut; those after them are not."""
        self.stalls: int | None = None
        """Bytes of answers after which a connection says nothing more; None: never."""
        self.stalled = threading.Event()
        self.gone = threading.Event()
        """Set by the test once it has ended the client."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                most = self.cuts.pop(0) if self.cuts else None
                threading.Thread(target=self._join, args=(client, most), daemon=True).start()

    def _join(self, client: socket.socket, most: int | None) -> None:
        with client, suppress(OSError), socket.create_connection(self._to) as service:
            threading.Thread(target=_forward, args=(client, service), daemon=True).start()
            try:
                self._answers(client, service, most)
            finally:  # closing alone would wait for the thread that reads
                service.shutdown(socket.SHUT_RDWR)
                client.shutdown(socket.SHUT_RDWR)

    def _answers(self, client: socket.socket, service: socket.socket, most: int | None) -> None:
        passed = 0
        while data := service.recv(_BLOCK):
            if self.stalls is not None and passed >= self.stalls:
                self.stalled.set()
                self.gone.wait()
                return
            client.sendall(data if most is None else data[: max(0, most - passed)])
            passed += len(data)
            if most is not None and passed >= most:
                return


def _forward(client: socket.socket, service: socket.socket) -> None:
    with suppress(OSError):
        while data := client.recv(_BLOCK):
            service.sendall(data)
        service.shutdown(socket.SHUT_WR)


@contextmanager
def wire_to(url: str) -> Iterator[Wire]:
    """A wire to an address."""
    wire = Wire(url)
    try:
        yield wire
    finally:
        wire.close()
