"""The files of an export: FILE.part while it comes, FILE once it is whole, FILE.manifest.json that says which."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final

from services.cli.failure import WRONG_USE, CommandFailed

_BLOCK: Final = 1 << 20


class ExportFiles:
    """The files of one run.

    Args:
        path: FILE.
        asked: what makes a run what it is: the address and the parameters.
        force: whether what is there may be written over.

    Raises:
        CommandFailed: FILE is there already, or can be none, or what was begun there is another export.
    """

    def __init__(self, path: Path, asked: dict[str, Any], *, force: bool) -> None:
        if str(path) == "-" or (path.exists() and not path.is_file()):
            raise CommandFailed(f"{path} is no file", "an export goes on in a file where it was cut", code=WRONG_USE)
        path = path.resolve() if path.is_symlink() else path  # the link stays one
        self.path = path
        self.part = path.with_name(f"{path.name}.part")
        self.manifest = path.with_name(f"{path.name}.manifest.json")
        self._asked = asked
        self.token: str | None = None
        if not force:
            self._look()

    def _look(self) -> None:
        """Finds what an earlier run has begun."""
        if self.path.exists():
            raise CommandFailed(f"{self.path} is there already", "--force writes it anew", code=WRONG_USE)
        noted = self._noted()
        if self.part.exists() and noted.get("asked", self._asked) != self._asked:
            raise CommandFailed(
                f"{self.part} is of another export",
                "export into another file, or begin anew with --force",
                code=WRONG_USE,
            )
        if self.part.exists() and isinstance(noted.get("export"), str):
            self.token = noted["export"]

    def _noted(self) -> dict[str, Any]:
        try:
            told = json.loads(self.manifest.read_bytes())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def begin(self) -> None:
        """Nothing is there yet."""
        self.part.write_bytes(b"")
        self.token = None

    def note(self, token: str) -> None:
        """Notes what has been begun, so that another run can go on."""
        self.token = token
        _write(self.manifest, {"complete": False, "asked": self._asked, "export": token})

    def forget(self) -> None:
        """Nothing can go on with what is there."""
        self.token = None
        _write(self.manifest, {"complete": False, "asked": self._asked})

    def size(self) -> int:
        """Bytes that are there."""
        return self.part.stat().st_size

    def sha256(self) -> str:
        """Of what is there, hexadecimal."""
        digest = hashlib.sha256()
        with self.part.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def finish(self, manifest: dict[str, Any]) -> None:
        """All is there and right."""
        with self.part.open("rb") as file:
            os.fsync(file.fileno())
        _write(self.manifest, manifest)
        self.part.replace(self.path)


def _write(path: Path, told: dict[str, Any]) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    fresh.replace(path)
