"""What only Elasticsearch does with searches: partial answers, lost points in time, its own highlights, differences."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import httpx
import pytest
from pydantic_core import from_json, to_json

from shared.errors import DependencyUnavailable
from shared.query_language.limits import Limits
from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.port import EngineQuery, SnapshotGone
from tests.contracts.search_engines import page
from tests.elasticsearch.stand_in import Answer, Asked, StandIn, error

pytestmark = pytest.mark.elasticsearch


def asking(q: str = "", **changes: Any) -> EngineQuery:
    return EngineQuery(tree=parse(q, limits=Limits(clauses=1000)).tree, **changes)


def ids(index: ElasticsearchIndex, q: str, **changes: Any) -> list[str]:
    return [hit.id for hit in index.search(asking(q, **changes)).hits]


def altered(change: Callable[[Any], None]) -> Callable[..., Answer]:
    """A rule under which answers to searches are changed."""

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        told = forward()
        if "_search" not in asked.path:
            return told
        body = from_json(told.body)
        change(body)
        return Answer(told.status, to_json(body))

    return rule


def test_an_answer_that_was_cut_short_says_so(
    index: ElasticsearchIndex, writer: ElasticsearchWriter, engine: StandIn
) -> None:
    writer.index([page("a")])
    engine.rule = altered(lambda body: body.update(timed_out=True))
    answer = index.search(asking("page"))
    assert (answer.partial, answer.total.exact, answer.hits[0].id) == (True, False, "a")
    engine.rule = altered(lambda body: body["_shards"].update(failed=1))
    assert index.search(asking("page")).partial


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_an_engine_that_refuses_a_search_is_away(
    index: ElasticsearchIndex, writer: ElasticsearchWriter, engine: StandIn, status: int
) -> None:
    writer.index([page("a")])
    engine.rule = lambda *_: error(status, "some_exception", "no")
    for attempt in (lambda: index.search(asking("page")), index.pin, index.count, lambda: index.get("a")):
        with pytest.raises(DependencyUnavailable, match=str(status)):
            attempt()
    assert not index.healthy()[0]


def test_an_engine_that_does_not_answer_in_time_is_away(elasticsearch_prefix: str, engine: StandIn) -> None:
    index = ElasticsearchIndex(
        Access(engine.url, timeout_seconds=0.3), elasticsearch_prefix, cursor_idle_seconds=300, snapshots_max=8
    )
    held = threading.Event()

    def rule(_: Asked, forward: Callable[[], Answer]) -> Answer:
        held.wait(10)
        return forward()

    engine.rule = rule
    with pytest.raises(DependencyUnavailable, match="in time"):
        index.search(asking("page"))
    held.set()
    index.close()


def test_points_in_time_that_the_engine_has_lost_cost_a_cursor_and_no_search(
    index: ElasticsearchIndex, writer: ElasticsearchWriter, engine: StandIn
) -> None:
    writer.index([page(f"p{n}") for n in range(5)])
    first = index.search(asking("page", size=2))
    assert first.snapshot is not None
    httpx.request("DELETE", f"{engine.url}/_pit", json={"id": first.snapshot.partition(".")[2]}).raise_for_status()
    with pytest.raises(SnapshotGone):
        index.search(asking("page", size=2), snapshot=first.snapshot, after=first.after)
    assert len(ids(index, "page")) == 5


@pytest.mark.smoke
def test_a_cursor_can_be_read_on_by_another_process(
    index: ElasticsearchIndex, writer: ElasticsearchWriter, engine: StandIn, elasticsearch_prefix: str
) -> None:
    writer.index([page(f"p{n}", "word " * n) for n in range(1, 6)])
    first = index.search(asking("word", size=3))
    writer.index([page("late", "word word")])
    other = ElasticsearchIndex(Access(engine.url), elasticsearch_prefix, cursor_idle_seconds=300, snapshots_max=8)
    second = other.search(asking("word", size=3), snapshot=first.snapshot, after=first.after)
    other.close()
    assert sorted(hit.id for hit in (*first.hits, *second.hits)) == ["p1", "p2", "p3", "p4", "p5"]


@pytest.mark.parametrize("shared", [True, False])
def test_a_cursor_that_others_go_on_with_is_not_closed_by_the_process_that_gave_it(
    writer: ElasticsearchWriter, engine: StandIn, elasticsearch_prefix: str, *, shared: bool
) -> None:
    writer.index([page(f"p{n}", "word " * n) for n in range(1, 6)])
    now = 0.0

    def opened() -> ElasticsearchIndex:
        access = Access(engine.url)
        return ElasticsearchIndex(
            access, elasticsearch_prefix, cursor_idle_seconds=60, snapshots_max=8, shared=shared, clock=lambda: now
        )

    one, other = opened(), opened()
    first = one.search(asking("word", size=3))
    now = 100.0
    one.search(asking("word", size=0))
    with nullcontext() if shared else pytest.raises(SnapshotGone):
        assert len(other.search(asking("word", size=3), snapshot=first.snapshot, after=first.after).hits) == 2
    one.close()
    other.close()


@pytest.mark.smoke
def test_where_the_engine_s_stems_go_further_than_ours_its_own_highlight_is_shown(
    index: ElasticsearchIndex, writer: ElasticsearchWriter
) -> None:
    filler = "Some words that say little about anything. "
    text = f"{filler * 5000}The <b>host</b> was generous & kind. {filler * 18_000}"
    writer.index([page("a", text, title="General matters"), page("b", "Nothing of it.")])
    hits = index.search(asking("generically")).hits
    assert [hit.id for hit in hits] == ["a"]
    snippet = hits[0].snippet or ""
    assert "<mark>generous</mark> &amp; kind" in snippet
    assert "<b>" not in snippet


def test_all_that_is_asked_of_the_engine_is_built_and_nothing_is_parsed(
    index: ElasticsearchIndex, writer: ElasticsearchWriter, engine: StandIn
) -> None:
    writer.index([page("a", "title secret"), page("b", "other")])
    engine.asked.clear()
    for q in ("title:secret OR *", "/.*/", "_exists_:id", "secret AND NOT other", '{"match_all": {}}'):
        index.search(asking(q, match="best"))
    bodies = b"".join(asked.body for asked in engine.asked)
    for parser in (b"query_string", b"simple_query", b"script", b"wildcard", b"regexp", b"template"):
        assert parser not in bodies


@pytest.mark.parametrize("match", ["all", "best"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_longest_query_is_no_longer_than_the_engine_takes(
    index: ElasticsearchIndex, writer: ElasticsearchWriter, match: str, quote: str
) -> None:
    words = " ".join(f"word{n}" for n in range(500))
    languages = ("en", "de", "fr", "es", "it", "nl", "ru", "zh", "ar", "pl")
    writer.index([page(code, words, title=words, language=code) for code in languages])
    assert sorted(ids(index, f"{quote}{words}{quote}", match=match)) == sorted(languages)


def test_a_phrase_with_a_stop_word_has_that_one_beside_a_neighbour_as_it_is_written(
    index: ElasticsearchIndex, writer: ElasticsearchWriter
) -> None:
    """Elasticsearch's English analyzer leaves stop words out and keeps their places; Tantivy has them all."""
    texts = {"in": "the presidents in France", "none": "presidents France", "of": "the presidents of France"}
    writer.index([page(name, text) for name, text in texts.items()])
    assert ids(index, '"president of France"') == ["of"]


