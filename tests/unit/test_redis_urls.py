from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.embedded.valkey import EmbeddedValkey
from shared.redis_urls import as_broker, broker_url, redis_url, without_password
from shared.settings import Settings


def test_without_a_redis_the_embedded_server_of_the_data_folder_is_meant(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, redis_url=None)
    assert redis_url(settings) == EmbeddedValkey(tmp_path).url
    assert broker_url(settings).startswith("redis+socket:///")


def test_a_redis_that_is_set_is_taken_as_it_is() -> None:
    settings = Settings(redis_url=SecretStr("rediss://user:secret@redis.example:6380/2"))
    assert redis_url(settings) == broker_url(settings) == "rediss://user:secret@redis.example:6380/2"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("unix:///a%20folder/v.sock?db=0", "redis+socket:///a%20folder/v.sock?virtual_host=0"),
        ("unix://:secret@/run/v.sock?db=1", "redis+socket://:secret@/run/v.sock?virtual_host=1"),
        ("unix:///run/v.sock?password=se/cret", "redis+socket://:se%2Fcret@/run/v.sock?virtual_host=0"),
    ],
)
def test_a_socket_is_named_as_celery_wants_it(url: str, expected: str) -> None:
    assert as_broker(url) == expected


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:secret@redis.example:6379/2", "redis://redis.example:6379/2"),
        ("unix:///run/v.sock?db=0&password=secret", "unix:///run/v.sock"),
        ("https://elastic:secret@[::1]:9200", "https://[::1]:9200"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown
