"""Raw pages in one SQLite file: one process writes, any number read while it does (write-ahead log)."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from shared.archive.port import ArchivedPage
from shared.errors import DependencyUnavailable
from shared.models.frozen import PageId, Version

_FORMAT: Final = 1
_SCHEMA: Final = """
CREATE TABLE page (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    kept_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    packed BLOB NOT NULL,
    UNIQUE (id, version)
);
CREATE INDEX oldest ON page (kept_ms, version, bytes) WHERE dead = 0;
CREATE TABLE held (dead INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);
INSERT INTO held VALUES (0, 0), (1, 0);
CREATE TRIGGER come AFTER INSERT ON page BEGIN
    UPDATE held SET bytes = bytes + new.bytes WHERE dead = new.dead;
END;
CREATE TRIGGER gone AFTER DELETE ON page BEGIN
    UPDATE held SET bytes = bytes - old.bytes WHERE dead = old.dead;
END;
CREATE TRIGGER changed AFTER UPDATE OF dead, bytes ON page BEGIN
    UPDATE held SET bytes = bytes - old.bytes WHERE dead = old.dead;
    UPDATE held SET bytes = bytes + new.bytes WHERE dead = new.dead;
END;
"""
_NEWER_LIVE: Final = "EXISTS (SELECT 1 FROM page WHERE id = :id AND dead = 0 AND version > :version)"
_PUT: Final = f"""
INSERT INTO page (id, version, dead, kept_ms, bytes, packed)
SELECT :id, :version, :dead, :now, length(:packed), :packed WHERE :dead OR NOT {_NEWER_LIVE}
ON CONFLICT (id, version) DO UPDATE SET
    dead = excluded.dead, kept_ms = excluded.kept_ms, bytes = excluded.bytes, packed = excluded.packed
