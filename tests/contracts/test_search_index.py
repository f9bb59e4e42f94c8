"""What every search index does with documents: versions, deletes, reading, snapshots.

How it searches is in test_search_index_words.py, what it answers with in test_search_index_answers.py and
test_search_index_snippets.py. An engine joins by a name in `search_engines.ENGINES`.
"""

from contextlib import suppress

import pytest

from shared.models.clean_page import Clipped, Evidence, Image
from shared.models.document import Document, Names
from shared.query_language.tree import AllOf
from shared.search.port import EngineQuery, SnapshotGone
from shared.stories.fingerprint import bands
from tests.contracts.search_engines import (
    IDLE_SECONDS,
    NOON,
    SNAPSHOTS_MAX,
    Engine,
    ask,
    found,
    ids,
    page,
    put,
    results,
    walk,
)

EVERYTHING = EngineQuery(tree=AllOf())
FINGERPRINT = "".join(f"{number:04x}" for number in range(128))
NEAR_COPY = FINGERPRINT[:500] + "f" * 12
HALF_COPY = FINGERPRINT[:200] + "e" * 312
STRANGER = "abcd" * 128


def test_a_document_comes_back_whole(engine: Engine) -> None:
    document = Document(
        id="p1",
        version=1_700_000_000_000_123,
        revision=3,
        url="https://example.com/a?b=1",
        canonical_url="https://example.com/a",
        title="Ein Titel",
        standfirst="Worum es geht.",
        text="Erster Absatz.\n\nZweiter Absatz.",
        authors=("A. Autor", "B. Autorin"),
        published="2024-05-01T08:30:00Z",
        fetched_at=NOON,
        indexed_at=NOON,
        language="de",
        site="example.com",
        publisher="Example",
        source="feed",
        tags=("x", "y"),
        names=Names(people=("Ada",), places=("Ulm",), organisations=("UNO",)),
        keywords=("k",),
        images=(Image(url="https://example.com/i.png", role="lead"),),
        word_count=4,
        reading_minutes=1,
        story="p0",
        quality=("short",),
        clipped=Clipped(kept=10, original=20),
        evidence={"title": Evidence(found_in="h1", confidence=0.9)},
        enrichment={"language": "done"},
        metadata={"n": 1, "s": "x", "none": None, "yes": True},
        fingerprint=FINGERPRINT,
    )
    put(engine, document)
    assert engine.index.get("p1") == document
    assert ask(engine).hits[0].document == document


def test_before_anything_was_indexed_the_index_reads_as_empty(engine: Engine) -> None:
    answer = ask(engine, "anything", facets=("site",), histogram="day")
    assert (answer.total.value, answer.total.exact, answer.hits, answer.after) == (0, True, (), None)
    assert (dict(answer.facets), answer.histogram) == ({"site": ()}, ())
    assert engine.index.get("p") is None
    assert engine.index.count() == 0
    assert engine.index.story_candidates(["x"]) == []
    assert engine.index.healthy()[0]


def test_an_empty_index_can_be_pinned_and_stays_empty_there(engine: Engine) -> None:
    name = engine.index.pin()
    put(engine, page("p"))
    assert engine.index.search(EVERYTHING, snapshot=name).total.value == 0
    assert engine.index.search(EVERYTHING).total.value == 1


def test_what_was_indexed_is_found_at_once(engine: Engine) -> None:
    for number in range(5):
        put(engine, page(f"p{number}"))
        assert engine.index.count() == number + 1
        assert engine.index.get(f"p{number}") is not None


def test_a_newer_version_takes_the_place_of_the_older(engine: Engine) -> None:
    put(engine, page("p", "old words", version=1))
    assert results(engine, page("p", "new words", version=2)) == ["indexed"]
    assert found(engine, "old") == []
    assert found(engine, "new") == ["p"]
    assert engine.index.count() == 1


def test_an_older_version_is_superseded_and_changes_nothing(engine: Engine) -> None:
    put(engine, page("p", "new words", version=2))
    assert results(engine, page("p", "old words", version=1)) == ["superseded"]
    assert found(engine, "new") == ["p"]


def test_the_same_version_again_is_indexed_and_changes_nothing(engine: Engine) -> None:
    put(engine, page("p", "first words", version=2))
    assert results(engine, page("p", "first words", version=2)) == ["indexed"]
    assert found(engine, "first") == ["p"]
    assert engine.index.count() == 1


