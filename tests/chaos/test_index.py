"""Rows 6 to 10: an index that is away or misbehaves."""

from collections.abc import Iterator

import pytest

from tests.chaos import length, report
from tests.chaos.engine import busy, closed, losing_replies
from tests.chaos.house import House, house
from tests.chaos.rows.index import away, full_index_disk, misbehaving, node_lost, refused_documents
from tests.chaos.rows.pages import reversed_versions
from tests.chaos.trees import tree
from tests.elasticsearch.server import Node, node
from tests.elasticsearch.stand_in import StandIn, stand_in

pytestmark = [pytest.mark.processes, pytest.mark.timeout(1200 if length.LONG else 300)]
elasticsearch = pytest.mark.elasticsearch


@pytest.fixture(scope="module")
def own() -> Iterator[Node]:
    """A real node, which rows may kill."""
    with node() as made:
        yield made


@pytest.fixture(scope="module")
def engine(own: Node) -> Iterator[StandIn]:
    """What the house takes for that node."""
    with stand_in(own.url) as made:
        yield made


@pytest.fixture(scope="module")
def indexing(engine: StandIn) -> Iterator[House]:
    """A house on Elasticsearch."""
    with (
        tree() as root,
        house(
            root=root,
            search_url=engine.url,
            search_replicas=0,
            index_batch=100,
            line_max_pages=150,
            lease_seconds=75,  # longer than a call of the engine may take, as it is by default
        ) as made,
    ):
        yield made


@elasticsearch
def test_an_index_that_is_away_keeps_pages_waiting_and_then_senders(indexing: House, engine: StandIn) -> None:
    row, asked, senders = away(indexing, engine)
    report.note(row)
    assert set(senders.taken.refused) == {429}
    assert senders.taken.waits
    assert min(senders.taken.waits) >= 1
    assert asked <= 3, "one probe in about five seconds, of two processes that may both have one out at the edges"


@elasticsearch
def test_documents_that_the_index_is_too_busy_for_go_again_alone(indexing: House, engine: StandIn) -> None:
    report.note(misbehaving(indexing, engine, "7 429 for some documents of a bulk", "row7", busy()))


@elasticsearch
def test_a_reply_that_is_lost_costs_no_document_and_makes_no_second_one(indexing: House, engine: StandIn) -> None:
    report.note(misbehaving(indexing, engine, "8 index writes, its reply is lost", "row8", losing_replies()))


@elasticsearch
def test_single_documents_that_are_refused_are_dead_letters_with_the_index_s_reason(
    indexing: House, engine: StandIn
) -> None:
    row = refused_documents(indexing, engine)
    report.note(row)
    letters = indexing.get("/v1/dead-letters", source="row9")["items"]
    assert len(letters) == 3
    assert {letter["reason"] for letter in letters} == {"index-refused"}
    assert all("failed to parse field" in letter["detail"] for letter in letters)


@elasticsearch
@pytest.mark.parametrize("status", [401, 403, 404])
def test_an_index_that_does_not_let_us_stops_the_lane_and_kills_nothing(
    indexing: House, engine: StandIn, status: int
) -> None:
    fault = f"10 index answers {status}"
    report.note(misbehaving(indexing, engine, fault, f"row10at{status}", closed(status), alarm=str(status)))


@elasticsearch
@pytest.mark.parametrize("how", ["paused", "killed"])
def test_a_node_that_is_lost_keeps_pages_waiting(indexing: House, own: Node, how: str) -> None:
    report.note(node_lost(indexing, own, how))


@elasticsearch
def test_the_newer_of_two_versions_stands_on_elasticsearch_whichever_arrives_first(indexing: House) -> None:
    report.note(reversed_versions(indexing)._replace(fault="13 two versions, arriving reversed, on Elasticsearch"))


def test_a_full_disk_under_the_embedded_index_keeps_pages_waiting(embedded: House) -> None:
    report.note(full_index_disk(embedded))
