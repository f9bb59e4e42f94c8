"""What `up` and `serve` say of a Redis that is not set up to keep pages."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.integration.cli.command import pagemill

pytestmark = pytest.mark.processes

VERBS = [("up",), ("serve", "ingest"), ("serve", "together")]


@pytest.fixture
def taken() -> Iterator[str]:
    """An address in use, so that a verb ends when it has looked at everything else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def warnings(folder: Path, arguments: tuple[str, ...], url: str, listen: str) -> list[dict[str, str]]:
    ran = pagemill(*arguments, folder=folder, redis_url=url, listen=listen)
    assert "in use" in ran.stderr
    return [json.loads(line) for line in ran.stderr.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("arguments", VERBS)
def test_a_redis_that_could_lose_pages_is_told_at_the_start(
    tmp_path: Path, taken: str, valkey: redis.Redis, valkey_url: str, arguments: tuple[str, ...]
) -> None:
    valkey.config_set("appendfsync", "everysec")
    try:
        (told,) = warnings(tmp_path, arguments, valkey_url, taken)
    finally:
        valkey.config_set("appendfsync", "always")
    assert told["level"] == "warning"
    assert told["event"] == "this Redis can lose accepted pages"
    assert "appendfsync is everysec: a power cut takes the last second's accepted pages" in told["detail"]
    assert told["remedy"] == "Set appendfsync always on the server."


@pytest.mark.parametrize("arguments", VERBS)
def test_nothing_is_said_of_a_redis_that_keeps_everything_or_is_away(
    tmp_path: Path, taken: str, valkey: redis.Redis, valkey_url: str, arguments: tuple[str, ...]
) -> None:
    for url in (valkey_url, "redis://127.0.0.1:1"):
        assert warnings(tmp_path, arguments, url, taken) == []
