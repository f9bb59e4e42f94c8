"""Faults of the machine, by a small library of our own that processes are started with (faults.c)."""

import os
import struct
import subprocess
from pathlib import Path
from typing import Final, Literal

ROOMS: Final = ("clean", "enrich", "index", "solo")
_SOURCE: Final = Path(__file__).with_name("faults.c")


class Machine:
    """The faults of one house's processes.

    Args:
        folder: where the library and its switches lie; made.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._library = folder / "faults.so"
        command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(self._library), str(_SOURCE), "-ldl", "-lpthread"]
        subprocess.run(command, check=True)
        for room in ROOMS:
            self.clock(room, 0)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to have these faults."""
        return {"LD_PRELOAD": str(self._library), "FAULTS_DIR": str(self._folder)}

    def hold(self) -> None:
        """From now on what is not fsynced is lost with the process, as by a power cut."""
        (self._folder / "held").touch()

    def fill(self, what: Literal["full", "index-full"] = "full") -> None:
        """The disk under the ledger, or under the index, is full."""
        (self._folder / what).touch()

    def free(self, what: Literal["full", "index-full"] = "full") -> None:
        """There is room on it again."""
        (self._folder / what).unlink()

    def clock(self, room: str, seconds: int) -> None:
        """The clock of this room's worker is so far ahead; below zero, behind. Changed in place, for it is mapped."""
        path = self._folder / f"clock-{room}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.pwrite(file, struct.pack("q", seconds), 0)
        os.close(file)

    def told(self, name: str) -> float:
        """A number that a process of the house has written beside the switches; endless where it has not."""
        path = self._folder / name
        return float(path.read_text() or "inf") if path.exists() else float("inf")

    def noted(self, what: str) -> dict[str, float]:
        """What traps have noted under this word: the rest of each name, and since when, by the monotonic clock."""
        return {path.name.removeprefix(f"{what}."): float(path.read_text()) for path in self._folder.glob(f"{what}.*")}
