"""Given an engine that is away for a moment, then an export waits for it; for long, then it is told."""

from typing import Any

import pytest

from services.query.exports.pages import Pages, size_after
from shared.errors import DependencyUnavailable, Refused
from shared.models.document import Document
from shared.models.search import Total
from shared.query_language.parse import parse
from shared.search.port import EngineAnswer, EngineHit, EngineQuery, SnapshotGone
from tests.unit.query.test_export_files import FULL

QUERY = EngineQuery(tree=parse("").tree)


class Flaky:
    """An index that fails so often before it answers.

    Args:
        failures: what it raises, or answers, first.
    """

    def __init__(self, *failures: Exception | EngineAnswer) -> None:
        self._failures = list(failures)
        self.asked: list[tuple[int, str | None, str | None]] = []

    def search(self, query: EngineQuery, *, snapshot: str | None = None, after: str | None = None) -> EngineAnswer:
        self.asked.append((query.size, snapshot, after))
        if self._failures:
            failure = self._failures.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return failure
        hits = tuple(EngineHit(id=name, document=FULL.model_copy(update={"id": name})) for name in ("a", "b"))
        return EngineAnswer(total=Total(value=2), hits=hits, facets={}, after="7")

    def still_there(self, ids: list[str]) -> frozenset[str]:
        return frozenset(ids) - {"b"}


def away() -> DependencyUnavailable:
    return DependencyUnavailable("index", "away")


def pages(index: Any, pauses: list[float]) -> Pages:
    return Pages(index, QUERY, "s", pauses.append)


def ids(documents: list[Document]) -> list[str]:
    return [document.id for document in documents]


def test_a_page_is_what_is_still_there() -> None:
    index = Flaky()
    page = pages(index, []).read("3", 50)
    assert (ids(page.documents), page.left_out, page.after) == (["a"], frozenset({"b"}), "7")
    assert index.asked == [(50, "s", "3")]


def test_a_page_that_is_read_again_is_what_it_was() -> None:
    page = pages(Flaky(), []).read(None, 50, frozenset({"a"}))
    assert ids(page.documents) == ["b"]


def test_it_waits_longer_and_longer() -> None:
    waited: list[float] = []
    assert pages(Flaky(away(), away(), away()), waited).read(None, 50).after == "7"
    assert len(waited) == 3
    assert waited == sorted(waited)


def test_a_part_of_an_answer_is_none() -> None:
    part = EngineAnswer(total=Total(value=2), facets={}, partial=True)
    assert ids(pages(Flaky(part), []).read(None, 50).documents) == ["a"]


def test_what_stays_away_is_told() -> None:
    waited: list[float] = []
    with pytest.raises(DependencyUnavailable):
        pages(Flaky(*(away() for _ in range(50))), waited).read(None, 50)
    assert sum(waited) < 60, "sooner than gateways give up"


def test_a_snapshot_that_is_gone_is_not_waited_for() -> None:
    with pytest.raises(Refused) as refused:
        pages(Flaky(SnapshotGone("s")), []).read(None, 50)
    assert refused.value.code == "export-expired"


def test_pages_are_as_large_as_memory_is_meant_to_be() -> None:
    assert size_after([FULL.model_copy(update={"text": "x" * 1_000_000})] * 64, 64) == 1
    assert size_after([FULL] * 64, 64) == 256
    assert size_after([FULL] * 256, 256) == 1000
    assert size_after([], 64) == 64
