from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis
from pydantic import SecretStr

from shared.search.elasticsearch import Access, ElasticsearchGenerations, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.setup import Layout, set_up
from shared.settings import Settings
from tests.elasticsearch.place import Place
from tests.elasticsearch.stand_in import StandIn, stand_in
from tests.integration.elasticsearch.rooms import leave
from workers.pool_table import PoolTable
from workers.runtime import Runtime, open_runtime


@pytest.fixture
def engine(elasticsearch_url: str, elasticsearch_prefix: str) -> Iterator[StandIn]:
    """A real Elasticsearch that is set up, behind a stand-in."""
    set_up(Access(elasticsearch_url), elasticsearch_prefix, Layout(replicas=0))
    with stand_in(elasticsearch_url) as held:
        yield held


@pytest.fixture
def writer(engine: StandIn, elasticsearch_prefix: str) -> Iterator[ElasticsearchWriter]:
    opened = ElasticsearchWriter(Access(engine.url), elasticsearch_prefix)
    yield opened
    opened.close()


@pytest.fixture
def index(engine: StandIn, elasticsearch_prefix: str) -> Iterator[ElasticsearchIndex]:
    opened = ElasticsearchIndex(
        Access(engine.url, timeout_seconds=5), elasticsearch_prefix, cursor_idle_seconds=300, snapshots_max=8
    )
    yield opened
    opened.close()


@pytest.fixture
def runtime(
    valkey: redis.Redis, valkey_url: str, engine: StandIn, elasticsearch_prefix: str, tmp_path: Path
) -> Iterator[Runtime]:
    settings = Settings(
        redis_url=SecretStr(valkey_url),
        search_url=SecretStr(engine.url),
        search_prefix=elasticsearch_prefix,
        retry_first_seconds=0.5,
        retry_longest_seconds=0.5,
        index_gather_seconds=0,
    )
    yield open_runtime(settings, tmp_path, {}, PoolTable(1).row(0))
    leave()


@pytest.fixture
def generations(engine: StandIn, elasticsearch_prefix: str) -> Iterator[ElasticsearchGenerations]:
    """As the process that works on a rebuild holds them."""
    opened = ElasticsearchGenerations(Access(engine.url), elasticsearch_prefix, Layout(replicas=0))
    yield opened
    opened.close()


@pytest.fixture
def place(elasticsearch_url: str, elasticsearch_prefix: str) -> Iterator[Place]:
    """Set up, and nothing in it yet."""
    held = Place(elasticsearch_url, elasticsearch_prefix)
    held.set_up()
    yield held
    held.close()


@pytest.fixture
def operator(elasticsearch_url: str) -> Iterator[httpx.Client]:
    """Who asks Elasticsearch itself."""
    with httpx.Client(base_url=elasticsearch_url, timeout=30) as client:
        yield client
