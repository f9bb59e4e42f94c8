"""What only Elasticsearch does with writes: requests and their limits, single refusals, answers that get lost."""

from collections.abc import Callable

import pytest
from elasticsearch import Elasticsearch

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.query_language.parse import parse
from shared.search.analysis.analyzers import ANALYZERS
from shared.search.elasticsearch import Access, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.bulk import REQUEST_BYTES
from shared.search.port import EngineQuery, IndexOutcome
from tests.contracts.search_engines import page
from tests.elasticsearch.stand_in import Answer, Asked, StandIn, cut, error
from tests.integration.elasticsearch.refusing import refusing

pytestmark = pytest.mark.elasticsearch


def found(index: ElasticsearchIndex, q: str) -> list[str]:
    return [hit.id for hit in index.search(EngineQuery(tree=parse(q).tree, size=100, snippets=False)).hits]


def results(outcomes: list[IndexOutcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


def bulk_answers(answer: Answer) -> Callable[..., Answer]:
    return lambda asked, forward: answer if "_bulk" in asked.path else forward()


@pytest.mark.smoke
def test_no_request_is_larger_than_five_mebibytes(
    writer: ElasticsearchWriter, index: ElasticsearchIndex, engine: StandIn
) -> None:
    documents = [page(f"p{n}", f"word{n} " + "Some words of a long text. " * 12_000) for n in range(30)]
    assert results(writer.index(documents)) == ["indexed"] * 30
    assert len(engine.bulks()) > 3
    assert max(len(asked.body) for asked in engine.bulks()) <= REQUEST_BYTES
    assert found(index, "word17") == ["p17"]
    assert index.count() == 30


@pytest.mark.parametrize(("language", "character"), [("zh", "漢"), ("pl", "ż"), ("en", "x"), ("th", "ก"), ("ko", "한")])
def test_the_longest_text_is_indexed_to_its_end_within_that_limit(
    writer: ElasticsearchWriter, index: ElasticsearchIndex, engine: StandIn, language: str, character: str
) -> None:
    text = (character * 9 + " ") * 99_990 + "北京"
    assert results(writer.index([page("long", text[:1_000_000], language=language)])) == ["indexed"]
    assert max(len(asked.body) for asked in engine.bulks()) <= REQUEST_BYTES
    document = index.get("long")
    assert document is not None
    assert document.text == text[:1_000_000]
    if language == "zh":
        assert found(index, "北京") == ["long"]


def test_a_document_that_no_request_can_hold_is_rejected_and_its_neighbours_are_indexed(
    writer: ElasticsearchWriter,
) -> None:
    outcomes = writer.index([page("a"), page("huge", "🎉" * 1_400_000), page("b")])
    assert results(outcomes) == ["indexed", "rejected", "indexed"]
    assert "bytes" in (outcomes[1].reason or "")


def test_no_language_s_analyzer_makes_a_term_that_is_refused(writer: ElasticsearchWriter) -> None:
    texts = [piece * 36_000 for piece in ("x", "ก", "漢", "é", "1.", "\u0301", "a\u200d")]
    documents = [
        page(f"{language}-{n}", text, language=language)
        for language in (*ANALYZERS, None, "pl", "xx")
        for n, text in enumerate(texts)
    ]
    assert [(o.id, o.reason) for o in writer.index(documents) if o.result != "indexed"] == []


@pytest.mark.parametrize("status", [429, 408, 500, 503])
def test_a_document_that_there_is_no_room_for_is_to_be_sent_again_and_the_others_are_done(
    writer: ElasticsearchWriter, index: ElasticsearchIndex, engine: StandIn, status: int
) -> None:
    engine.rule = refusing("b", status, "es_rejected_execution_exception")
    outcomes = writer.index([page("a"), page("b"), page("c")])
    assert results(outcomes) == ["indexed", "again", "indexed"]
    assert "es_rejected_execution_exception" in (outcomes[1].reason or "")
    engine.rule = lambda _, forward: forward()
    assert results(writer.index([page("b")])) == ["indexed"]
    assert index.count() == 3


def test_where_there_is_no_room_for_any_the_engine_is_away(writer: ElasticsearchWriter, engine: StandIn) -> None:
    engine.rule = refusing("a", 503)
    with pytest.raises(DependencyUnavailable, match="503"):
        writer.index([page("a")])


@pytest.mark.parametrize("status", [429, 408])
def test_where_there_is_no_room_for_a_document_by_itself_it_goes_again_and_the_engine_is_there(
    writer: ElasticsearchWriter, engine: StandIn, status: int
) -> None:
    engine.rule = refusing("a", status)
    assert results(writer.index([page("a")])) == ["again"]


def test_what_stands_behind_a_document_that_goes_again_goes_again_with_it(
    writer: ElasticsearchWriter, engine: StandIn
) -> None:
    engine.rule = refusing("a", 429)
    batch = [page("a", version=1), page("a", version=2), page("b")]
    assert results(writer.index(batch)) == ["again", "again", "indexed"]


@pytest.mark.parametrize("status", [400, 413])
def test_a_document_that_the_engine_refuses_is_rejected_with_its_reason(
    writer: ElasticsearchWriter, engine: StandIn, status: int
) -> None:
    engine.rule = refusing("b", status, "document_parsing_exception")
    outcomes = writer.index([page("a"), page("b")])
    assert results(outcomes) == ["indexed", "rejected"]
    assert outcomes[1].reason == "document_parsing_exception: because"


@pytest.mark.parametrize(
    ("status", "told"), [(401, "PAGEMILL_SEARCH_URL"), (403, "role.json"), (404, "pagemill index setup")]
)
@pytest.mark.parametrize("item", [True, False])
def test_where_nothing_may_be_written_the_lane_stops_and_says_what_to_do(
    writer: ElasticsearchWriter, engine: StandIn, status: int, told: str, item: bool
) -> None:
    engine.rule = refusing("b", status) if item else bulk_answers(error(status, "security_exception", "no"))
    with pytest.raises(DependencyUnavailable, match=told) as raised:
        writer.index([page("a"), page("b")])
    assert raised.value.name == "index"
    with pytest.raises(DependencyUnavailable, match=told):
        writer.delete({"b": 2})


def test_an_index_is_never_made_by_a_write(
    writer: ElasticsearchWriter, elasticsearch_url: str, elasticsearch_prefix: str
) -> None:
    other = ElasticsearchWriter(Access(elasticsearch_url), f"{elasticsearch_prefix}other-")
    for attempt in (lambda: other.index([page("a")]), lambda: other.delete({"a": 1})):
        with pytest.raises(DependencyUnavailable, match="pagemill index setup"):
            attempt()
    other.close()
    with Elasticsearch(elasticsearch_url) as client:
        assert client.indices.get(index=f"{elasticsearch_prefix}other-*").body == {}


@pytest.mark.smoke
def test_a_write_whose_answer_got_lost_is_repeated_without_harm(
    writer: ElasticsearchWriter, index: ElasticsearchIndex, engine: StandIn
) -> None:
    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        forward()
        return cut()

    engine.rule = rule
    with pytest.raises(DependencyUnavailable):
        writer.index([page("a", version=3)])
    engine.rule = lambda _, forward: forward()
    assert results(writer.index([page("a", version=3)])) == ["indexed"]
    assert results(writer.index([page("a", version=2)])) == ["superseded"]
    assert index.count() == 1


def test_a_request_that_is_refused_as_too_large_is_halved_until_it_fits(
    writer: ElasticsearchWriter, engine: StandIn
) -> None:
    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        return error(413, "too_large", "over a gateway's limit") if len(asked.body) > 20_000 else forward()

    engine.rule = rule
    documents = [page(f"p{n}", "word " * 300) for n in range(16)]
    outcomes = writer.index([*documents, page("large", "word " * 9000)])
    assert results(outcomes) == ["indexed"] * 16 + ["rejected"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_an_engine_that_refuses_whole_requests_is_away(
    writer: ElasticsearchWriter, engine: StandIn, status: int
) -> None:
    engine.rule = bulk_answers(error(status, "es_rejected_execution_exception", "busy"))
    with pytest.raises(DependencyUnavailable, match=str(status)):
        writer.index([page("a")])
    assert len(engine.bulks()) == 1, "the client tries nothing again by itself"


def test_an_engine_that_is_not_there_is_away(elasticsearch_prefix: str) -> None:
    writer = ElasticsearchWriter(Access("http://127.0.0.1:9"), elasticsearch_prefix)
    with pytest.raises(DependencyUnavailable):
        writer.index([page("a")])
    writer.close()


@pytest.mark.smoke
def test_a_delete_is_versioned_and_outlasts_a_late_older_version(
    writer: ElasticsearchWriter, index: ElasticsearchIndex
) -> None:
    writer.index([page("p", version=4)])
    writer.delete({"p": 7})
    assert results(writer.index([page("p", "late", version=6)])) == ["superseded"]
    assert index.count() == 0
    assert results(writer.index([page("p", version=8)])) == ["indexed"]
    writer.delete({"p": 7})
    assert index.count() == 1


def test_two_writers_at_once_leave_the_newest_version(
    writer: ElasticsearchWriter, index: ElasticsearchIndex, engine: StandIn, elasticsearch_prefix: str
) -> None:
    other = ElasticsearchWriter(Access(engine.url), elasticsearch_prefix)
    versions: list[Document] = [page("p", f"text {n}", version=n) for n in range(1, 20)]
    for older, newer in zip(versions[::2], versions[1::2], strict=False):
        other.index([newer])
        assert results(writer.index([older])) == ["superseded"]
    other.close()
    document = index.get("p")
    assert document is not None
    assert document.version == 18
