"""A broker behind a line that can be cut in several ways."""

import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from tests.conftest import start_valkey

Mode = Literal["open", "refused", "black hole", "reset", "deaf"]
"""`deaf`: what is asked arrives, what is answered does not."""


class Broker:
    """A real Valkey, and the address of the line to it."""

    def __init__(self, folder: Path) -> None:
        self._server, self.direct_url = start_valkey(folder)
        self._socket = folder / "v.sock"
        self._mode: Mode = "open"
        self._deaf_after: bytes | None = None
        self._listener: socket.socket | None = None
        self._port = 0
        self._lines: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listen()

    @property
    def url(self) -> str:
        """What the house is told."""
        return f"redis://127.0.0.1:{self._port}/0"

    def be(self, mode: Mode) -> None:
        """Changes how the line is."""
        self._mode = mode
        if mode in {"refused", "reset"}:
            self._hang_up()
            if mode == "refused":
                self._stop_listening()
        if mode != "refused" and self._listener is None:
            self._listen()
        if mode == "open":
            self._hang_up()  # what was lost on the way never comes

    def deaf_after(self, words: bytes) -> None:
        """From the request on that has these words in it, what is answered does not arrive."""
        self._deaf_after = words

    @property
    def deaf(self) -> bool:
        """Whether that request has come."""
        return self._mode == "deaf"

    def pause(self) -> None:
        """The server stands still."""
        self._server.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It runs again."""
        self._server.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """Ends it all."""
        self._stop_listening()
        self._hang_up()
        self._server.kill()
        self._server.wait()

    def _listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen(128)
        self._port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _stop_listening(self) -> None:
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            self._listener.close()
            self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            if self._mode == "reset":
                _reset(caller)
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self._socket))
            except OSError:
                _reset(caller)
                continue
            with self._lock:
                self._lines |= {caller, server}
            for source, target, answers in ((caller, server, False), (server, caller, True)):
                threading.Thread(target=self._carry, args=(source, target, answers), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if self._deaf_after and not answers and self._deaf_after in piece:
                    self._mode, self._deaf_after = "deaf", None
                if self._mode == "black hole" or (self._mode == "deaf" and answers):
                    continue
                target.sendall(piece)
        self._drop(source, target)

    def _drop(self, *lines: socket.socket) -> None:
        for line in lines:
            with self._lock:
                self._lines.discard(line)
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _hang_up(self) -> None:
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _reset(line: socket.socket) -> None:
    """Closes without a word: the other side gets RST."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@contextmanager
def broker() -> Iterator[Broker]:
    """A broker that runs as long as the block does."""
    folder = Path(tempfile.mkdtemp(prefix="pm-broker-"))
    made = Broker(folder)
    try:
        yield made
    finally:
        with suppress(subprocess.SubprocessError, OSError):
            made.close()
        shutil.rmtree(folder, ignore_errors=True)
