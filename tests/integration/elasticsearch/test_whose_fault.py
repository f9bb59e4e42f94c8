"""Whose fault a refusal is, on a real node: a document's is a dead letter, an index's stops the lane."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from pydantic_core import from_json, to_json

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch import ElasticsearchWriter
from shared.search.port import IndexOutcome
from tests.contracts.search_engines import page
from tests.elasticsearch.stand_in import Answer, Asked, StandIn, error
from tests.integration.elasticsearch.refusing import refusing

pytestmark = pytest.mark.elasticsearch


def results(outcomes: Sequence[IndexOutcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


def refusing_all(kind: str, reason: str = "because", but: Sequence[str] = ()) -> Callable[..., Answer]:
    """A rule under which every item of a bulk is answered 400, but for those of these ids."""

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        if "_bulk" not in asked.path:
            return forward()
        told: Any = from_json(forward().body)
        heads = [from_json(line) for line in asked.body.splitlines() if line.startswith(b'{"index"')]
        for head, item in zip(heads, told["items"], strict=True):
            if head["index"]["_id"] not in but:
                item["index"] = {"status": 400, "error": {"type": kind, "reason": reason}}
        return Answer(200, to_json(told))

    return rule


@pytest.mark.smoke
@pytest.mark.parametrize("count", [1, 30])
def test_a_closed_index_takes_nothing_and_refuses_no_document(
    writer: ElasticsearchWriter, operator: httpx.Client, elasticsearch_prefix: str, count: int
) -> None:
    index, documents = f"{elasticsearch_prefix}documents-000001", [page(f"p{n}") for n in range(count)]
    operator.post(f"/{index}/_close").raise_for_status()
    with pytest.raises(DependencyUnavailable, match=rf"is closed.*_open.*index_closed_exception.*{index}") as raised:
        writer.index(documents)
    assert raised.value.name == "index"
    operator.post(f"/{index}/_open?wait_for_active_shards=1").raise_for_status()
    assert results(writer.index(documents)) == ["indexed"] * count


@pytest.mark.smoke
def test_an_alias_without_an_index_to_write_to_refuses_no_document(
    writer: ElasticsearchWriter, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    names = {"index": f"{elasticsearch_prefix}documents-000001", "alias": f"{elasticsearch_prefix}documents-write"}

    def writable(told: bool) -> None:
        actions = {"actions": [{"add": {**names, "is_write_index": told}}]}
        operator.post("/_aliases", json=actions).raise_for_status()

    writable(False)
    with pytest.raises(DependencyUnavailable, match="no write index"):
        writer.index([page("a"), page("b")])
    writable(True)
    assert results(writer.index([page("a"), page("b")])) == ["indexed"] * 2


@pytest.mark.smoke
def test_a_pipeline_that_is_missing_refuses_no_document(
    writer: ElasticsearchWriter, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    settings = f"/{elasticsearch_prefix}documents-000001/_settings"
    operator.put(settings, json={"index.default_pipeline": "nowhere"}).raise_for_status()
    with pytest.raises(DependencyUnavailable, match="nowhere"):
        writer.index([page("a")])
    operator.put(settings, json={"index.default_pipeline": None}).raise_for_status()
    assert results(writer.index([page("a")])) == ["indexed"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("index_closed_exception", "closed"),
        ("cluster_block_exception", "blocked"),
        ("index_not_found_exception", "no such index"),
        ("no_shard_available_action_exception", "away"),
        ("validation_exception", "this action would add [2] shards"),
        ("illegal_argument_exception", "no write index is defined for alias [x]"),
        ("illegal_argument_exception", "pipeline with id [x] does not exist"),
        ("illegal_argument_exception", "Number of documents in the index can't exceed [2147483519]"),
    ],
)
def test_what_befalls_the_index_while_others_are_written_refuses_no_document(
    writer: ElasticsearchWriter, engine: StandIn, kind: str, reason: str
) -> None:
    engine.rule = refusing_all(kind, reason, but=["a"])
    with pytest.raises(DependencyUnavailable, match=kind):
        writer.index([page("a"), page("b")])


def test_a_refusal_that_is_not_known_is_the_document_s_where_the_index_takes_another(
    writer: ElasticsearchWriter, engine: StandIn
) -> None:
    engine.rule = refusing("b", 400, "some_exception")
    assert results(writer.index([page("a"), page("b")])) == ["indexed", "rejected"]
    with pytest.raises(DependencyUnavailable, match="some_exception"):
        writer.index([page("b")])


@pytest.mark.parametrize(
    "kind",
    [
        "document_parsing_exception",
        "mapper_parsing_exception",
        "strict_dynamic_mapping_exception",
        "max_bytes_length_exceeded_exception",
    ],
)
def test_a_document_that_cannot_be_read_is_refused_for_itself_where_it_comes_alone(
    writer: ElasticsearchWriter, engine: StandIn, kind: str
) -> None:
    engine.rule = refusing_all(kind)
    assert results(writer.index([page("a")])) == ["rejected"]


def test_what_befalls_every_document_of_a_large_batch_is_the_index_s_whatever_it_is_called(
    writer: ElasticsearchWriter, engine: StandIn
) -> None:
    documents = [page(f"p{n}") for n in range(30)]
    engine.rule = refusing_all("document_parsing_exception")
    with pytest.raises(DependencyUnavailable, match=r"none of 30 documents.*document_parsing_exception"):
        writer.index(documents)
    engine.rule = refusing_all("document_parsing_exception", but=["p7"])
    assert results(writer.index(documents)).count("rejected") == 29


@pytest.mark.smoke
def test_a_mapping_that_refuses_a_document_refuses_that_one_alone(
    writer: ElasticsearchWriter, engine: StandIn, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    """The engine's own words, asked for by a field that our documents do not have."""
    index = f"/{elasticsearch_prefix}documents-000001/_mapping"
    operator.put(index, json={"properties": {"odd": {"type": "long"}}}).raise_for_status()

    def rule(asked: Asked, forward: Callable[..., Answer]) -> Answer:
        lines = asked.body.splitlines()
        odd = [line.replace(b"{", b'{"odd":"x",', 1) if b'"Odd ' in line else line for line in lines]
        return forward(b"\n".join(odd) + b"\n") if "_bulk" in asked.path else forward()

    engine.rule = rule
    outcomes = writer.index([page("a"), page("odd", "Odd page."), page("c")])
    assert results(outcomes) == ["indexed", "rejected", "indexed"]
    assert results(writer.index([page("odd", "Odd page.")])) == ["rejected"]


def test_a_whole_request_that_is_refused_for_its_index_is_sent_once(
    writer: ElasticsearchWriter, engine: StandIn
) -> None:
    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        return error(400, "index_closed_exception", "closed") if "_bulk" in asked.path else forward()

    engine.rule = rule
    with pytest.raises(DependencyUnavailable, match="is closed"):
        writer.index([page(f"p{n}") for n in range(8)])
    assert len(engine.bulks()) == 1