"""
_GET: Final = "SELECT id, version, packed, dead FROM page WHERE id = ?"
_OF_AGE: Final = f"{_GET} AND (dead = 1 OR kept_ms >= ?)"
_OLDEST: Final = """
SELECT row, kept_ms, bytes FROM page WHERE dead = 0 AND kept_ms < ? ORDER BY kept_ms, version LIMIT ?
"""
_LIVE_IDS: Final = """
SELECT id, max(version) FROM page WHERE dead = 0 AND id > ? GROUP BY id ORDER BY id LIMIT ?
"""
_ANY_TIME: Final = 2**62
_TRIM_STEP: Final = 500
_TRIM_SECONDS: Final = 0.5
_SCAN_STEP: Final = 500
_VACUUM_PAGES: Final = 2000


class SqliteArchive:
    """The embedded `PageArchive`. Opens at first use; threads may share it, processes may not.

    Bodies lie in it as the zstd frames they come as. Corruption, a lock that is not given up and a full disk are
    `DependencyUnavailable`; the file is opened anew at the next call.
    """

    def __init__(  # noqa: PLR0913  (one keyword per setting)
        self,
        path: Path,
        *,
        max_age_days: float,
        max_bytes: int,
        read_only: bool = False,
        busy_seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """An archive at `path`; read-only, a file that is not there yet reads as empty.

        Args:
            path: the file; two more, with `-wal` and `-shm` behind the name, lie beside it while it is open.
            max_age_days: live pages kept or let live longer ago than this are let go by `trim`.
            max_bytes: bytes of live pages above which `trim` lets the oldest go.
            read_only: for every process but the one that writes.
            busy_seconds: how long another writer is waited for.
            clock: seconds since 1970.
        """
        self._path = path
        self._max_age_ms = int(max_age_days * 86_400_000)
        self._max_bytes = max_bytes
        self._read_only = read_only
        self._busy_seconds = busy_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def put(self, pages: Sequence[ArchivedPage]) -> None:
        """Keeps pages in one transaction, on disk when it returns.

        A live page replaces its older live versions and gives way to a newer one; dead letters stay beside both.
        """
        now = self._now_ms()
        rows = [{**page.model_dump(), "now": now} for page in pages]
        with self._writing() as connection:
            connection.executemany(_PUT, rows)
            connection.executemany(
                "DELETE FROM page WHERE id = :id AND dead = 0 AND version < :version",
                (row for row in rows if not row["dead"]),
            )

    def get(self, page_id: PageId, version: Version | None = None) -> ArchivedPage | None:
        """One page, alive or dead: the version asked for, else the newest kept. None past its age, trimmed or not."""
        if version is None:
            rows = self._read(_OF_AGE + " ORDER BY version DESC LIMIT 1", page_id, self._cutoff_ms())
        else:
            rows = self._read(_OF_AGE + " AND version = ?", page_id, self._cutoff_ms(), version)
        return _page(rows[0]) if rows else None

    def mark_live(self, page_id: PageId, version: Version) -> None:
        """Ends a dead letter's exemption: its age counts from now, and beside a newer live version it goes."""
        page = {"id": page_id, "version": version, "now": self._now_ms()}
        this_one = "WHERE id = :id AND version = :version AND dead = 1"
        with self._writing() as connection:
            connection.execute(f"DELETE FROM page {this_one} AND {_NEWER_LIVE}", page)  # noqa: S608  (our own constants)
            connection.execute(f"UPDATE page SET dead = 0, kept_ms = :now {this_one}", page)  # noqa: S608  (our own constant)

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes out the versions older than the delete's, dead letters too."""
        with self._writing() as connection:
            connection.executemany("DELETE FROM page WHERE id = ? AND version < ?", versions.items())

    def scan(self, after: PageId | None = None) -> Iterator[ArchivedPage]:
        """Every page's newest live version, in the order of ids, behind `after`.

        No transaction stays open between two pages, so a long scan keeps nobody from writing; it may see pages that
        came after it began.
        """
        last = after or ""
        while found := self._read(_LIVE_IDS, last, _SCAN_STEP):
            for page_id, version in found:
                yield from map(_page, self._read(_GET + " AND version = ? AND dead = 0", page_id, version))
            last = found[-1][0]

    def trim(self) -> int:
        """Lets go of live pages past their age, then of the oldest over the bytes; how many pages went.

        Costs two index look-ups when nothing is due, and stops after about half a second when much is: call it again
        while it gives more than 0.
        """
        gone, end = 0, time.monotonic() + _TRIM_SECONDS
        while due := self._due():
            with self._writing() as connection:
                connection.executemany("DELETE FROM page WHERE row = ?", due)
            gone += len(due)
            if time.monotonic() > end:
                break
        if gone:
            self._shrink()
        return gone

    def size_bytes(self) -> int:
        """Bytes of bodies held, dead letters' too."""
        rows = self._read("SELECT sum(bytes) FROM held")
        return int(rows[0][0]) if rows else 0

    def close(self) -> None:
        """Lets the file go; a later call opens it again."""
        with self._lock:
            self._drop()

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)

    def _cutoff_ms(self) -> int:
        """Live pages kept before this are past their age."""
        return self._now_ms() - self._max_age_ms

    def _due(self) -> list[tuple[int]]:
        """Rows of the next pages that must go, oldest first."""
        held = self._read("SELECT bytes FROM held WHERE dead = 0")
        excess = (held[0][0] if held else 0) - self._max_bytes
        cutoff = self._cutoff_ms()
        before = _ANY_TIME if excess > 0 else cutoff
        due: list[tuple[int]] = []
        for row, kept_ms, size in self._read(_OLDEST, before, _TRIM_STEP):
            if kept_ms >= cutoff and excess <= 0:
                break
            due.append((row,))
            excess -= size
        return due

    def _shrink(self) -> None:
        """Gives freed space back to the disk, a little at a time, where a tenth of the file is free."""
        (free,), (pages,) = self._read("PRAGMA freelist_count") + self._read("PRAGMA page_count")
        if free * 10 <= pages:
            return
        with self._opened() as connection:
            if connection:  # `execute` would free a single page: it steps once where a statement gives no columns
                connection.executescript(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})")

    def _read(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._opened() as connection:
            return connection.execute(statement, values).fetchall() if connection else []

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, durable at its end and undone by an error."""
        with self._opened() as connection:
            if connection is None or self._read_only:
                raise DependencyUnavailable("archive", "it is open for reading only")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection | None]:
        """The connection, for one thread; None where a reader finds no archive yet."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open_to_read() if self._read_only else self._open_to_write()
                yield self._connection
            except (sqlite3.OperationalError, OSError) as error:
                self._drop()
                raise DependencyUnavailable("archive", f"{self._path.name}: {error}") from error
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:
                    raise  # a constraint or a misuse: ours
                self._drop()
                raise DependencyUnavailable("archive", f"{self._path.name}: {error}") from error

    def _open_to_write(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # -wal and -shm take the file's mode
        connection = self._connect("rw")
        if self._format(connection) == 0:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_FORMAT}; COMMIT;")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        return connection

    def _open_to_read(self) -> sqlite3.Connection | None:
        if not self._path.exists():
            return None
        connection = self._connect("ro")
        if self._format(connection) == 0:
            connection.close()
            return None
        return connection

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(self._path.absolute()))}?mode={mode}",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )

    def _format(self, connection: sqlite3.Connection) -> int:
        """0 for a file without tables."""
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found > _FORMAT:
            connection.close()
            raise sqlite3.OperationalError(f"format {found} is of a newer Pagemill; {_FORMAT} is known here")
        return found

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _page(row: tuple[Any, ...]) -> ArchivedPage:
    page_id, version, packed, dead = row
    return ArchivedPage(id=page_id, version=version, packed=packed, dead=bool(dead))
