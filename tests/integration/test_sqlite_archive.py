"""What only the SQLite archive can get wrong: files, processes, locks, disks."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shared.archive.port import ArchivedPage
from shared.archive.sqlite import SqliteArchive
from shared.errors import DependencyUnavailable

ROOT = Path(__file__).parents[2]


def opened(path: Path, *, read_only: bool = False, busy_seconds: float = 5) -> SqliteArchive:
    return SqliteArchive(path, max_age_days=90, max_bytes=10**9, read_only=read_only, busy_seconds=busy_seconds)


def page(page_id: str, packed: bytes = b"x") -> ArchivedPage:
    return ArchivedPage(id=page_id, version=1, packed=packed)


def run(path: Path, lines: str) -> "subprocess.CompletedProcess[str]":
    """A process of its own that has `archive` open at `path` and does `lines`."""
    script = f"""
import os, resource, signal, sys
from pathlib import Path
from shared.archive.port import ArchivedPage
from shared.archive.sqlite import SqliteArchive
from shared.errors import DependencyUnavailable
archive = SqliteArchive(Path({str(path)!r}), max_age_days=90, max_bytes=10**9)
{lines}
"""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    archive = opened(tmp_path / "data" / "pages.sqlite")
    archive.put([page("a")])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert modes == dict.fromkeys(["pages.sqlite", "pages.sqlite-shm", "pages.sqlite-wal"], 0o600)
    archive.close()


def test_a_reader_makes_no_file(tmp_path: Path) -> None:
    reader = opened(tmp_path / "pages.sqlite", read_only=True)
    assert reader.get("a") is None
    assert list(tmp_path.iterdir()) == []


def test_a_reader_finds_a_file_empty_that_has_no_tables_yet(tmp_path: Path) -> None:
    (tmp_path / "pages.sqlite").touch()
    reader = opened(tmp_path / "pages.sqlite", read_only=True)
    assert reader.get("a") is None
    writer = opened(tmp_path / "pages.sqlite")
    writer.put([page("a")])
    assert reader.get("a") == page("a")
    writer.close()
    reader.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    writer, reader = opened(tmp_path / "p"), opened(tmp_path / "p", read_only=True)
    writer.put([page("a")])
    with pytest.raises(DependencyUnavailable, match="reading only"):
        reader.delete({"a": 9})
    assert writer.get("a") == page("a")
    writer.close()
    reader.close()


def test_pages_outlive_a_writer_that_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    done = run(
        path, "archive.put([ArchivedPage(id='a', version=1, packed=b'x')])\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    assert done.returncode == -signal.SIGKILL
    reader = opened(path, read_only=True)
    assert reader.get("a") == page("a")
    reader.close()


def test_a_reader_opens_what_a_writer_has_closed(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    assert run(path, "archive.put([ArchivedPage(id='a', version=1, packed=b'x')])\narchive.close()").returncode == 0
    reader = opened(path, read_only=True)
    assert reader.get("a") == page("a")
    reader.close()


def test_a_lock_that_is_not_given_up_is_an_unavailable_archive_and_then_over(tmp_path: Path) -> None:
    archive = opened(tmp_path / "p", busy_seconds=0.05)
    archive.put([page("a")])
    other = sqlite3.connect(tmp_path / "p", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DependencyUnavailable, match="locked") as caught:
        archive.put([page("b")])
    assert caught.value.name == "archive"
    assert archive.get("a") == page("a")
    other.close()
    archive.put([page("b")])
    assert archive.get("b") == page("b")
    archive.close()


def test_a_file_that_is_no_database_is_an_unavailable_archive(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    path.write_bytes(b"not a database" * 1000)
    for archive in (opened(path), opened(path, read_only=True)):
        with pytest.raises(DependencyUnavailable, match="not a database"):
            archive.get("a")


def test_a_damaged_file_is_an_unavailable_archive(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    archive = opened(path)
    archive.put([page(f"page-{number}", os.urandom(3000)) for number in range(300)])
    archive.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(DependencyUnavailable, match="malformed"):
        list(archive.scan())


def test_a_folder_that_cannot_be_made_is_an_unavailable_archive(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DependencyUnavailable, match="archive"):
        opened(tmp_path / "file" / "pages.sqlite").put([page("a")])


def test_a_file_of_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(DependencyUnavailable, match="newer Pagemill"):
        opened(path).put([page("a")])


def test_a_full_disk_keeps_nothing_of_the_batch_and_hurts_nothing_before_it(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    done = run(
        path,
        """
archive.put([ArchivedPage(id='a', version=1, packed=b'x')])
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, most))  # a file can grow no further than this
try:
    archive.put([ArchivedPage(id=f'b{n}', version=1, packed=os.urandom(10_000)) for n in range(200)])
except DependencyUnavailable as error:
    print(error.name)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
archive.put([ArchivedPage(id='c', version=1, packed=b'x')])
print([page.id for page in archive.scan()])
""",
    )
    assert done.stdout.split("\n", 1) == ["archive", "['a', 'c']\n"], done.stderr


def test_a_fault_of_ours_is_not_taken_for_the_disks(tmp_path: Path) -> None:
    archive = opened(tmp_path / "p")
    with pytest.raises(OverflowError):
        archive.get("a", 2**70)
    archive.put([page("a")])
    assert archive.get("a") == page("a")
    archive.close()


def test_threads_share_one_archive(tmp_path: Path) -> None:
    archive = opened(tmp_path / "p")

    def put(name: str) -> None:
        for number in range(20):
            archive.put([page(f"{name}-{number}")])
            assert archive.get(f"{name}-{number}") is not None

    threads = [threading.Thread(target=put, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(archive.scan())) == 80
    archive.close()


def test_an_open_scan_does_not_keep_the_log_from_being_folded_in(tmp_path: Path) -> None:
    archive = opened(tmp_path / "p")
    archive.put([page(f"page-{number}") for number in range(50)])
    reader = opened(tmp_path / "p", read_only=True)
    scan = reader.scan()
    next(scan)
    archive.put([page("z", os.urandom(100_000))])
    other = sqlite3.connect(tmp_path / "p")
    assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert (tmp_path / "p-wal").stat().st_size == 0
    other.close()
    assert [each.id for each in scan][-1] == "z"
    archive.close()
    reader.close()


def test_space_that_was_trimmed_goes_back_to_the_disk(tmp_path: Path) -> None:
    archive = SqliteArchive(tmp_path / "p", max_age_days=90, max_bytes=100_000)
    archive.put([page(f"page-{number}", os.urandom(5_000)) for number in range(400)])
    assert archive.trim() == 380
    archive.close()
    assert (tmp_path / "p").stat().st_size < 1_000_000
