"""The Elasticsearch that tests talk to: the one that PAGEMILL_TEST_ELASTICSEARCH names, else a node of our own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

NAMED = "PAGEMILL_TEST_ELASTICSEARCH"
_NODE = Path(__file__).parent / "node"
_HOW = (
    f"name a server by {NAMED}=http://127.0.0.1:9200, or install Maven and a JDK of 21 or newer, "
    "with which tests/elasticsearch/node starts one"
)


@contextmanager
def server(*options: str) -> Iterator[str]:
    """The address of a node that is started for this and stopped afterwards.

    Without one the test is skipped; where CI runs it fails.
    """
    with node(*options) as started:
        yield started.url


class Node:
    """A node of our own, which may be damaged; its data is kept in the folder."""

    def __init__(self, folder: Path, options: tuple[str, ...] = ()) -> None:
        self._folder, self._options, self._port = folder, options, _free_port()
        self.url = ""

    def start(self) -> None:
        """Starts it, or starts it again on the same data and port; skips the test where there can be none."""
        self.url = _start(self._folder, self._port, self._options)

    def signal(self, number: int) -> None:
        """Sends it a signal."""
        os.kill(int((self._folder / "pid").read_text()), number)

    def stop(self) -> None:
        """Ends it."""
        subprocess.run([_NODE, "stop", "--dir", self._folder], check=False)


@contextmanager
def node(*options: str) -> Iterator[Node]:
    """The same as `server`, to be held by its process."""
    folder = Path(tempfile.mkdtemp(prefix="pagemill-elasticsearch-"))
    folder.chmod(0o755)  # the node runs as another user where root starts it
    made = Node(folder, options)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def named_or_own() -> Iterator[str]:
    """The server that is named, else one of our own."""
    if named := os.environ.get(NAMED):
        yield named
        return
    with server() as url:
        yield url


def _start(folder: Path, port: int, options: tuple[str, ...]) -> str:
    started = subprocess.run(
        [_NODE, "start", "--dir", folder, "--port", str(port), *options],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if started.returncode == 0:
        return started.stdout.strip().splitlines()[-1]
    told = f"no Elasticsearch: {_HOW}. {started.stderr.strip()[-500:]}"
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def _free_port() -> int:
    """A port whose neighbour a hundred further on, which the node takes as well, is free, too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 100))
            except OSError:
                continue
            return port


def wipe(url: str, prefix: str) -> None:
    """Takes away everything under a prefix."""
    with Elasticsearch(url, request_timeout=30) as client:
        indices = client.indices.get(index=f"{prefix}*", expand_wildcards="all", features="aliases").body
        if indices:
            client.indices.delete(index=",".join(indices))
        found = client.options(ignore_status=404).indices.get_index_template(name=f"{prefix}*").body["index_templates"]
        if found:
            client.indices.delete_index_template(name=",".join(each["name"] for each in found))
