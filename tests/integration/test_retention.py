"""Given a house in which no page flows, then raw pages go at their age all the same."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.stack import Stack

pytestmark = pytest.mark.processes

AGE_DAYS = 6 / 86_400


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a Unix socket's may not be long."""
    path = Path(tempfile.mkdtemp(prefix="pm-"))
    yield path
    shutil.rmtree(path)


def bodies(folder: Path) -> int:
    """Raw pages that lie on the disk."""
    (file,) = folder.glob("**/archive.sqlite3")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as archive:
        return int(archive.execute("SELECT count(*) FROM page").fetchone()[0])


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.1)


def test_a_raw_page_past_its_age_goes_from_the_disk_while_nothing_else_is_posted(folder: Path) -> None:
    stack = Stack(folder, clean_workers=1, archive_days=AGE_DAYS).start()
    try:
        page = {"url": "http://a.example/1", "content": "The harbour froze over in the winter of the long nights."}
        told = httpx.post(f"{stack.url}/v1/pages?wait=searchable&timeout=60", json=page, timeout=90).raise_for_status()
        raw = f"{stack.url}/v1/pages/{told.json()['id']}/raw"
        eventually(lambda: bodies(folder) == 0)
        assert httpx.get(raw).json()["code"] == "raw-not-kept"
    finally:
        stack.stop()