def test_other_words_under_the_same_version_are_superseded_and_change_nothing(engine: Engine) -> None:
    put(engine, page("p", "first words", version=2, title="A title"))
    assert results(engine, page("p", "other words", version=2, title="A title")) == ["superseded"]
    assert results(engine, page("p", "first words", version=2, title="Another")) == ["superseded"]
    assert found(engine, "first") == ["p"]


def test_a_later_enrichment_of_the_same_version_takes_its_place(engine: Engine) -> None:
    put(engine, page("p", "plain words", version=7, revision=0))
    assert results(engine, page("p", "enriched words", version=7, revision=1)) == ["indexed"]
    assert results(engine, page("p", "plain words", version=7, revision=0)) == ["superseded"]
    assert found(engine, "enriched") == ["p"]


def test_versions_near_their_limit_are_told_apart(engine: Engine) -> None:
    most = 2**53 - 1
    put(engine, page("p", "new words", version=most, revision=62))
    assert results(engine, page("p", version=most, revision=61)) == ["superseded"]
    assert results(engine, page("p", "newest words", version=most, revision=63)) == ["indexed"]
    assert found(engine, "newest") == ["p"]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_within_one_batch_the_newest_of_an_id_wins(engine: Engine, order: tuple[int, ...]) -> None:
    batch = [page("p", f"words of {version}", version=version) for version in order]
    expected = ["indexed" if version == 3 else "superseded" for version in order]
    assert results(engine, *batch) == expected
    document = engine.index.get("p")
    assert document is not None
    assert document.version == 3
    assert engine.index.count() == 1


def test_the_same_document_twice_in_a_batch_is_indexed_once(engine: Engine) -> None:
    assert results(engine, page("p"), page("p")) == ["indexed", "indexed"]
    assert engine.index.count() == 1


def test_outcomes_come_in_the_order_of_the_documents(engine: Engine) -> None:
    put(engine, page("b", version=5))
    outcomes = put(engine, page("c"), page("b", version=4), page("a"))
    assert [(outcome.id, outcome.result) for outcome in outcomes] == [
        ("c", "indexed"),
        ("b", "superseded"),
        ("a", "indexed"),
    ]


def test_a_batch_of_nothing_is_nothing(engine: Engine) -> None:
    assert put(engine) == []
    assert engine.index.count() == 0


def test_a_document_that_cannot_be_indexed_is_rejected_with_a_reason_and_its_neighbours_are_indexed(
    engine: Engine,
) -> None:
    broken = page("broken").model_copy(update={"title": "half a pair \ud800"})
    outcomes = put(engine, page("a"), broken, page("b"))
    assert [outcome.result for outcome in outcomes] == ["indexed", "rejected", "indexed"]
    assert outcomes[1].reason
    assert sorted(found(engine)) == ["a", "b"]


def test_where_the_newest_of_a_batch_is_rejected_the_next_one_is_indexed(engine: Engine) -> None:
    broken = page("p", version=2).model_copy(update={"title": "half a pair \ud800"})
    assert results(engine, page("p", version=1), broken) == ["indexed", "rejected"]
    assert found(engine) == ["p"]


def test_a_rejected_document_leaves_the_version_that_was_there(engine: Engine) -> None:
    put(engine, page("p", "old words", version=1))
    broken = page("p", version=2).model_copy(update={"title": "half a pair \ud800"})
    assert results(engine, broken) == ["rejected"]
    assert found(engine, "old") == ["p"]


def test_a_deleted_page_is_found_no_more(engine: Engine) -> None:
    put(engine, page("a"), page("b"))
    engine.writer.delete({"a": 2})
    assert found(engine) == ["b"]
    assert engine.index.get("a") is None
    assert engine.index.count() == 1


def test_pages_that_are_left_out_are_neither_found_nor_counted(engine: Engine) -> None:
    put(engine, *(page(name, f"Text of {name}", site=f"{name}.example") for name in "abc"))
    for match in ("all", "best"):
        answer = ask(engine, "text", match=match, facets=("site",), without=("a", "c", "nobody"))
        assert (ids(answer), answer.total.value) == (["b"], 1)
        assert [each.value for each in answer.facets["site"]] == ["b.example"]
    assert found(engine, without=("b",), sort="oldest") == ["a", "c"]


