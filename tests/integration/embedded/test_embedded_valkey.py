import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kombu.connection import Connection

from shared.embedded.valkey import EmbeddedValkey, private_folder
from shared.errors import DependencyUnavailable
from shared.ledger.connection import connect
from shared.redis_urls import as_broker
from tests.integration.supervisor.small_programs import until

pytestmark = pytest.mark.processes


@contextmanager
def running(valkey: EmbeddedValkey) -> Iterator["subprocess.Popen[bytes]"]:
    valkey.prepare()
    process = subprocess.Popen(valkey.command(), stdout=subprocess.DEVNULL)
    try:
        until(valkey.answers)
        yield process
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pm-") as folder:
        yield Path(folder)


def test_it_keeps_every_write_on_disk_and_forgets_nothing_to_make_room(data: Path) -> None:
    valkey = EmbeddedValkey(data, memory_mib=100)
    with running(valkey), connect(valkey.url) as client:
        told = client.config_get(
            "appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory", "maxmemory-policy", "save", "port"
        )
    assert told == {
        "appendonly": "yes",
        "appendfsync": "always",
        "no-appendfsync-on-rewrite": "no",
        "maxmemory": str(100 * 1024 * 1024),
        "maxmemory-policy": "noeviction",
        "save": "",
        "port": "0",
    }


def test_what_was_written_is_there_after_a_kill(data: Path) -> None:
    valkey = EmbeddedValkey(data)
    with running(valkey) as process, connect(valkey.url) as client:
        client.set("page", "kept")
        process.send_signal(signal.SIGKILL)
    with running(valkey), connect(valkey.url) as client:
        assert client.get("page") == b"kept"


def test_only_its_user_can_reach_it(data: Path) -> None:
    valkey = EmbeddedValkey(data)
    with running(valkey):
        assert valkey.socket.parent.stat().st_mode & 0o777 == 0o700
        assert valkey.socket.stat().st_mode & 0o777 == 0o700


def test_it_does_not_answer_before_it_runs_or_after(data: Path) -> None:
    valkey = EmbeddedValkey(data)
    assert not valkey.answers()
    with running(valkey):
        assert valkey.answers()
    assert not valkey.answers()


def test_a_data_folder_with_a_long_path_has_its_socket_elsewhere(data: Path) -> None:
    deep = data / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    valkey = EmbeddedValkey(deep)
    assert deep not in valkey.socket.parents
    assert len(os.fsencode(valkey.socket)) <= 100
    assert valkey.socket != EmbeddedValkey(deep / "other").socket
    with running(valkey), connect(valkey.url) as client:
        assert client.ping()
    assert valkey.socket.parent.stat().st_mode & 0o777 == 0o700
    valkey.clear_away()
    assert not valkey.socket.parent.exists()


def test_celery_reaches_it_in_a_folder_with_an_awkward_name(data: Path) -> None:
    awkward = data / "a folder, 100% é"
    awkward.mkdir()
    valkey = EmbeddedValkey(awkward)
    with running(valkey), connect(valkey.url) as client, Connection(as_broker(valkey.url)) as broker:  # type: ignore[no-untyped-call]  # kombu has no types
        broker.default_channel.client.set("rung", "yes")
        assert client.get("rung") == b"yes"


def test_a_run_folder_that_is_a_link_to_somewhere_is_refused(data: Path) -> None:
    (data / "elsewhere").mkdir()
    (data / "run").symlink_to(data / "elsewhere")
    with pytest.raises(DependencyUnavailable, match="run is not a folder of this user"):
        EmbeddedValkey(data).prepare()


def test_a_folder_that_was_open_to_others_is_closed(data: Path) -> None:
    (data / "run").mkdir(mode=0o755)
    private_folder(data / "run")
    assert (data / "run").stat().st_mode & 0o777 == 0o700
