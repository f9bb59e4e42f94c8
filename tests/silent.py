"""A server that takes connections and says nothing, as one does whose machine stands still."""

import socket
from contextlib import suppress
from threading import Thread
from typing import Final

_CHUNK: Final = 65_536


class Silent:
    """A server that never answers, and the connections that came to it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.came: list[socket.socket] = []
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                self.came.append(self._listener.accept()[0])

    def waited_for(self) -> int:
        """How many of the connections still wait for an answer: who gives up closes his."""
        return sum(_open(connection) for connection in self.came)

    def close(self) -> None:
        """Ends it, and all connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.came:
            connection.close()


def _open(connection: socket.socket) -> bool:
    with suppress(BlockingIOError):
        while connection.recv(_CHUNK, socket.MSG_DONTWAIT):
            pass
        return False
    return True
