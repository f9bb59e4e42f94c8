"""Given a service over a real index, then the command writes whole files, however often it is cut."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shared.search.tantivy import TantivyWriter
from tests.cutting import Wire, wire_to
from tests.integration.cli.command import pagemill
from tests.integration.query.conftest import page
from tests.query_process import QueryProcess, serving

pytestmark = pytest.mark.processes

COUNT = 1500
TEXT = "The moon pulls the sea, and the sea follows twice a day. " * 40
FORMATS = ("ndjson", "csv", "parquet")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of many pages."""
    folder = tmp_path_factory.mktemp("exporting") / "data"
    writer = TantivyWriter(folder / "index", heap_bytes=15_000_000)
    chance = random.Random(7)
    texts = [f"{TEXT} {chance.randbytes(400).hex()}" for _ in range(COUNT)]
    writer.index([page(f"p{number:04}", text, title=f"Page {number}") for number, text in enumerate(texts)])
    writer.index([page("grain", "There is grain.", title="=1+1")])
    writer.close()
    return folder


@pytest.fixture(scope="module")
def query(data: Path) -> Iterator[QueryProcess]:
    """The service."""
    with serving(data) as service:
        yield service


@pytest.fixture
def wire(query: QueryProcess) -> Iterator[Wire]:
    """What leads to it."""
    with wire_to(query.url) as made:
        yield made


