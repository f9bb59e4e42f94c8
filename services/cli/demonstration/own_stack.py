"""A stack of its own for the demo: a temporary data folder, any free port, the defaults whatever is set."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from services.cli.client import Client, ServerRefused
from services.cli.failure import CommandFailed
from services.supervisor.asked_to_stop import AskedToStop
from services.supervisor.child import tied_to_us
from services.supervisor.orphans import end_left_over
from shared.children import ROOT, module_command
from shared.environment import environment_without_settings

_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.05


class OwnStack:
    """`pagemill up`, as long as the block lasts; its folder goes with it unless something went wrong.

    Where this process is killed the kernel ends the stack, for nobody would ever look into its folder again.
    """

    def __init__(self) -> None:
        self.folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with AskedToStop() as asked:  # between the folder and the process nothing must cut in
            self.folder = Path(tempfile.mkdtemp(prefix="pagemill-demo-"))
            self._start()
            if asked.asked:
                self.__exit__(KeyboardInterrupt, None, None)
                raise KeyboardInterrupt
        return self

    def _start(self) -> None:
        kept = self.folder / "tmp"  # what the stack would leave in the folder for temporary files goes with ours
        kept.mkdir(parents=True)
        env = environment_without_settings(ROOT, self.folder / "pagemill.toml") | {"TMPDIR": str(kept)}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  (our own command)
                tied_to_us(module_command("services.cli.main", "up", "--data", str(self._data), "--port", "0")),
                env=env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with AskedToStop() as again:  # whoever is impatient must not leave half of it behind
            stopped = self._stop(again)
            failed = kind is not None and issubclass(kind, Exception)
            if not failed:
                shutil.rmtree(self.folder, ignore_errors=True)
        if again.asked and not failed:
            raise KeyboardInterrupt
        if kind is None and not stopped:
            raise CommandFailed(f"the stack did not stop within {_STOP_SECONDS:.0f} s and was killed")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "up.log"

    @property
    def where_logs_are(self) -> str:
        """For when something went wrong."""
        return f"{self._log}, {self._data / 'logs'}"

    def ready(self, looked: Callable[[], None]) -> str:
        """Waits until pages can be posted; the address.

        Args:
            looked: called each time that it was not ready yet.

        Raises:
            CommandFailed: it ended, or took too long.
        """
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise CommandFailed("the stack ended while it was started")
            if (url := self._address()) and _is_ready(url):
                return url
            looked()
            time.sleep(_LOOK_SECONDS)
        raise CommandFailed(f"the stack was not ready within {_START_SECONDS:.0f} s")

    def _address(self) -> str:
        try:
            return (self._data / "url").read_text().strip()
        except FileNotFoundError:
            return ""

    def _stop(self, again: AskedToStop) -> bool:
        """Ends it as Ctrl-C would, and at once when asked again; whether it went in time."""
        if self._process is None or self._process.poll() is not None:
            return True
        until, hurried = time.monotonic() + _STOP_SECONDS, False
        self._process.send_signal(signal.SIGTERM)
        while self._process.poll() is None and time.monotonic() < until:
            if again.asked and not hurried:
                hurried = True
                self._process.send_signal(signal.SIGTERM)
            time.sleep(_LOOK_SECONDS)
        if self._process.poll() is not None:
            return True
        self._process.kill()
        self._process.wait()
        end_left_over(self._data.resolve(), grace=0.0)
        return False


def _is_ready(url: str) -> bool:
    with Client(url) as client:
        try:
            client.get("/readyz")
        except (ServerRefused, CommandFailed):
            return False
    return True
