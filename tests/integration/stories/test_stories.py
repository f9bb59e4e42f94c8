import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from shared.errors import DependencyUnavailable
from shared.ledger.connection import connect
from shared.models.document import Document
from shared.search.tantivy import TantivyIndex, TantivyWriter
from shared.stories import Stories
from shared.stories.fingerprint import bands as bands_of
from shared.stories.fingerprint import similarity
from shared.stories.in_flight import InFlight
from workers.enrich.fingerprint import fingerprint


class Index:
    """The index as stories see it, in memory."""

    def __init__(self) -> None:
        self.held: dict[str, Document] = {}

    def add(self, *documents: Document) -> None:
        self.held |= {each.id: each for each in documents}

    def get(self, page_id: str) -> Document | None:
        return self.held.get(page_id)

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[str, str, str]]:
        wanted = set(bands)
        return [
            (each.id, each.story or each.id, each.fingerprint)
            for each in list(self.held.values())
            if each.fingerprint and wanted & set(bands_of(each.fingerprint))
        ][:limit]


class SlowIndex(Index):
    """An index that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.may_answer = threading.Event()

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[str, str, str]]:
        self.asked.set()
        assert self.may_answer.wait(10)
        return super().story_candidates(bands, limit)


class BusyIndex(Index):
    """An index in which something happens right after the first look into it."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] | None = None

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[str, str, str]]:
        found = super().story_candidates(bands, limit)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return found


class AbsentIndex(Index):
    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[str, str, str]]:
        raise DependencyUnavailable("index", "away")


def words(subject: str, count: int = 300) -> list[str]:
    return [f"{subject}{at}" for at in range(count)]


def document(page_id: str, subject: str = "harbour", *, version: int = 1, changed: int = 0) -> Document:
    """A page on a subject, its first words changed."""
    text = " ".join([f"{page_id}x{at}" for at in range(changed)] + words(subject)[changed:])
    return Document(
        id=page_id,
        version=version,
        text=text,
        fetched_at=datetime(2024, 10, 28, tzinfo=UTC),
        word_count=300,
        reading_minutes=2,
        fingerprint=fingerprint(text),
    )


@pytest.fixture
def index() -> Index:
    return Index()


@pytest.fixture
def stories(valkey: redis.Redis, index: Index) -> Stories:
    return Stories(valkey, "pm:", index)


def settle(valkey: redis.Redis, page_id: str) -> None:
    InFlight(valkey, "pm:").settle([document(page_id)])


def walk(stories: Stories, index: Index, *documents: Document) -> list[str]:
    """Takes pages the whole way: assigned, indexed, settled."""
    told = stories.assign(documents)
    index.add(*(each.model_copy(update={"story": story}) for each, story in zip(documents, told, strict=True)))
    stories.settle(documents)
    return told


def test_a_page_without_near_copies_is_its_own_story(stories: Stories, index: Index) -> None:
    assert walk(stories, index, document("a", "harbour"), document("b", "election")) == ["a", "b"]
    assert walk(stories, index, document("c", "weather")) == ["c"]


def test_a_near_copy_of_an_indexed_page_joins_its_story(stories: Stories, index: Index) -> None:
    walk(stories, index, document("a"))
    assert walk(stories, index, document("b", changed=5)) == ["a"]
    assert walk(stories, index, document("c", changed=8)) == ["a"]


def test_near_copies_in_one_batch_share_a_story(stories: Stories, index: Index) -> None:
    batch = [document("a"), document("x", "election"), document("b", changed=4), document("c", changed=6)]
    assert walk(stories, index, *batch) == ["a", "x", "a", "a"]


def test_near_copies_that_are_in_flight_at_once_share_a_story(stories: Stories) -> None:
    assert stories.assign([document("a")]) == ["a"]
    assert stories.assign([document("b", changed=4)]) == ["a"]
    assert stories.assign([document("c", changed=6)]) == ["a"]


def test_pages_that_are_not_alike_enough_stay_apart(stories: Stories) -> None:
    one, other = document("a"), document("b", changed=120)
    assert 0.3 < similarity(one.fingerprint or "", other.fingerprint or "") < 0.65
    assert stories.assign([one]) == ["a"]
    assert stories.assign([other]) == ["b"]


def test_a_story_goes_on_when_its_first_page_is_gone(stories: Stories, index: Index) -> None:
    walk(stories, index, document("a"), document("b", changed=3))
    del index.held["a"]
    assert walk(stories, index, document("c", changed=5)) == ["a"]