def test_whether_pages_are_there_is_told_of_now_whatever_a_snapshot_has(engine: Engine) -> None:
    assert engine.index.still_there(["a"]) == frozenset()
    put(engine, page("a"), page("b"), page("c"))
    engine.index.pin()
    engine.writer.delete({"a": 2})
    assert engine.index.still_there(["a", "b", "nobody"]) == {"b"}
    assert engine.index.still_there([]) == frozenset()


def test_a_delete_takes_out_every_enrichment_of_an_older_version(engine: Engine) -> None:
    put(engine, page("p", version=4, revision=63))
    engine.writer.delete({"p": 5})
    assert engine.index.count() == 0


@pytest.mark.parametrize("held", [5, 6])
def test_a_delete_leaves_what_is_as_new_as_itself(engine: Engine, held: int) -> None:
    put(engine, page("p", version=held))
    engine.writer.delete({"p": 5})
    assert found(engine) == ["p"]


def test_deleting_what_is_not_there_is_done(engine: Engine) -> None:
    engine.writer.delete({"nobody": 5})
    put(engine, page("p"))
    engine.writer.delete({"nobody": 5, "p": 2})
    engine.writer.delete({"p": 2})
    engine.writer.delete({})
    assert engine.index.count() == 0


def test_a_deleted_page_comes_back_when_it_is_indexed_again(engine: Engine) -> None:
    put(engine, page("p", version=1))
    engine.writer.delete({"p": 2})
    assert results(engine, page("p", version=3)) == ["indexed"]
    assert found(engine) == ["p"]


def test_everything_is_there_after_both_sides_were_closed_and_opened(engine: Engine) -> None:
    put(engine, page("a", "kept words", version=3), page("b"))
    engine.writer.delete({"b": 2})
    engine.reopen()
    assert found(engine, "kept") == ["a"]
    assert engine.index.count() == 1
    assert results(engine, page("a", version=2)) == ["superseded"]


def test_ids_use_every_letter_they_may(engine: Engine) -> None:
    names = ["A", "a", "-", "_", "-_-", "0", "x" * 64, "AND", "id1"]
    put(engine, *(page(name) for name in names))
    assert sorted(walk(engine, size=2)) == sorted(names)
    assert [engine.index.get(name) is not None for name in names] == [True] * len(names)
    engine.writer.delete({"A": 2})
    assert engine.index.get("a") is not None


def test_a_pinned_snapshot_stays_as_it_was_while_writing_goes_on(engine: Engine) -> None:
    put(engine, *(page(f"p{number}") for number in range(5)))
    name = engine.index.pin()
    engine.writer.delete({"p0": 2})
    put(engine, page("p1", "rewritten", version=2), page("new"))
    before = engine.index.search(EVERYTHING, snapshot=name)
    assert sorted(ids(before)) == ["p0", "p1", "p2", "p3", "p4"]
    assert {hit.document.text for hit in before.hits} == {"A page."}
    assert sorted(found(engine)) == ["new", "p1", "p2", "p3", "p4"]


def test_a_snapshot_that_was_never_pinned_is_gone(engine: Engine) -> None:
    put(engine, page("p"))
    with pytest.raises(SnapshotGone):
        engine.index.search(EVERYTHING, snapshot="nobody")


def test_a_snapshot_lives_while_it_is_used_and_goes_when_it_is_idle(engine: Engine) -> None:
    put(engine, page("p"))
    name = engine.index.pin()
    for _ in range(3):
        engine.let_time_pass(IDLE_SECONDS - 1)
        assert engine.index.search(EVERYTHING, snapshot=name).total.value == 1
    engine.let_time_pass(IDLE_SECONDS)
    with pytest.raises(SnapshotGone):
        engine.index.search(EVERYTHING, snapshot=name)


def test_of_too_many_snapshots_the_one_unused_for_longest_goes(engine: Engine) -> None:
    names = []
    for number in range(SNAPSHOTS_MAX):
        put(engine, page(f"p{number}"))
        names.append(engine.index.pin())
    engine.index.search(EVERYTHING, snapshot=names[0])
    put(engine, page("last"))
    names.append(engine.index.pin())
    with pytest.raises(SnapshotGone):
        engine.index.search(EVERYTHING, snapshot=names[1])
    totals = [engine.index.search(EVERYTHING, snapshot=name).total.value for name in (names[0], *names[2:])]
    assert totals == [1, 3, 4, 5]


