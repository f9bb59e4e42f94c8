"""Given a snapshot that is kept for one long reading, then it is there until it is let go, whatever cursors do."""

import pytest

from shared.query_language.parse import parse
from shared.search.port import EngineQuery, SnapshotGone
from tests.contracts.search_engines import IDLE_SECONDS, SNAPSHOTS_MAX, Engine, ask, ids, page, put

KEPT_SECONDS = 2 * IDLE_SECONDS
ALL = EngineQuery(tree=parse("").tree, size=2, sort="oldest", snippets=False)


def fill(engine: Engine) -> None:
    put(engine, *(page(f"p{number}", published=f"2024-01-0{number}") for number in range(1, 6)))


def rest(engine: Engine, snapshot: str, after: str | None = None) -> list[str]:
    """What is read from a place on."""
    answer = engine.index.search(ALL, snapshot=snapshot, after=after)
    found = ids(answer)
    while answer.after:
        assert answer.snapshot == snapshot, "it keeps its name"
        answer = engine.index.search(ALL, snapshot=snapshot, after=answer.after)
        found += ids(answer)
    return found


def test_it_is_read_as_it_was_whatever_comes_and_goes(engine: Engine) -> None:
    fill(engine)
    kept = engine.index.keep(KEPT_SECONDS)
    put(engine, page("p6"), page("p1", "Another text.", version=2))
    engine.writer.delete({"p2": 10**6})
    assert rest(engine, kept.snapshot) == ["p1", "p2", "p3", "p4", "p5"]
    first = engine.index.search(ALL, snapshot=kept.snapshot)
    assert (first.total.value, first.hits[0].document.version) == (5, 1)


def test_no_number_of_cursors_pushes_it_out(engine: Engine) -> None:
    fill(engine)
    kept = engine.index.keep(KEPT_SECONDS)
    begun = engine.index.search(ALL, snapshot=kept.snapshot)
    for number in range(SNAPSHOTS_MAX + 2):
        put(engine, page("q", version=number + 1))
        engine.index.pin()
    assert rest(engine, kept.snapshot, begun.after) == ["p3", "p4", "p5"]


def test_it_takes_no_cursor_s_place(engine: Engine) -> None:
    fill(engine)
    cursor = engine.index.pin()
    for _ in range(SNAPSHOTS_MAX + 2):
        rest(engine, engine.index.keep(KEPT_SECONDS).snapshot)
    assert rest(engine, cursor) == ["p1", "p2", "p3", "p4", "p5"]


def test_it_has_an_idle_time_of_its_own(engine: Engine) -> None:
    fill(engine)
    kept = engine.index.keep(KEPT_SECONDS)
    for _ in range(3):
        engine.let_time_pass(KEPT_SECONDS - 1)
        assert rest(engine, kept.snapshot) == ["p1", "p2", "p3", "p4", "p5"]
    engine.let_time_pass(KEPT_SECONDS + 1)
    engine.index.pin()
    with pytest.raises(SnapshotGone):
        engine.index.search(ALL, snapshot=kept.snapshot)


def test_it_is_let_go_when_that_is_asked(engine: Engine) -> None:
    fill(engine)
    kept, other = engine.index.keep(KEPT_SECONDS), engine.index.keep(KEPT_SECONDS)
    engine.index.release(kept.snapshot)
    engine.index.release(kept.snapshot)
    engine.index.release("none")
    with pytest.raises(SnapshotGone):
        engine.index.search(ALL, snapshot=kept.snapshot)
    assert rest(engine, other.snapshot) == ["p1", "p2", "p3", "p4", "p5"]


def test_cursors_go_on_when_the_same_state_is_let_go(engine: Engine) -> None:
    fill(engine)
    answer = ask(engine, size=2, sort="oldest")
    kept = engine.index.keep(KEPT_SECONDS)
    assert kept.snapshot != answer.snapshot
    engine.index.release(kept.snapshot)
    assert rest(engine, answer.snapshot or "", answer.after) == ["p3", "p4", "p5"]


def test_it_says_which_index_it_is_of(engine: Engine) -> None:
    fill(engine)
    first = engine.index.keep(KEPT_SECONDS).index
    put(engine, page("p7"))
    assert first
    assert engine.index.keep(KEPT_SECONDS).index == first


def test_pages_of_it_may_be_of_any_size(engine: Engine) -> None:
    fill(engine)
    snapshot = engine.index.keep(KEPT_SECONDS).snapshot
    first = engine.index.search(ALL.model_copy(update={"size": 1}), snapshot=snapshot)
    second = engine.index.search(ALL.model_copy(update={"size": 3}), snapshot=snapshot, after=first.after)
    third = engine.index.search(ALL.model_copy(update={"size": 1000}), snapshot=snapshot, after=second.after)
    assert (ids(first), ids(second), ids(third)) == (["p1"], ["p2", "p3", "p4"], ["p5"])
    assert third.after is None
