"""Documents that are enriched once more, on a real Valkey and a real index."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from shared.models.clean_page import Clean, CleanPage
from shared.models.document import Document
from shared.models.raw_page import Envelope
from shared.revisions import MOST_TRIES, Due, Revisions
from shared.search.tantivy import TantivyIndex, TantivyWriter
from workers.enrich import enrich, enrich_again
from workers.revising import write_revisions

TEXT = "The harbour master, Ann Other, said in Lisbon that the ferry will run again from Monday on every day."


def document(page_id: str, *, failed: bool = True, version: int = 7) -> Document:
    envelope = Envelope(id=page_id, version=version, fetched_at=datetime(2026, 5, 1, tzinfo=UTC))
    page = CleanPage(envelope=envelope, clean=Clean(paragraphs=(TEXT,), extractor="test"))
    return enrich(page, only_essentials=failed)


@pytest.fixture
def revisions(valkey: redis.Redis) -> Revisions:
    return Revisions(valkey, "t:", first_seconds=0)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[TantivyWriter, TantivyIndex]]:
    writer = TantivyWriter(tmp_path / "index")
    reader = TantivyIndex(tmp_path / "index", cursor_idle_seconds=60, snapshots_max=2)
    yield writer, reader
    reader.close()
    writer.close()


def test_a_page_with_a_failed_step_is_due_and_a_whole_one_is_not(revisions: Revisions) -> None:
    revisions.note([document("whole", failed=False), document("half")])
    assert revisions.take("enrich", 10) == [Due("half", 1)]
    assert revisions.take("names", 10) == []


def test_who_takes_a_page_has_it_alone(revisions: Revisions) -> None:
    revisions.note([document("half")])
    assert revisions.take("enrich", 10) == [Due("half", 1)]
    assert revisions.take("enrich", 10) == []


def test_a_step_that_goes_on_failing_is_given_up_and_the_page_stays(revisions: Revisions) -> None:
    revisions.note([document("half")])
    for tries in range(1, MOST_TRIES + 1):
        assert revisions.take("enrich", 10) == [Due("half", tries)]
        revisions.later("enrich", Due("half", tries))
    assert revisions.take("enrich", 10) == []
    assert revisions.waiting() == ()


def test_each_failure_waits_longer_than_the_one_before(valkey: redis.Redis) -> None:
    slow = Revisions(valkey, "t:", first_seconds=60)
    slow.note([document("half")])
    assert slow.take("enrich", 10) == [], "not due yet"
    first = valkey.zscore("t:revisions:enrich", "half") or 0
    slow.later("enrich", Due("half", 2))
    second = valkey.zscore("t:revisions:enrich", "half") or 0
    assert 59_000 <= first - 1000 * time.time() <= 61_000
    assert second > first + 800_000


def test_a_revision_replaces_the_document_under_the_same_version(
    revisions: Revisions, index: tuple[TantivyWriter, TantivyIndex]
) -> None:
    writer, reader = index
    before = document("half")
    writer.index([before])
    assert "enrichment-incomplete" in before.quality
    better = enrich_again(before)
    assert better is not None
    assert revisions.offer(better)
    assert revisions.has_made()
    assert write_revisions(revisions, writer, reader.get) == 1
    after = reader.get("half")
    assert after is not None
    assert (after.version, after.revision) == (7, 1)
    assert (after.names.people, after.names.places) == (("Ann Other",), ("Lisbon",))
    assert "enrichment-incomplete" not in after.quality
    assert not revisions.has_made()


def test_a_revision_of_a_page_that_is_gone_or_came_anew_changes_nothing(
    revisions: Revisions, index: tuple[TantivyWriter, TantivyIndex]
) -> None:
    writer, reader = index
    for page_id in ("gone", "anew"):
        better = enrich_again(document(page_id))
        assert better is not None
        revisions.offer(better)
    writer.index([document("anew", failed=False, version=8)])
    write_revisions(revisions, writer, reader.get)
    assert reader.get("gone") is None
    there = reader.get("anew")
    assert there is not None
    assert (there.version, there.revision) == (8, 0)


def test_saved_searches_are_told_of_what_is_written_and_of_what_a_killed_process_wrote(
    revisions: Revisions, index: tuple[TantivyWriter, TantivyIndex]
) -> None:
    writer, reader = index
    told: list[str] = []

    def tell(documents: Sequence[Document]) -> None:
        told.extend(f"{each.id} {each.revision}" for each in documents)

    for page_id in ("half", "gone", "written"):
        better = enrich_again(document(page_id))
        assert better is not None
        assert revisions.offer(better)
        if page_id == "written":
            writer.index([better])
    writer.index([document("half")])
    write_revisions(revisions, writer, reader.get, tell)
    assert sorted(told) == ["half 1", "written 1"]


def test_a_second_revision_waits_until_the_first_is_written(revisions: Revisions) -> None:
    better = enrich_again(document("half"))
    assert better is not None
    assert revisions.offer(better)
    assert not revisions.offer(better)
    revisions.settle(revisions.made())
    assert revisions.offer(better)
