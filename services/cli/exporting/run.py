"""One run: reads until all is there, goes on where it is cut, and looks whether it is right."""

from contextlib import suppress
from typing import Any, Final

from services.cli.client import Client, ServerAway, ServerRefused, waited
from services.cli.exporting.files import ExportFiles
from services.cli.failure import CommandFailed
from services.cli.showing.terminal import err

_PATH: Final = "/v1/export"
_TRIES: Final = 6
"""How often it is tried again without a byte more."""
_PAUSE_MOST: Final = 4.0
"""Seconds before the next try, which are doubled up to there."""
_LATER: Final = frozenset({429, 503})
_GONE: Final = 410
_WORK_SECONDS: Final = 20
"""How long the services may work at a stretch on what the manifest needs; they can be asked again."""


class ExportRun:
    """Fetches one export.

    Args:
        client: of the services.
        asked: the parameters.
        files: where it goes.
    """

    def __init__(self, client: Client, asked: dict[str, Any], files: ExportFiles) -> None:
        self._client = client
        self._asked = asked
        self._files = files
        self._vain = 0

    def run(self) -> dict[str, Any]:
        """The manifest of what is now in the file.

        Raises:
            CommandFailed: it is not whole; the same command goes on, or begins anew where it cannot.
        """
        if self._files.token is None:
            self._files.begin()
        while not self._read():
            pass
        manifest = self._manifest()
        self._compare(manifest)
        self._files.finish(manifest)
        with suppress(ServerAway, ServerRefused):  # it expires by itself
            self._client.let_go(_PATH, {"export": self._files.token})
        return manifest

    def _read(self) -> bool:
        """Reads on; whether the end was reached."""
        before = self._files.size()
        try:
            self._stream(before)
        except ServerRefused as refused:
            self._refused(refused)
        except ServerAway as away:
            if self._files.token is None and not self._vain:
                raise
            self._later(away, None, more=self._files.size() > before)
        else:
            return True
        return False

    def _stream(self, offset: int) -> None:
        token = self._files.token
        place = {"export": token, "offset": offset} if token else {}
        with self._client.stream(_PATH, {**self._asked, **place}) as answer, self._files.part.open("ab") as file:
            if token is None:
                self._files.note(answer.headers["Pagemill-Export"])
            for chunk in answer.iter_bytes():
                file.write(chunk)

    def _refused(self, refused: ServerRefused) -> None:
        """What has expired is begun anew; what is busy is asked again."""
        if refused.status == _GONE and self._files.token is not None:
            err().print("pagemill: what was begun has expired; beginning again", style="yellow")
            self._files.begin()
            self._files.forget()
            self._later(refused, 0, more=False)
        elif refused.status in _LATER:
            self._later(refused, refused.retry_after, more=False)
        else:
            if not self._files.size():
                self._files.part.unlink()
            raise refused

    def _later(self, error: CommandFailed, seconds: float | None, *, more: bool) -> None:
        """Waits; gives up where nothing has come for some tries."""
        self._vain = 0 if more else self._vain + 1
        if self._vain > _TRIES:
            error.remedy = f"{self._files.size()} bytes are in {self._files.part}; the same command goes on"
            raise error
        waited(min(_PAUSE_MOST, 2.0**self._vain / 4) if seconds is None else seconds)

    def _manifest(self) -> dict[str, Any]:
        self._vain = 0
        while True:
            try:
                asked = {**self._asked, "export": self._files.token, "wait": _WORK_SECONDS}
                told: dict[str, Any] = self._client.get(f"{_PATH}/manifest", asked)
            except ServerAway as away:
                self._later(away, None, more=False)
            except ServerRefused as refused:
                if refused.status not in _LATER:
                    raise
                self._later(refused, refused.retry_after, more=False)
            else:
                if told["complete"]:
                    return told

    def _compare(self, manifest: dict[str, Any]) -> None:
        size, part = self._files.size(), self._files.part
        if size < manifest["bytes"]:
            raise CommandFailed(f"{part} has {size} bytes of {manifest['bytes']}", "the same command goes on")
        longer = size > manifest["bytes"]
        if longer or self._files.sha256() != manifest["sha256"]:
            self._files.begin()
            self._files.forget()
            differs = f"{size} bytes, of {manifest['bytes']}" if longer else "its checksum is another one"
            raise CommandFailed(
                f"what came is not what the manifest says: {differs}",
                "the same command begins anew",
            )
