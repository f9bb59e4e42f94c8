"""What is asked of the index's generations, and how far the index room has got with it."""

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, Literal

from shared.errors import DependencyUnavailable
from shared.ledger.connection import Argument, Scripts, available, even_when_full
from shared.models.frozen import Carried, Moment, PageId, Version
from shared.models.rebuild import ENDED, Progress, Rebuild, RebuildKind
from shared.moments import from_ms
from shared.search.generations import Generation

LEASE_SECONDS: Final = 10.0
"""The lease is renewed while a slice is worked on and given back at its end, so only a process that was ended or
stopped in one keeps the next from going on, for as long as this."""
_RENEWALS: Final = 3
"""Of one lease, so that one that comes late is no harm."""
_LAPSED: Final = "the process that worked on it was ended in the middle of it, or stood still"


SliceWent = Literal["got-on", "waited", "failed"]


class SeenGenerations(Carried):
    """The generations as the index room saw them last."""

    at: Moment
    generations: tuple[Generation, ...]


class Rebuilds:
    """One thing is asked at a time. The index room works on it in slices, one process at a time.

    Every method raises DependencyUnavailable where Redis is away.

    Args:
        scripts: of the ledger.
        lease_seconds: after which another process goes on where the lease is not renewed.
    """

    def __init__(self, scripts: Scripts, lease_seconds: float = LEASE_SECONDS) -> None:
        self._scripts = scripts
        self._lease_ms = int(lease_seconds * 1000)
        self._token = secrets.token_hex(8)

    def ask(self, kind: RebuildKind, *, from_raw: bool = False) -> bool:
        """Asks for it; False where what was asked before has not ended."""
        return bool(self._scripts.run("rebuild_ask", kind, int(from_raw)))

    def cancel(self) -> bool:
        """Asks to end what runs; False where nothing does."""
        running = self.active()
        if running:
            with available():
                self._scripts.client.hset(self._key, "cancel", 1)
        return running

    def active(self) -> bool:
        """Whether something was asked that has not ended."""
        with available():
            return bool(self._scripts.client.hexists(self._key, "active"))

    def last(self) -> Rebuild | None:
        """What was asked last, with its progress; None where nothing ever was."""
        with available():
            pipe = self._scripts.client.pipeline(transaction=False)
            pipe.hgetall(self._key)
            pipe.hgetall(f"{self._key}:reasons")
            told: Any = pipe.execute()
        held, reasons = ({k.decode(): v.decode() for k, v in fields.items()} for fields in told)
        return _rebuild(held, {reason: int(count) for reason, count in reasons.items()}) if "number" in held else None

    def take(self) -> Rebuild | None:
        """Leases what is asked for one slice of work; None where nothing is, or another process works on it.

        Where the lease of another ran out in its slice, that is counted: work that ends its process again and again
        is known by `tries`. What ran out while it only waited was ended from outside, and ends their row.
        """
        return self.last() if self._scripts.run("rebuild_take", self._token, self._lease_ms) else None

    def renew(self) -> bool:
        """Makes the lease last from now on; False where it is another's by now."""
        return bool(self._scripts.run("rebuild_renew", self._token, self._lease_ms, ""))

    def waits(self, *, waits: bool) -> bool:
        """Renews it and notes whether this process only waits from now on, for others that work for it.

        Nothing that it does then can end it. The note is gone with the end of the slice.
        """
        return bool(self._scripts.run("rebuild_renew", self._token, self._lease_ms, int(waits)))

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """Renews the lease while the block runs, for one step may be a text that takes long.

        By a thread of this process: where that is ended or stopped, nothing is renewed, and the next process goes on.
        """
        ended = threading.Event()
        thread = threading.Thread(target=self._renew_until, args=[ended], name="rebuild lease", daemon=True)
        try:
            thread.start()
            yield
        finally:
            ended.set()
            thread.join()

    def save(self, progress: Progress, went: SliceWent = "got-on") -> bool:
        """Ends a slice: what was done is known, and the lease is given back.

        Args:
            progress: how far it has got; its state says whether it has ended.
            went: how the slice went. Failures in a row are counted, `got-on` ends the row, `waited` does neither.

        Returns:
            False where the lease had run out and another process has taken it: nothing was saved.
        """
        plain = Progress.model_construct(**{name: getattr(progress, name) for name in Progress.model_fields})
        ended = int(progress.state in ENDED)
        return bool(self._scripts.run("rebuild_save", self._token, plain.model_dump_json(), ended, went))

    def reject(self, reasons: Mapping[PageId, str]) -> None:
        """Pages that are not in the new generation, and why; each is counted once."""
        arguments: list[Argument] = [text for pair in reasons.items() for text in pair]
        if arguments:
            self._scripts.run("rebuild_reject", *arguments)

    def rejected(self, ids: Sequence[PageId]) -> set[PageId]:
        """Those of these pages that were rejected."""
        if not ids:
            return set()
        with available():
            told: Any = self._scripts.client.hmget(f"{self._key}:rejected", list(ids))
        return {page_id for page_id, reason in zip(ids, told, strict=True) if reason is not None}

    def begin_again(self) -> None:
        """Forgets who was rejected: filling begins from nothing."""
        with available():
            self._scripts.client.delete(f"{self._key}:rejected", f"{self._key}:reasons")

    def tombstones(self, ids: Sequence[PageId]) -> dict[PageId, int]:
        """The versions of the deletes of those of these pages that were ever deleted."""
        return self._of("tomb", ids)

    def let_go(self, pages: Sequence[tuple[PageId, Version]]) -> set[PageId]:
        """Those of these versions that were dead letters and were let go: they are not to become searchable."""
        told = self._of("let_go", [page_id for page_id, _ in pages])
        return {page_id for page_id, version in pages if told.get(page_id) == version}

    def show(self, generations: Sequence[Generation], at: Moment) -> None:
        """Makes known which generations there are."""
        seen = SeenGenerations(at=at, generations=tuple(generations))
        with available():
            even_when_full(self._scripts.client, "SET", self._scripts.key("generations"), seen.model_dump_json())

    def shown(self) -> SeenGenerations | None:
        """The generations as they were made known last."""
        with available():
            told: Any = self._scripts.client.get(self._scripts.key("generations"))
        return SeenGenerations.model_validate_json(told) if told else None

    def _renew_until(self, ended: threading.Event) -> None:
        """Where the ledger is away for a moment the next renewal may still come in time."""
        while not ended.wait(self._lease_ms / 1000 / _RENEWALS):
            with suppress(DependencyUnavailable):
                self.renew()

    def _of(self, name: str, ids: Sequence[PageId]) -> dict[PageId, int]:
        """The versions that stand under these pages in a hash of the ledger."""
        if not ids:
            return {}
        with available():
            told: Any = self._scripts.client.hmget(self._scripts.key(name), list(ids))
        return {page_id: int(version) for page_id, version in zip(ids, told, strict=True) if version is not None}

    @property
    def _key(self) -> str:
        return self._scripts.key("rebuild")


def _rebuild(held: Mapping[str, str], reasons: dict[str, int]) -> Rebuild:
    progress = Progress.model_validate_json(held["progress"]) if "progress" in held else Progress()
    if "lapsed" in held:
        progress = progress.model_copy(update={"trouble": _LAPSED})
    return Rebuild(
        **{name: getattr(progress, name) for name in Progress.model_fields},
        number=int(held["number"]),
        kind=held["kind"],
        from_raw=held["raw"] == "1",
        asked_at=from_ms(int(held["asked"])),
        tries=int(held["tries"]),
        cancelled="cancel" in held,
        rejected=reasons,
    )
