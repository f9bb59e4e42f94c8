"""Where a run was when it was cut; kept beside no data, so that folders that are posted stay as they are."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.cli.failure import CommandFailed
from services.cli.posting.walking import Place
from services.supervisor.folder_lock import Lock, Taken


@dataclass(frozen=True)
class Saved:
    """A run that was cut.

    Everything before `place` was answered; `counts` says how, and `witness` is the id of a page among it, by which
    the services can be asked whether they are still the ones that answered. `options` is the digest of the address
    and the options that it was posted with.
    """

    place: Place
    counts: dict[str, int]
    witness: str | None
    saved_at: str
    options: str = ""


class Bookmark:
    """A small file that holds one Saved; written after each answer, so it never points behind what is unanswered."""

    def __init__(self, path: Path, options: Iterable[str] = ()) -> None:
        self.path = path
        self.options = _digest(options)

    @classmethod
    def of_run(cls, options: Sequence[str], inputs: Iterable[str]) -> "Bookmark":
        """The one that belongs to what makes a run what it is: the address and the options, and the inputs."""
        digest = _digest([*options, "", *inputs])
        return cls(Path.home() / ".local" / "state" / "pagemill" / f"post-{digest}.json", options)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps it for this run while the block lasts: of two at once the second would go on from where the first is.

        Where no lock can be made, no place can be kept either, and that is told when it is tried.

        Raises:
            CommandFailed: another live run has it.
        """
        with ExitStack() as held:
            with suppress(OSError):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    held.enter_context(Lock(self.path.with_name(f"{self.path.name}.lock")))
                except Taken as taken:
                    raise self._in_use(taken.owner.get("pid")) from taken
            yield

    def _in_use(self, pid: int | None) -> CommandFailed:
        who = "another run" if pid is None else f"process {pid}"
        remedy = "Wait until that has ended; then the same command goes on from there, or posts all again."
        return CommandFailed(f"{who} is at this very command and keeps its place in {self.path}", remedy)

    def load(self) -> Saved | None:
        """What was saved; None where nothing was, or a power cut left half of it."""
        try:
            told: dict[str, Any] = json.loads(self.path.read_bytes())
            place = Place(**told["place"])
            return Saved(place, dict(told["counts"]), told["witness"], str(told["saved_at"]), told.get("options", ""))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def save(self, place: Place, counts: dict[str, int], witness: str | None) -> None:
        """Writes it whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        saved = asdict(Saved(place, dict(counts), witness, now, self.options))
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(saved))
        fresh.replace(self.path)

    def clear(self) -> None:
        """The run has come to its end."""
        self.path.unlink(missing_ok=True)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode(errors="surrogateescape"), digest_size=12).hexdigest()
