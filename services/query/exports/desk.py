"""Hands exports out by their tokens, so many at once, and lets go those that nobody reads any more."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from services.query.asking import engine_query, relaxed
from services.query.cursor import Seal, digest
from services.query.exports.export import Export
from services.query.exports.formats import FORMATS
from services.query.exports.notes import Notes
from services.query.exports.pages import Pages, expired
from services.query.figures import SearchFigures
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.export_manifest import ExportManifest
from shared.models.export_query import ExportQuery, ManifestQuery
from shared.models.frozen import Carried, Moment
from shared.models.search import MatchUsed, SearchWarning
from shared.search.port import SearchIndex

_ROOT: Final = "/query"
_FRESH_SECONDS: Final = 60.0
"""One that was read so short a time ago is not let go for another."""
_PLACE: Final = {"export", "offset", "wait"}


class Ticket(Carried):
    """What a token says: enough for any process to go on, beside the parameters."""

    snapshot: str
    index: str
    asked: str
    match: MatchUsed
    total: int
    begun_at: Moment


@dataclass
class Open:
    """An export that is held."""

    ticket: Ticket
    token: str
    query: ExportQuery | ManifestQuery
    export: Export
    warnings: tuple[SearchWarning, ...]
    used: float
    readers: int = field(default=0)

    def manifest(self) -> ExportManifest:
        """What is known of it now."""
        told = self.export.progress
        return ExportManifest(
            format=self.query.format,
            query=self.query.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude=_PLACE),
            match=self.ticket.match,
            index=self.ticket.index,
            begun_at=self.ticket.begun_at,
            total=self.ticket.total,
            count=told.documents,
            left_out=told.left_out,
            bytes=told.end,
            complete=told.complete,
            sha256=told.sha256,
            warnings=self.warnings,
        )


class ExportDesk:
    """The exports of one process.

    Args:
        index: what is read.
        room: reads queries.
        seal: makes tokens.
        most: exports at once.
        idle_seconds: without a byte read, after which one is let go.
        figures: told how many are held, and what is handed out.
        clock: seconds that only grow.
    """

    def __init__(  # noqa: PLR0913  (one keyword per part)
        self,
        index: SearchIndex,
        room: ReadingRoom,
        *,
        seal: Seal,
        most: int,
        idle_seconds: float,
        figures: SearchFigures | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._index, self._room, self._seal = index, room, seal
        self._most, self._idle_seconds, self._clock = most, idle_seconds, clock
        self._figures = figures or SearchFigures()
        self._lock = threading.Lock()
        self._open: dict[str, Open] = {}

    def begin(self, query: ExportQuery) -> Open:
        """A new export of what the index has now.

        Raises:
            Refused: `q` is wrong or too long; `exports-full`.
            DependencyUnavailable: the engine is away.
        """
        parsed = self._room.parsed(query, _ROOT)
        self._make_room()
        kept = self._index.keep(self._idle_seconds)
        try:
            found = self._room.begun(query.search, parsed.tree, kept.snapshot)
        except BaseException:
            self._index.release(kept.snapshot)
            raise
        warnings = (*parsed.warnings, *found.answer.warnings)
        if query.match == "auto" and found.match == "best":
            warnings = (*warnings, relaxed(found.answer.total.value))
        ticket = Ticket(
            snapshot=kept.snapshot,
            index=kept.index,
            asked=digest(query),
            match=found.match,
            total=found.answer.total.value,
            begun_at=datetime.now(UTC).replace(microsecond=0),
        )
        return self._held(ticket, query, warnings)

    def find(self, query: ExportQuery | ManifestQuery) -> Open:
        """The export that a token leads to; one that another process began goes on where its notes end.

        Raises:
            Refused: `export-expired`, `export-mismatch`, `exports-full`, or the token is none.
        """
        ticket = self._ticket(query.export or "")
        if ticket.asked != digest(query):
            detail = "An export goes on with the parameters that it was begun with, and with no others."
            raise Refused("export-mismatch", detail, pointer=f"{_ROOT}/export")
        self._let_go_idle()
        with self._lock:
            if found := self._open.get(ticket.snapshot):
                found.used = self._clock()
                return found
        self._make_room()
        return self._held(ticket, query, self._room.parsed(query, _ROOT).warnings)

    def release(self, token: str) -> None:
        """Lets an export go; one that is gone is let go.

        Raises:
            Refused: the token is none.
        """
        ticket = self._ticket(token)
        with self._lock:
            self._open.pop(ticket.snapshot, None)
        self._figures.exports(len(self._open))
        self._index.release(ticket.snapshot)

    @contextmanager
    def reading(self, held: Open) -> Iterator[Callable[[bytes], None]]:
        """While an export is being read it is not let go for another; what comes is to be called with every piece.

        A reader that takes none for a minute holds up nobody.
        """

        def sent(piece: bytes) -> None:
            held.used = self._clock()
            self._figures.exported(held.query.format, len(piece))

        held.readers += 1
        try:
            yield sent
        finally:
            held.readers -= 1
            held.used = self._clock()

    def _held(self, ticket: Ticket, query: ExportQuery | ManifestQuery, warnings: tuple[SearchWarning, ...]) -> Open:
        tree = self._room.parsed(query, _ROOT).tree
        pages = Pages(self._index, engine_query(query.search, tree, ticket.match), ticket.snapshot)
        notes = Notes(self._index.beside(ticket.snapshot))
        with notes.turn():
            if notes.warnings is None:
                notes.begun(warnings)
        export, token = Export(pages, FORMATS[query.format], notes), self._seal.close(ticket)
        with self._lock:
            made = Open(ticket, token, query, export, notes.warnings or (), self._clock())
            held = self._open.setdefault(ticket.snapshot, made)
        self._figures.exports(len(self._open))
        return held

    def _ticket(self, token: str) -> Ticket:
        pointer = f"{_ROOT}/export"
        wrong = Refused("invalid", "This is not an export that was begun here.", pointer=pointer)
        return self._seal.opened(token, Ticket, wrong=wrong, stale=expired())

    def _make_room(self) -> None:
        """Lets the idle go; where there are still too many, the one read longest ago, if that is a while.

        Raises:
            Refused: somebody is at each of them.
        """
        self._let_go_idle()
        with self._lock:
            if len(self._open) < self._most:
                return
            free = [each for each in self._open.values() if self._may_go(each)]
            if not free:
                detail = f"{len(self._open)} exports are held, of {self._most} that may."
                wait = min(each.used for each in self._open.values()) + _FRESH_SECONDS - self._clock()
                raise Refused("exports-full", detail, limit="PAGEMILL_EXPORTS_MAX", retry_after=max(1.0, wait))
            gone = min(free, key=lambda each: each.used).ticket.snapshot
            del self._open[gone]
        self._index.release(gone)

    def _may_go(self, held: Open) -> bool:
        """Whether nobody reads it, or whoever does has taken nothing for a while."""
        if held.used <= self._clock() - _FRESH_SECONDS:
            return True
        return held.export.complete and not held.readers

    def _let_go_idle(self) -> None:
        """The engine lets their snapshots go by itself."""
        due = self._clock() - self._idle_seconds
        with self._lock:
            for name in [name for name, each in self._open.items() if not each.readers and each.used <= due]:
                del self._open[name]
        self._figures.exports(len(self._open))