def test_a_page_without_fingerprint_is_its_own_story(stories: Stories, valkey: redis.Redis) -> None:
    short = [document(page_id).model_copy(update={"fingerprint": None}) for page_id in "ab"]
    assert stories.assign([*short, document("c")]) == ["a", "b", "c"]
    stories.settle([*short, document("c")])
    assert valkey.keys() == []


def test_an_empty_batch_needs_nothing() -> None:
    nowhere = Stories(connect("unix:///nowhere/v.sock"), "pm:", Index())
    assert nowhere.assign([]) == []
    nowhere.settle([])


def test_asking_again_gives_the_same_story(stories: Stories, index: Index) -> None:
    batch = [document("a"), document("b", changed=4), document("x", "election")]
    first = stories.assign(batch)
    assert stories.assign(batch) == first
    assert stories.assign(list(reversed(batch))) == list(reversed(first))
    assert walk(stories, index, *batch) == first


def test_a_new_version_with_the_same_text_keeps_its_story(stories: Stories, index: Index) -> None:
    walk(stories, index, document("a"), document("b", changed=4))
    assert walk(stories, index, document("b", version=2, changed=4)) == ["a"]
    assert walk(stories, index, document("a", version=2)) == ["a"]
    assert walk(stories, index, document("a", version=3)) == ["a"]


def test_a_new_version_in_flight_beside_the_old_one_keeps_its_story(stories: Stories, index: Index) -> None:
    walk(stories, index, document("a"))
    assert stories.assign([document("b", version=1, changed=4)]) == ["a"]
    del index.held["a"]
    assert stories.assign([document("b", version=2, changed=4)]) == ["a"]


def test_two_versions_in_one_batch_do_not_wait_for_each_other(stories: Stories) -> None:
    assert stories.assign([document("a", version=1), document("a", version=2)]) == ["a", "a"]
    assert stories.assign([document("b", "election", version=2), document("b", "election", version=1)]) == ["b", "b"]


def test_a_page_with_another_text_leaves_the_story_that_bears_its_id_to_the_others(
    stories: Stories, index: Index
) -> None:
    walk(stories, index, document("a"), document("b", changed=4))
    (left,) = walk(stories, index, document("a", "election", version=2))
    assert left not in {"a", "b"}
    assert walk(stories, index, document("c", changed=6)) == ["a"]
    assert walk(stories, index, document("d", "election", changed=6)) == [left]
    assert walk(stories, index, document("a", "election", version=3)) == [left]


def test_a_page_that_changes_its_text_in_flight_leaves_its_story_too(stories: Stories) -> None:
    assert stories.assign([document("a"), document("b", changed=4)]) == ["a", "a"]
    (left,) = stories.assign([document("a", "election", version=2)])
    assert left not in {"a", "b"}


def test_settling_an_old_version_leaves_the_newer_one_in_flight(stories: Stories) -> None:
    stories.assign([document("a", version=1)])
    stories.assign([document("a", version=2)])
    stories.settle([document("a", version=1)])
    assert stories.assign([document("b", changed=4)]) == ["a"]


def test_nothing_is_left_in_redis_once_the_pages_are_searchable(
    stories: Stories, index: Index, valkey: redis.Redis
) -> None:
    batch = [document("a"), document("b", changed=4), document("x", "election"), document("a", version=2)]
    batch.append(document("x", "weather", version=2))
    told = stories.assign(batch)
    assert valkey.keys() != []
    index.add(*(each.model_copy(update={"story": story}) for each, story in zip(batch, told, strict=True)))
    stories.settle(batch)
    assert valkey.keys() == []
    stories.settle(batch)
    assert valkey.keys() == []


def test_what_nobody_settles_is_forgotten_after_an_hour_and_by_then_only(valkey: redis.Redis, stories: Stories) -> None:
    stories.assign([document("a"), document("dead", "election")])
    lives = [valkey.pttl(key) for key in ("pm:stories:pages", "pm:stories:bands", "pm:stories:due")]
    assert all(3_600_000 < int(str(life)) <= 7_200_000 for life in lives)
    valkey.zadd("pm:stories:due", {"dead": 1})
    assert stories.assign([document("b", changed=4), document("late", "election", changed=4)]) == ["a", "late"]
    stories.settle([document("a"), document("b", changed=4), document("late", "election", changed=4)])
    assert valkey.keys() == []


def test_a_copy_waits_for_the_answer_that_an_earlier_one_gets_from_the_index(valkey: redis.Redis) -> None:
    """Given: b finds the indexed a, and c, which does not, meets b before b has its answer."""
    slow = SlowIndex()
    slow.add(document("a").model_copy(update={"story": "first"}))
    with ThreadPoolExecutor(2) as pool:
        earlier = pool.submit(Stories(valkey, "pm:", slow).assign, [document("b", changed=3)])
        assert slow.asked.wait(10)
        later = pool.submit(Stories(valkey, "pm:", Index()).assign, [document("c", changed=6)])
        while valkey.hlen("pm:stories:pages") < 2:
            assert not later.done()
        slow.may_answer.set()
        assert earlier.result(10) == ["first"]
        assert later.result(10) == ["first"]


