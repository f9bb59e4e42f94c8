import secrets
from collections.abc import Iterator

import pytest
import redis

from shared.settings import Settings
from tests.fuzz.anything import Running


@pytest.fixture(scope="module")
def running(valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    prefix = f"fuzz-{secrets.token_hex(4)}:"
    services = Running(
        Settings(
            data=tmp_path_factory.mktemp("fuzz"),
            redis_url=valkey_url,
            redis_prefix=prefix,
            wait_max_seconds=0,
            line_max_pages=1_000_000,
        )
    )
    yield services
    services.close()
    with redis.Redis.from_url(valkey_url) as client:
        for key in client.scan_iter(f"{prefix}*", count=10_000):
            client.delete(key)