def test_an_engine_with_several_shards_finds_every_word(elasticsearch_url: str, elasticsearch_prefix: str) -> None:
    access, prefix = Access(elasticsearch_url), f"{elasticsearch_prefix}many-"
    set_up(access, prefix, Layout(shards=3, replicas=0))
    writer = ElasticsearchWriter(access, prefix)
    index = ElasticsearchIndex(access, prefix, cursor_idle_seconds=300, snapshots_max=8)
    writer.index([page(f"p{n}", f"common rare{n} walked", tags=("t", f"t{n}")) for n in range(60)])
    assert [ids(index, f"rare{n} walking") for n in range(60)] == [[f"p{n}"] for n in range(60)]
    answer = index.search(asking("common", size=7, facets=("tag",), facet_size=3))
    assert [(one.value, one.count) for one in answer.facets["tag"]] == [("t", 60), ("t0", 1), ("t1", 1)]
    gathered = [hit.id for hit in answer.hits]
    while answer.after:
        answer = index.search(asking("common", size=7), snapshot=answer.snapshot, after=answer.after)
        gathered += [hit.id for hit in answer.hits]
    assert sorted(gathered) == sorted(f"p{n}" for n in range(60))
    writer.close()
    index.close()


def test_the_operator_is_told_how_the_engine_does(
    index: ElasticsearchIndex, engine: StandIn, elasticsearch_prefix: str, elasticsearch_url: str
) -> None:
    assert index.healthy() == (True, "0 documents; status green")
    assert index.strain() is None
    with httpx.Client(base_url=elasticsearch_url) as client:
        blocks = f"/{elasticsearch_prefix}documents-000001/_settings"
        client.put(blocks, json={"index.blocks.read_only_allow_delete": True}).raise_for_status()
        assert "documents-000001 is blocked (blocks.read_only_allow_delete)" in index.healthy()[1]
        assert "read_only_allow_delete" in (index.strain() or "")
        client.put(blocks, json={"index.blocks.read_only_allow_delete": None}).raise_for_status()
        nowhere = {"settings": {"index.routing.allocation.require._name": "nobody"}}
        lost = f"/{elasticsearch_prefix}archive-000009"
        client.put(lost, params={"wait_for_active_shards": "0", "timeout": "1s"}, json=nowhere).raise_for_status()
        assert not index.healthy()[0]
        assert "red" in (index.strain() or "")
    assert engine.url


@pytest.mark.smoke
@pytest.mark.parametrize("block", ["read_only", "read_only_allow_delete"])
def test_a_block_of_the_whole_cluster_is_strain_as_one_of_an_index_is(
    index: ElasticsearchIndex, elasticsearch_url: str, block: str
) -> None:
    def set_to(told: bool | None) -> None:
        change = {"persistent": {f"cluster.blocks.{block}": told}}
        client.put("/_cluster/settings", json=change).raise_for_status()

    with httpx.Client(base_url=elasticsearch_url, timeout=30) as client:
        try:
            set_to(True)
            assert "Elasticsearch: the whole cluster is blocked (cluster read-only" in (index.strain() or "")
            assert "the whole cluster is blocked" in index.healthy()[1]
        finally:
            set_to(None)
    assert index.strain() is None


def test_a_disk_over_its_high_watermark_is_strain(index: ElasticsearchIndex, engine: StandIn) -> None:
    disk = {"status": "yellow", "symptom": "1 node is over the high watermark"}

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        if "_health_report" in asked.path:
            return Answer(200, to_json({"indicators": {"disk": disk}}))
        return forward()

    engine.rule = rule
    assert index.strain() == "Elasticsearch: disk yellow: 1 node is over the high watermark"
    assert index.healthy() == (True, "0 documents; status green; disk yellow: 1 node is over the high watermark")
    engine.rule = lambda *_: error(503, "away", "away")
    assert index.strain() is None