def export(folder: Path, url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return pagemill("export", *arguments, folder=folder, url=url)


def manifest(file: Path) -> Any:
    return json.loads(file.with_name(f"{file.name}.manifest.json").read_text())


def whole(file: Path, count: int = COUNT) -> bool:
    told, content = manifest(file), file.read_bytes()
    right = told["sha256"] == hashlib.sha256(content).hexdigest() and told["bytes"] == len(content)
    return right and told["complete"] and told["count"] == count and not file.with_name(f"{file.name}.part").exists()


@contextmanager
def stalled(folder: Path, wire: Wire, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A run that has read something and waits for the rest."""
    wire.stalls = 400_000
    command = [sys.executable, "-m", "services.cli.main", "export", *arguments]
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PAGEMILL_URL": wire.url}, stderr=subprocess.DEVNULL
    )
    try:
        assert wire.stalled.wait(60)
        part = folder / f"{arguments[arguments.index('-o') + 1]}.part"
        over = time.monotonic() + 60
        while not (part.exists() and part.stat().st_size) and time.monotonic() < over:
            time.sleep(0.05)  # what has come is on its way to the file
        yield process
    finally:
        process.kill()
        process.wait()
        wire.stalls = None
        wire.gone.set()


@pytest.mark.parametrize("form", FORMATS)
def test_a_whole_result_is_written_with_its_manifest(query: QueryProcess, tmp_path: Path, form: str) -> None:
    ran = export(tmp_path, query.url, "moon", "-o", "tides", "--format", form, "--json")
    assert ran.returncode == 0, ran.stderr
    assert whole(tmp_path / "tides")
    assert json.loads(ran.stdout) == manifest(tmp_path / "tides")
    assert manifest(tmp_path / "tides")["query"] == {"q": "moon", "format": form}
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["tides", "tides.manifest.json"]


def test_people_are_told_in_a_line(query: QueryProcess, tmp_path: Path) -> None:
    ran = export(
        tmp_path, query.url, "grain", "--language", "en", "--sort", "newest", "-o", "grain.csv", "--format", "csv"
    )
    assert ran.returncode == 0, ran.stderr
    size = (tmp_path / "grain.csv").stat().st_size
    assert ran.stdout == f"1 documents, {size} bytes in grain.csv\n"
    assert b"'=1+1" in (tmp_path / "grain.csv").read_bytes()


@pytest.mark.parametrize("form", FORMATS)
def test_cut_connections_are_gone_on_with(query: QueryProcess, wire: Wire, tmp_path: Path, form: str) -> None:
    wire.cuts = [30_000, 60_000, 500, 90_000]
    ran = export(tmp_path, wire.url, "moon", "-o", "tides", "--format", form)
    assert ran.returncode == 0, ran.stderr
    assert wire.cuts == []
    assert whole(tmp_path / "tides")


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_run_that_was_killed_is_gone_on_with(query: QueryProcess, wire: Wire, tmp_path: Path, form: str) -> None:
    asked = ("moon", "-o", "tides", "--format", form)
    with stalled(tmp_path, wire, *asked) as process:
        process.send_signal(signal.SIGKILL)
    begun = manifest(tmp_path / "tides")
    assert begun["complete"] is False
    had = (tmp_path / "tides.part").read_bytes()
    assert not (tmp_path / "tides").exists()
    ran = export(tmp_path, wire.url, *asked)
    assert ran.returncode == 0, ran.stderr
    assert whole(tmp_path / "tides")
    assert (tmp_path / "tides").read_bytes().startswith(had)


@pytest.mark.parametrize("lost", [False, True])
def test_where_the_service_was_started_again_it_goes_on_or_begins_again_without_the_key(
    data: Path, tmp_path: Path, lost: bool
) -> None:
    with serving(data) as service, wire_to(service.url) as wire:
        with stalled(tmp_path, wire, "moon", "-o", "tides"):
            pass
        had = (tmp_path / "tides.part").read_bytes()
        if lost:
            (data / "cursor.key").unlink()
        service.again()
        ran = export(tmp_path, wire.url, "moon", "-o", "tides")
    assert ran.returncode == 0, ran.stderr
    assert ("expired" in ran.stderr) is lost
    assert (tmp_path / "tides").read_bytes().startswith(had)
    assert whole(tmp_path / "tides")


def test_a_part_that_was_altered_is_told_and_the_next_run_mends_it(
    query: QueryProcess, wire: Wire, tmp_path: Path
) -> None:
    with stalled(tmp_path, wire, "moon", "-o", "tides"):
        pass
    part = tmp_path / "tides.part"
    part.write_bytes(b"x" * part.stat().st_size)
    ran = export(tmp_path, wire.url, "moon", "-o", "tides")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "not what the manifest says: its checksum is another one" in ran.stderr
    assert not (tmp_path / "tides").exists()
    assert export(tmp_path, wire.url, "moon", "-o", "tides").returncode == 0
    assert whole(tmp_path / "tides")


def test_what_stays_short_ends_with_1_and_the_same_command_goes_on(data: Path, tmp_path: Path) -> None:
    with serving(data) as service, wire_to(service.url) as wire:
        wire.cuts = [30_000, *[0] * 50]
        ran = export(tmp_path, wire.url, "moon", "-o", "tides")
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "the same command goes on" in ran.stderr
        assert (tmp_path / "tides.part").stat().st_size > 0
        wire.cuts = []
        assert export(tmp_path, wire.url, "moon", "-o", "tides").returncode == 0
    assert whole(tmp_path / "tides")


def test_nothing_is_written_over_unless_that_is_wanted(query: QueryProcess, wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    ran = export(tmp_path, query.url, "moon", "-o", "kept")
    assert (ran.returncode, (tmp_path / "kept").read_text()) == (2, "mine")
    assert export(tmp_path, query.url, "moon", "-o", "kept", "--force").returncode == 0
    assert whole(tmp_path / "kept")
    with stalled(tmp_path, wire, "moon", "-o", "tides"):
        pass
    ran = export(tmp_path, wire.url, "grain", "-o", "tides")
    assert ran.returncode == 2
    assert "another export" in ran.stderr
    assert export(tmp_path, wire.url, "grain", "-o", "tides", "--force").returncode == 0
    assert whole(tmp_path / "tides", count=1)


def test_a_link_stays_a_link(query: QueryProcess, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there" / "tides")
    for force in ((), ("--force",)):
        assert export(tmp_path, query.url, "moon", "-o", "link", *force).returncode == 0
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "there" / "tides").stat().st_size


def test_wrong_use_is_2_and_a_service_that_is_away_is_1(query: QueryProcess, tmp_path: Path) -> None:
    ran = export(tmp_path, query.url, "the", '"moon', "-o", "x", "--mode", "strict")
    assert ran.returncode == 2
    assert "(q, character 5)" in ran.stderr
    assert not list(tmp_path.iterdir())
    assert export(tmp_path, query.url, "moon").returncode == 2
    assert export(tmp_path, query.url, "moon", "-o", "x", "--format", "xls").returncode == 2
    for name in ("", ".", "..", "-", "/dev/null"):
        ran = export(tmp_path, query.url, "moon", "-o", name, "--force")
        assert (ran.returncode, "is no file" in ran.stderr, list(tmp_path.iterdir())) == (2, True, [])
    ran = export(tmp_path, "http://127.0.0.1:1", "moon", "-o", "x")
    assert (ran.returncode, "nothing answers" in ran.stderr) == (1, True)
    ran = export(tmp_path, query.url, "moon", "-o", "no/such/folder")
    assert (ran.returncode, "cannot be written" in ran.stderr) == (1, True)
