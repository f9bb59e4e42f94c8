"""Given a password apart from its URL, then Redis and the search engine are called with it."""

import pytest
import redis

from shared.passwords import with_password
from shared.redis_urls import broker_url, redis_url, without_password
from shared.settings import Settings


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("redis://redis:6379/0", "redis://:p%40ss%2F@redis:6379/0"),
        ("redis://worker@redis:6379/0", "redis://worker:p%40ss%2F@redis:6379/0"),
        ("redis://worker:@redis:6379/0", "redis://worker:p%40ss%2F@redis:6379/0"),
        ("redis://:known@redis:6379/0", "redis://:known@redis:6379/0"),
        ("rediss://[::1]:6379/2?ssl_cert_reqs=none", "rediss://:p%40ss%2F@[::1]:6379/2?ssl_cert_reqs=none"),
        ("https://pagemill@search:9200", "https://pagemill:p%40ss%2F@search:9200"),
        ("unix:///run/v.sock?db=1", "unix://:p%40ss%2F@/run/v.sock?db=1"),
    ],
)
def test_a_password_goes_where_the_url_has_none(url: str, told: str) -> None:
    assert with_password(url, "p@ss/") == told


@pytest.mark.parametrize("url", ["redis://redis:6379/0", "unix:///run/v.sock?db=0"])
def test_redis_reads_the_password_that_was_set(url: str) -> None:
    settings = Settings(redis_url=url, redis_password="p@ss/")
    client = redis.Redis.from_url(redis_url(settings))
    assert client.connection_pool.connection_kwargs["password"] == "p@ss/"
    assert "p%40ss%2F" in broker_url(settings)
    assert without_password(redis_url(settings)).startswith(url.partition("?")[0])


def test_the_search_engine_s_password_goes_into_its_url() -> None:
    settings = Settings(search_url="http://elastic@search:9200", search_password="secret")
    assert settings.search_url is not None
    assert settings.search_url.get_secret_value() == "http://elastic:secret@search:9200"
    assert "secret" not in repr(settings)