def test_many_searches_of_an_unchanged_index_do_not_push_each_other_out(engine: Engine) -> None:
    put(engine, *(page(f"p{number}") for number in range(30)))
    first = ask(engine, size=1)
    for _ in range(3 * SNAPSHOTS_MAX):
        ask(engine, size=1)
    assert engine.index.search(EVERYTHING, snapshot=first.snapshot, after=first.after).hits


def test_a_page_with_a_next_one_names_the_snapshot_it_was_read_from(engine: Engine) -> None:
    put(engine, *(page(f"p{number}") for number in range(4)))
    first = ask(engine, size=3)
    assert first.snapshot is not None
    put(engine, *(page(f"q{number}") for number in range(4)))
    second = engine.index.search(EVERYTHING, snapshot=first.snapshot, after=first.after)
    assert sorted(ids(first) + ids(second)) == ["p0", "p1", "p2", "p3"]
    assert (second.after, second.snapshot) == (None, None)


@pytest.mark.parametrize("fold", [False, True])
@pytest.mark.parametrize("after", ["x", "-1", "1.5", "", "²", "9" * 30, "1" * 9])
def test_a_place_that_no_answer_named_gives_no_hits_and_breaks_nothing(
    engine: Engine,
    after: str,
    fold: bool,
) -> None:
    put(engine, page("p"))
    name = engine.index.pin()
    with suppress(SnapshotGone):
        query = EngineQuery(tree=AllOf(), fold_story=fold)
        assert engine.index.search(query, snapshot=name, after=after).hits == ()
    assert found(engine) == ["p"]


def test_near_copies_are_candidates_the_nearest_first(engine: Engine) -> None:
    put(
        engine,
        page("half", fingerprint=HALF_COPY, story="half"),
        page("near", fingerprint=NEAR_COPY, story="first"),
        page("stranger", fingerprint=STRANGER, story="stranger"),
        page("short", fingerprint=None),
    )
    assert engine.index.story_candidates(bands(FINGERPRINT)) == [
        ("near", "first", NEAR_COPY),
        ("half", "half", HALF_COPY),
    ]
    assert [one[0] for one in engine.index.story_candidates(bands(FINGERPRINT), 1)] == ["near"]


def test_candidates_are_pages_as_they_are_now(engine: Engine) -> None:
    put(engine, page("a", fingerprint=FINGERPRINT), page("b", fingerprint=FINGERPRINT, story="b"))
    engine.writer.delete({"b": 2})
    assert engine.index.story_candidates(bands(FINGERPRINT)) == [("a", "a", FINGERPRINT)]
    put(engine, page("a", fingerprint=STRANGER, version=2))
    assert engine.index.story_candidates(bands(FINGERPRINT)) == []
    assert engine.index.story_candidates([]) == []


def test_an_engine_that_is_well_keeps_no_page_out(engine: Engine) -> None:
    put(engine, page("a"))
    assert engine.index.healthy()[0]
    assert engine.index.strain() is None


def test_an_engine_tells_how_much_room_its_disks_have(engine: Engine) -> None:
    disk = engine.index.disk()
    assert disk is not None
    assert 0 < disk.free < disk.total


def test_two_writers_may_take_turns(engine: Engine) -> None:
    put(engine, page("a", "one", version=1))
    engine.writer.close()
    other = engine.another_writer()
    assert [outcome.result for outcome in other.index([page("a", "two", version=2)])] == ["indexed"]
    other.close()
    engine.reopen()
    assert results(engine, page("a", "one", version=1)) == ["superseded"]
    assert found(engine, "two") == ["a"]


def test_metadata_with_strange_names_comes_back_as_it_was(engine: Engine) -> None:
    strange = {"": 1, ".": 2, "a.b": "x", "a": None, " ": True, "_id": "y", "日本": 1.5, "big": 2**53}
    put(engine, page("a", metadata=strange))
    document = engine.index.get("a")
    assert document is not None
    assert document.metadata == strange
    assert found(engine, "y") == []


def test_a_delete_and_an_older_version_may_come_in_any_order(engine: Engine) -> None:
    engine.writer.delete({"p": 5})
    put(engine, page("p", version=6))
    engine.writer.delete({"p": 5})
    assert found(engine) == ["p"]
    assert results(engine, page("p", version=4)) == ["superseded"]
