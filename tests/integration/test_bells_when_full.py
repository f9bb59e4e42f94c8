"""A Redis that has no memory left takes no pages, and every bell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from kombu.transport import get_transport_cls
from pydantic import SecretStr

from shared import clients
from shared.ledger.connection import connect
from shared.settings import Settings
from tests.conftest import start_valkey

pytestmark = pytest.mark.processes


@pytest.fixture
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a house whose Redis is at its limit."""
    server, url = start_valkey(Path(tmp_path_factory.mktemp("v")), "--maxmemory", "8mb")
    with connect(url) as client, pytest.raises(redis.exceptions.OutOfMemoryError):
        _fill(client)
    yield Settings(redis_url=SecretStr(url))
    server.kill()
    server.wait()


def _fill(client: redis.Redis) -> None:
    for number in range(100):
        client.set(f"filler{number}", b"x" * 1_000_000)


def test_a_bell_rings_and_is_taken_at_the_memory_limit(full: Settings) -> None:
    get_transport_cls("redis")  # somebody may have looked it up before
    with clients.redis_client(full) as client:
        clients.bell(full, client).ring("clean")
        assert client.llen("clean") == 1
        app = clients.bell(full, client)._app
        with app.connection_for_read() as line:
            taken = line.SimpleQueue("clean").get(timeout=10)
            assert client.llen("clean") == 0
            assert client.exists("unacked", "unacked_index") == 0
            taken.ack()


def test_a_breaker_opens_at_the_memory_limit(full: Settings) -> None:
    with clients.redis_client(full) as client:
        breaker = clients.breaker(full, client, "index")
        assert breaker.failed() > 0
        assert breaker.opened()
