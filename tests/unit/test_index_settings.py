"""How many processes index, and how much each takes at once, by engine."""

import pytest
from pydantic import SecretStr, ValidationError

from services.cli.worker_command import processes_for
from shared.settings import MIB, Settings

ELASTICSEARCH = SecretStr("http://127.0.0.1:9200")


def test_tantivy_has_one_writer_and_elasticsearch_two() -> None:
    assert processes_for("index", Settings()) == 1
    assert processes_for("index", Settings(search_url=ELASTICSEARCH)) == 2
    assert processes_for("index", Settings(search_url=ELASTICSEARCH, index_workers=5)) == 5


def test_tantivy_takes_no_second_writer() -> None:
    with pytest.raises(ValidationError, match="one process writes that index"):
        Settings(index_workers=2)
    assert Settings(index_workers=1).index_processes == 1


def test_batches_are_larger_where_each_costs_a_refresh() -> None:
    assert Settings().index_bytes == MIB
    assert Settings(search_url=ELASTICSEARCH).index_bytes == 4 * MIB
    assert Settings(search_url=ELASTICSEARCH, index_batch_bytes=17).index_bytes == 17


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:abc",
        "http://a b:9200",
        "http://127.0.0.1:9200?x=1",
        "127.0.0.1:9200",
        "ftp://127.0.0.1:9200",
    ],
)
def test_an_address_of_elasticsearch_that_cannot_be_right_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="HOST:PORT"):
        Settings(search_url=SecretStr(url))


def test_an_address_of_elasticsearch_may_have_a_path_where_a_proxy_wants_one() -> None:
    assert Settings(search_url=SecretStr("https://u:p@search.internal:443/es/")).search_url
