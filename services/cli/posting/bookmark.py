"""Where a run was when it was cut; kept beside no data, so that folders that are posted stay as they are."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.cli.posting.walking import Place


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
