"""What only Elasticsearch does with generations: several processes, refreshes put off, indices lost, other formats."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from shared.errors import DependencyUnavailable
from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchGenerations, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.every_generation import EveryGeneration
from shared.search.port import EngineQuery, SearchIndex
from shared.stories.fingerprint import bands
from tests.contracts.search_engines import page
from tests.elasticsearch.stand_in import Answer, Asked, StandIn, error
from tests.integration.elasticsearch.refusing import refusing

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def other(engine: StandIn, elasticsearch_prefix: str) -> Iterator[EveryGeneration]:
    """The writing side of another process."""
    opened = EveryGeneration(ElasticsearchGenerations(Access(engine.url), elasticsearch_prefix, Layout(replicas=0)))
    yield opened
    opened.close()


def found(index: SearchIndex, q: str = "page") -> set[str]:
    return {hit.id for hit in index.search(EngineQuery(tree=parse(q).tree, size=50)).hits}


def once_before_a_bulk(work: Callable[[], object]) -> Callable[..., Answer]:
    """A rule under which something happens in another process right before the first bulk request arrives."""
    waiting = [work]

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        if "_bulk" in asked.path and waiting:
            waiting.pop()()
        return forward()

    return rule


def settings_of(operator: httpx.Client, index: str) -> dict[str, str]:
    told: dict[str, Any] = operator.get(f"/{index}/_settings?flat_settings=true").raise_for_status().json()
    settings: dict[str, str] = told[index]["settings"]
    return settings


def test_a_write_that_was_begun_before_a_new_index_was_made_comes_to_both(
    generations: ElasticsearchGenerations, other: EveryGeneration, engine: StandIn
) -> None:
    begun: list[str] = []
    engine.rule = once_before_a_bulk(lambda: begun.append(generations.begin()))
    other.index([page("a"), page("b")])
    assert generations.reader(begun[0]).held(["a", "b"]) == {"a": 64, "b": 64}


def test_a_delete_that_was_begun_before_a_new_index_was_filled_comes_to_both(
    generations: ElasticsearchGenerations, other: EveryGeneration, index: ElasticsearchIndex, engine: StandIn
) -> None:
    other.index([page("a"), page("b")])

    def begin_and_fill() -> None:
        name = generations.begin()
        generations.writer(name).index([page("a"), page("b")])

    engine.rule = once_before_a_bulk(begin_and_fill)
    other.delete({"a": 2})
    generations.go_live(generations.status()[1].name)
    assert found(index) == {"b"}


def test_what_is_filled_in_after_its_delete_is_refused(
    generations: ElasticsearchGenerations, other: EveryGeneration
) -> None:
    other.index([page("a", version=3)])
    name = generations.begin()
    other.delete({"a": 5})
    (outcome,) = generations.writer(name).index([page("a", version=3)])
    assert outcome.result == "superseded"
    assert generations.reader(name).held(["a"]) == {}


@pytest.mark.smoke
def test_while_an_index_is_filled_refreshes_and_copies_are_off_in_it_alone(
    generations: ElasticsearchGenerations,
    other: EveryGeneration,
    index: ElasticsearchIndex,
    operator: httpx.Client,
    engine: StandIn,
) -> None:
    other.index([page("old")])
    live, name = generations.status()[0].name, generations.begin()
    assert settings_of(operator, name)["index.refresh_interval"] == "-1"
    assert settings_of(operator, name)["index.number_of_replicas"] == "0"
    asked = len(engine.asked)
    generations.writer(name).index([page("old")])
    other.index([page("new")])
    assert {request.path for request in engine.asked[asked:] if "_refresh" in request.path} == {
        f"/{generations._connection.names.own(live)}/_refresh"
    }
    assert found(index) == {"old", "new"}
    generations.filled(name)
    told = settings_of(operator, name)
    assert (told["index.refresh_interval"], told["index.gc_deletes"]) == ("1s", "15m")
    other.index([page("newer")])
    generations.go_live(name)
    assert found(index) == {"old", "new", "newer"}


def test_copies_are_made_again_as_they_were_set(
    generations: ElasticsearchGenerations, engine: StandIn, elasticsearch_prefix: str, operator: httpx.Client
) -> None:
    for replicas, told in ((2, ("2", "false")), (None, ("0", "0-1"))):
        other = ElasticsearchGenerations(Access(engine.url), elasticsearch_prefix, Layout(replicas=replicas))
        name = other.begin()
        other.filled(name)
        held = settings_of(operator, name)
        assert (held["index.number_of_replicas"], held["index.auto_expand_replicas"]) == told
        other.close()


def test_a_document_that_the_new_index_has_no_room_for_goes_again(
    generations: ElasticsearchGenerations, other: EveryGeneration, engine: StandIn
) -> None:
    name = generations.begin()
    refuse = refusing("b", 429)

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        return refuse(asked, forward) if generations._connection.names.own(name) in asked.path else forward()

    engine.rule = rule
    assert [told.result for told in other.index([page("a"), page("b"), page("c")])] == ["indexed", "again", "indexed"]


def test_an_index_that_another_process_retires_meanwhile_keeps_nothing_waiting(
    generations: ElasticsearchGenerations, other: EveryGeneration, index: ElasticsearchIndex, engine: StandIn
) -> None:
    name = generations.begin()
    engine.rule = once_before_a_bulk(lambda: generations.retire(name))
    assert [told.result for told in other.index([page("a")])] == ["indexed"]
    other.delete({"z": 4})
    assert found(index) == {"a"}


@pytest.mark.smoke
def test_no_write_makes_an_index_of_the_name_of_one_that_is_gone(
    generations: ElasticsearchGenerations, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    name = generations.begin()
    writer = generations.writer(name)
    operator.delete(f"/{name}").raise_for_status()
    for attempt in (lambda: writer.index([page("a")]), lambda: writer.delete({"a": 1})):
        with pytest.raises(DependencyUnavailable, match="404"):
            attempt()
    own = generations._connection.names.own(name)
    told = operator.delete(f"/{own}/_doc/a?version=3&version_type=external").json()
    assert "forbids" in str(told), "whoever asks for it"
    assert list(operator.get(f"/{elasticsearch_prefix}documents*?features=aliases").json()) == [
        f"{elasticsearch_prefix}documents-000001"
    ]


def once_before_aliases(work: Callable[[], object], part: bytes) -> Callable[..., Answer]:
    """The same right before aliases are changed by a request with this in it."""
    waiting = [work]

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        if asked.path.endswith("_aliases") and part in asked.body and waiting:
            waiting.pop()()
        return forward()

    return rule


def test_a_process_that_takes_another_index_for_the_live_one_changes_nothing(
    generations: ElasticsearchGenerations, engine: StandIn, elasticsearch_prefix: str
) -> None:
    first, second = generations.status()[0].name, generations.begin()
    late = ElasticsearchGenerations(Access(engine.url), elasticsearch_prefix, Layout(replicas=0))
    engine.rule = once_before_aliases(lambda: generations.go_live(second), b"documents")
    with pytest.raises(DependencyUnavailable, match="aliases"):
        late.go_live(second)
    late.go_live(second)
    assert [(each.name, each.role) for each in late.status()] == [(second, "live"), (first, "kept")]
    engine.rule = once_before_aliases(lambda: generations.go_live(first), b"remove_index")
    with pytest.raises(DependencyUnavailable, match="aliases"):
        late.retire(first)
    assert [(each.name, each.role) for each in late.status()] == [(first, "live"), (second, "kept")]
    late.close()


def test_two_that_begin_at_once_leave_one_index_that_is_filled(
    generations: ElasticsearchGenerations, engine: StandIn, elasticsearch_prefix: str
) -> None:
    late = ElasticsearchGenerations(Access(engine.url), elasticsearch_prefix, Layout(replicas=0))
    begun: list[str] = []

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        if asked.method == "PUT" and not begun:
            begun.append("")
            begun.append(generations.begin())
        return forward()

    engine.rule = rule
    with pytest.raises(DependencyUnavailable, match="already"):
        late.begin()
    assert [(each.name, each.role) for each in late.status()][1:] == [(begun[1], "building")]
    late.close()


def other_format(operator: httpx.Client, index: str) -> None:
    """The index as if another version had made it."""
    operator.put(f"/{index}/_mapping", json={"_meta": {"pagemill_format": 0}}).raise_for_status()


def test_an_index_of_another_format_is_read_and_built_anew_and_then_set_aside(
    generations: ElasticsearchGenerations,
    other: EveryGeneration,
    index: ElasticsearchIndex,
    writer: ElasticsearchWriter,
    operator: httpx.Client,
) -> None:
    writer.index([page("a"), page("b")])
    (live,) = generations.status()
    other_format(operator, live.name)
    assert "pagemill index rebuild" in (generations.status()[0].trouble or "")
    with pytest.raises(DependencyUnavailable, match=r"of format 0.*pagemill index rebuild"):
        other.index([page("c")])
    well, detail = index.healthy()
    assert (well, "of format 0" in detail) == (False, True)
    name = generations.begin()
    generations.writer(name).index(generations.reader(live.name).documents(None, 10))
    generations.go_live(name)
    assert [(each.role, each.documents) for each in generations.status()] == [("live", 2), ("aside", 2)]
    assert generations.written() == (name,)
    assert other.index([page("c")])[0].result == "indexed"
    assert found(index) == {"a", "b", "c"}
    generations.retire(live.name)
    assert [each.role for each in generations.status()] == ["live"]


def test_a_live_index_that_does_not_answer_is_waited_for_and_a_lost_one_that_is_filled_is_given_up(
    engine: StandIn, elasticsearch_prefix: str
) -> None:
    now = [0.0]
    generations = ElasticsearchGenerations(
        Access(engine.url), elasticsearch_prefix, Layout(replicas=0), clock=lambda: now[0]
    )
    live, name = generations.status()[0].name, generations.begin()

    def away(index: str) -> Callable[..., Answer]:
        return lambda asked, forward: (
            error(503, "search_phase_execution_exception", "all shards failed")
            if asked.path.startswith(f"/{index}/_count")
            else forward()
        )

    for now[0] in (0, 10_000):
        engine.rule = away(live)
        with pytest.raises(DependencyUnavailable, match="all shards failed"):
            generations.status()
    engine.rule = away(name)
    with pytest.raises(DependencyUnavailable, match="all shards failed"):
        generations.status()
    now[0] += 601
    assert [(each.role, each.documents) for each in generations.status()] == [("live", 0), ("building", None)]
    assert "all shards failed" in (generations.status()[1].trouble or "")
    generations.close()


def test_what_was_set_up_before_there_were_generations_is_set_up_again_and_goes_on(
    generations: ElasticsearchGenerations,
    other: EveryGeneration,
    index: ElasticsearchIndex,
    operator: httpx.Client,
    elasticsearch_url: str,
    elasticsearch_prefix: str,
) -> None:
    first = f"{elasticsearch_prefix}documents-000001"
    own = f"{elasticsearch_prefix}documents-write-000001"
    operator.delete(f"/{first}/_alias/{own}").raise_for_status()
    with pytest.raises(DependencyUnavailable, match="pagemill index setup"):
        other.index([page("a")])
    assert own in index.healthy()[1]
    set_up(Access(elasticsearch_url), elasticsearch_prefix, Layout(replicas=0), only_missing=True)
    assert other.index([page("a")])[0].result == "indexed"


def test_without_the_alias_for_writing_nothing_is_written(
    other: EveryGeneration, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    operator.delete(f"/{elasticsearch_prefix}documents-000001/_alias/{elasticsearch_prefix}documents-write")
    for attempt in (lambda: other.index([page("a")]), lambda: other.delete({"a": 1})):
        with pytest.raises(DependencyUnavailable, match="pagemill index setup"):
            attempt()


def test_near_copies_are_seen_while_an_index_is_filled(generations: ElasticsearchGenerations) -> None:
    name = generations.begin()
    reader, writer = generations.reader(name), generations.writer(name)
    fingerprint = "0123456789abcdef" * 32
    for copy in ("one", "two"):
        writer.index([page(copy, fingerprint=fingerprint, story="one")])
        document = reader.get(copy)
        assert document is not None
    assert {each[0] for each in reader.story_candidates(bands(fingerprint))} == {"one", "two"}