def test_a_copy_that_settles_between_two_looks_is_found_in_the_index(valkey: redis.Redis) -> None:
    """Given: b has met a in Redis; a is confirmed, indexed and settled just after b has looked into the index."""
    index = BusyIndex()
    InFlight(valkey, "pm:").meet([document("a")], 0.7)

    def a_becomes_searchable() -> None:
        index.add(document("a").model_copy(update={"story": "first"}))
        settle(valkey, "a")

    index.meanwhile = a_becomes_searchable
    assert Stories(valkey, "pm:", index).assign([document("b", changed=4)]) == ["first"]


def test_a_copy_whose_forerunner_was_refused_by_the_index_is_its_own_story(valkey: redis.Redis) -> None:
    index = BusyIndex()
    InFlight(valkey, "pm:").meet([document("a")], 0.7)
    index.meanwhile = lambda: settle(valkey, "a")
    assert Stories(valkey, "pm:", index).assign([document("b", changed=4)]) == ["b"]
    assert Stories(valkey, "pm:", index).assign([document("c", changed=6)]) == ["b"]


def test_a_copy_that_settles_just_before_a_page_registers_is_found_in_the_index(stories: Stories, index: Index) -> None:
    stories.assign([document("a")])
    index.add(document("a").model_copy(update={"story": "a"}))
    stories.settle([document("a")])
    assert stories.assign([document("b", changed=4)]) == ["a"]


def test_a_worker_that_was_killed_between_its_steps_holds_nobody_up_for_long(
    valkey: redis.Redis, stories: Stories
) -> None:
    InFlight(valkey, "pm:").meet([document("a")], 0.7)
    assert stories.assign([document("b", changed=4)]) == ["a"]
    assert stories.assign([document("c", changed=6)]) == ["a"]
    assert stories.assign([document("a")]) == ["a"]


def test_a_hundred_copies_at_once_are_one_story(valkey_url: str, valkey: redis.Redis) -> None:
    index = Index()
    copies = [document(f"page-{at}", changed=at % 7) for at in range(100)]

    def worker(mine: list[Document]) -> list[str]:
        client = connect(valkey_url, timeout=10)
        own = Stories(client, "pm:", index)
        told = [story for at in range(0, len(mine), 5) for story in walk(own, index, *mine[at : at + 5])]
        client.close()
        return told

    with ThreadPoolExecutor(5) as pool:
        told = [story for part in pool.map(worker, [copies[at::5] for at in range(5)]) for story in part]
    assert len(told) == 100
    assert len(set(told)) == 1
    assert valkey.keys() == []


def test_prefixes_keep_installations_apart(valkey: redis.Redis) -> None:
    assert Stories(valkey, "one:", Index()).assign([document("a")]) == ["a"]
    assert Stories(valkey, "two:", Index()).assign([document("b", changed=4)]) == ["b"]


def test_an_index_that_is_away_is_said_and_a_later_try_succeeds(valkey: redis.Redis, stories: Stories) -> None:
    with pytest.raises(DependencyUnavailable, match="index"):
        Stories(valkey, "pm:", AbsentIndex()).assign([document("a")])
    assert stories.assign([document("a")]) == ["a"]


def test_a_redis_that_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(DependencyUnavailable, match="ledger"):
        Stories(connect(f"unix://{tmp_path}/v.sock"), "pm:", Index()).assign([document("a")])


def test_stories_hold_over_a_real_index(valkey: redis.Redis, tmp_path: Path) -> None:
    writer, reader = TantivyWriter(tmp_path), TantivyIndex(tmp_path, cursor_idle_seconds=60, snapshots_max=2)
    stories = Stories(valkey, "pm:", reader)

    def walked(*documents: Document) -> list[str]:
        told = stories.assign(documents)
        writer.index([each.model_copy(update={"story": s}) for each, s in zip(documents, told, strict=True)])
        stories.settle(documents)
        return told

    assert walked(document("a"), document("x", "election")) == ["a", "x"]
    assert walked(document("b", changed=4), document("y", "election", changed=4)) == ["a", "x"]
    assert walked(document("a", version=2)) == ["a"]
    (left,) = walked(document("a", "weather", version=3))
    assert left not in {"a", "b"}
    assert walked(document("c", changed=6)) == ["a"]
    assert valkey.keys() == []
    reader.close()
    writer.close()
