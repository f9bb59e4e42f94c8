"""What doctor says of the embedded ledger's files, held to what the server does with them."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from services.cli.checks.ledger_files import ledger_files
from shared.embedded.append_only import first_broken
from shared.embedded.valkey import EmbeddedValkey
from shared.settings import Settings
from tests.integration.cli.command import pagemill

pytestmark = pytest.mark.processes


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with a ledger of 22 keys, at rest."""
    folder = Path(tempfile.mkdtemp(prefix="pm-"))
    assert keys(folder, fill=True) == 22
    yield folder
    shutil.rmtree(folder)


def keys(folder: Path, *, fill: bool = False) -> int | None:
    """How many keys a server that is started here has; None where it does not start."""
    valkey = EmbeddedValkey(folder)
    valkey.prepare()
    process = subprocess.Popen(valkey.command(), stdout=subprocess.DEVNULL)
    try:
        while not valkey.answers():
            if process.poll() is not None:
                return None
            time.sleep(0.02)
        with redis.Redis.from_url(valkey.url) as client:
            for number in range(20 if fill else 0):
                client.set(f"k{number}", os.urandom(60))
            if fill:
                client.eval("redis.call('set', 'a', 1) redis.call('set', 'b', 2)", 0)
            return int(client.dbsize())
    finally:
        process.terminate()
        process.wait(30)


def file_of(data: Path, ending: str) -> Path:
    (found,) = (data / "ledger" / "appendonlydir").glob(f"*{ending}")
    return found


def append(data: Path, junk: bytes) -> None:
    path = file_of(data, ".incr.aof")
    path.write_bytes(path.read_bytes() + junk)


def cut(data: Path, ending: str, last: int) -> None:
    path = file_of(data, ending)
    path.write_bytes(path.read_bytes()[:-last])


Damage = Callable[[Path], object]
STARTS: dict[str, Damage] = {
    "nothing": lambda _: None,
    "a cut": lambda data: cut(data, ".incr.aof", 5),
    "a cut in a number": lambda data: append(data, b"*3\r\n$1"),
    "a note": lambda data: append(data, b"#TS:1700000000\r\n"),
    "an empty file": lambda data: file_of(data, ".incr.aof").write_bytes(b""),
}
STOPS: dict[str, Damage] = {
    "garbage": lambda data: append(data, b"garbage here\n"),
    "zeros": lambda data: append(data, bytes(100)),
    "no words": lambda data: append(data, b"*0\r\n"),
    "a snapshot that is cut": lambda data: cut(data, ".rdb", 20),
    "no snapshot": lambda data: file_of(data, ".rdb").unlink(),
    "no commands": lambda data: file_of(data, ".incr.aof").unlink(),
    "no list": lambda data: file_of(data, ".manifest").write_text("hello\n"),
}


@pytest.mark.parametrize("kind", STARTS)
def test_what_the_server_starts_with_is_well(data: Path, kind: str) -> None:
    STARTS[kind](data)
    assert first_broken(data / "ledger") is None
    assert keys(data) is not None


@pytest.mark.parametrize("kind", STOPS)
def test_what_keeps_the_server_from_starting_is_told(data: Path, kind: str) -> None:
    STOPS[kind](data)
    (found,) = ledger_files(Settings(data=data))
    assert (found.status, bool(found.remedy)) == ("fail", True)
    assert "appendonlydir" in found.detail
    assert keys(data) is None


@pytest.mark.parametrize("kind", ["garbage", "zeros"])
def test_the_remedy_for_a_broken_end_keeps_all_before_it(data: Path, kind: str) -> None:
    STOPS[kind](data)
    ran = pagemill("doctor", "--json", folder=data.parent, data=str(data))
    (found,) = (each for each in json.loads(ran.stdout)["findings"] if each["name"] == "ledger files")
    assert (ran.returncode, found["status"]) == (1, "fail")
    told = re.search(r"truncate -s (\d+) ([^`]+)`", found["remedy"])
    assert told is not None
    os.truncate(told[2], int(told[1]))
    assert keys(data) == 22


def test_files_without_their_manifest_are_told_before_the_server_begins_anew(data: Path) -> None:
    file_of(data, ".manifest").unlink()
    (found,) = ledger_files(Settings(data=data))
    assert (found.status, "empty ledger" in found.detail) == ("fail", True)
    assert keys(data) == 0


def test_a_long_file_is_looked_at_in_part(data: Path) -> None:
    STOPS["garbage"](data)
    assert first_broken(data / "ledger", most=3) is None


def test_no_ledger_is_no_failure(tmp_path: Path) -> None:
    (found,) = ledger_files(Settings(data=tmp_path))
    assert found.status == "ok"
    assert list(ledger_files(Settings(data=tmp_path, redis_url="redis://127.0.0.1:1"))) == []
