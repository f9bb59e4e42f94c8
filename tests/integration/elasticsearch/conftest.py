from collections.abc import Iterator

import pytest

from shared.search.elasticsearch import Access, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.setup import Layout, set_up
from tests.elasticsearch.stand_in import StandIn, stand_in


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
