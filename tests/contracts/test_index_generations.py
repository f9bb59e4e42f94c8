"""What every engine does with generations: one is searched, one may be built beside it, one is kept for going back.

An engine joins by its name in `search_engines.ENGINES`, and in `generation_engines.open_generations`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.models.document import Document
from shared.query_language.parse import parse
from shared.query_language.tree import AllOf
from shared.search.every_generation import EveryGeneration
from shared.search.format import FORMAT
from shared.search.generations import GenerationReader
from shared.search.port import EngineQuery, SearchIndex, SnapshotGone
from tests.contracts.generation_engines import DistributedGenerations, Generational, open_generations
from tests.contracts.search_engines import ENGINES, page


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Generational]:
    """An empty engine."""
    opened = open_generations(request, tmp_path)
    yield opened
    opened.close()


def put(engine: Generational, *documents: Document) -> list[str]:
    return [outcome.result for outcome in EveryGeneration(engine.generations).index(documents)]


def delete(engine: Generational, **versions: int) -> None:
    EveryGeneration(engine.generations).delete(versions)


def fill(engine: Generational, name: str, *documents: Document) -> None:
    """Puts documents into one generation alone, as a rebuild does."""
    engine.generations.writer(name).index(documents)


def replace(engine: Generational, *documents: Document) -> None:
    """Makes a generation with these documents live."""
    name = engine.generations.begin()
    fill(engine, name, *documents)
    engine.generations.filled(name)
    engine.generations.go_live(name)


def texts(index: SearchIndex, q: str = "") -> set[str]:
    answer = index.search(EngineQuery(tree=parse(q).tree, size=100))
    return {hit.document.text for hit in answer.hits}


def roles(engine: Generational) -> dict[str, int | None]:
    return {each.role: each.documents for each in engine.generations.status()}


def live(engine: Generational) -> str:
    return engine.generations.status()[0].name


def scanned(reader: GenerationReader, most: int) -> list[str]:
    found: list[str] = []
    while batch := reader.documents(found[-1] if found else None, most):
        assert len(batch) <= most
        found += [document.id for document in batch]
    return found


def test_an_empty_engine_has_one_generation_which_is_live_and_empty(engine: Generational) -> None:
    (only,) = engine.generations.status()
    assert (only.role, only.documents, only.trouble) == ("live", 0, None)
    assert engine.generations.written() == (only.name,)


def test_a_generation_that_is_built_is_empty_and_unseen_and_says_what_it_was_made_with(engine: Generational) -> None:
    put(engine, page("a"))
    name = engine.generations.begin()
    assert roles(engine) == {"live": 1, "building": 0}
    made = engine.generations.status()[1]
    assert (made.name, made.format) == (name, FORMAT)
    assert made.made_at is not None
    fill(engine, name, page("b", "Only there."))
    assert texts(engine.index) == {"A page."}
    assert roles(engine) == {"live": 1, "building": 1}


def test_writes_and_deletes_go_to_the_live_and_to_the_one_that_is_built(engine: Generational) -> None:
    put(engine, page("a"), page("b"))
    name = engine.generations.begin()
    fill(engine, name, page("a"), page("b"))
    assert put(engine, page("c", "New."), page("b", "Changed.", version=2)) == ["indexed", "indexed"]
    delete(engine, a=5)
    assert engine.generations.reader(name).held(["a", "b", "c"]) == {"b": 128, "c": 64}
    assert texts(engine.index) == {"Changed.", "New."}


def test_what_is_filled_in_late_changes_nothing_that_was_written_since(engine: Generational) -> None:
    put(engine, page("a", "Old."))
    name = engine.generations.begin()
    put(engine, page("a", "Changed.", version=2))
    fill(engine, name, page("a", "Old."))
    engine.generations.filled(name)
    engine.generations.go_live(name)
    assert texts(engine.index) == {"Changed."}


def test_all_readers_follow_when_it_goes_live_and_the_earlier_one_is_kept(engine: Generational) -> None:
    put(engine, page("a", "Before."))
    other = engine.another_reader()
    assert texts(other) == {"Before."}
    name = engine.generations.begin()
    fill(engine, name, page("a", "After."))
    engine.generations.filled(name)
    engine.generations.go_live(name)
    assert texts(engine.index) == texts(other) == {"After."}
    assert other.count() == 1
    assert live(engine) == name
    assert roles(engine) == {"live": 1, "kept": 1}
    assert engine.generations.status()[1].replaced_at is not None
    other.close()


def test_going_live_twice_is_going_live_once(engine: Generational) -> None:
    put(engine, page("a"))
    name = engine.generations.begin()
    fill(engine, name, page("a"))
    engine.generations.go_live(name)
    engine.generations.go_live(name)
    assert roles(engine) == {"live": 1, "kept": 1}


def test_going_back_loses_nothing_that_was_written_since(engine: Generational) -> None:
    put(engine, page("a", "Before."), page("b", "Goes."))
    first, second = live(engine), engine.generations.begin()
    fill(engine, second, page("a", "After."), page("b", "Goes."))
    engine.generations.go_live(second)
    put(engine, page("c", "Since then."))
    delete(engine, b=5)
    engine.generations.go_live(first)
    assert texts(engine.index) == {"Before.", "Since then."}
    assert roles(engine) == {"live": 2, "kept": 2}
    put(engine, page("d", "And now."))
    engine.generations.go_live(second)
    assert texts(engine.index) == {"After.", "Since then.", "And now."}


def test_an_open_cursor_goes_on_in_the_generation_that_it_began_in(engine: Generational) -> None:
    put(engine, *(page(f"p{number}", f"Old {number}.") for number in range(20)))
    query = EngineQuery(tree=AllOf(), size=5, sort="indexed")
    first = engine.index.search(query)
    assert first.after
    replace(engine, page("p1", "New."))
    found, answer = [hit.id for hit in first.hits], first
    while answer.after:
        answer = engine.index.search(query, snapshot=first.snapshot, after=answer.after)
        assert all(hit.document.text.startswith("Old") for hit in answer.hits)
        found += [hit.id for hit in answer.hits]
    assert sorted(found) == sorted(f"p{number}" for number in range(20))
    assert texts(engine.index) == {"New."}


def test_a_cursor_in_a_generation_that_is_retired_goes_on_or_is_told_that_it_is_gone(engine: Generational) -> None:
    """On Tantivy a reader keeps files that were deleted; on Elasticsearch a point in time goes with its index."""
    put(engine, *(page(f"p{number}", "Old.") for number in range(9)))
    query = EngineQuery(tree=AllOf(), size=5, sort="indexed")
    first = engine.index.search(query)
    for _ in range(2):  # the second one takes the first away
        replace(engine, page("p1", "New."))
    if isinstance(engine, DistributedGenerations):
        with pytest.raises(SnapshotGone):
            engine.index.search(query, snapshot=first.snapshot, after=first.after)
    else:
        rest = engine.index.search(query, snapshot=first.snapshot, after=first.after)
        assert [hit.document.text for hit in rest.hits] == ["Old."] * 4
    assert texts(engine.index) == {"New."}


def test_at_most_one_is_built_and_one_is_kept(engine: Generational) -> None:
    put(engine, page("a"))
    first, second = engine.generations.begin(), engine.generations.begin()
    assert first != second
    assert [each.name for each in engine.generations.status()] == [live(engine), second]
    engine.generations.go_live(second)
    third = engine.generations.begin()
    fill(engine, third, page("a", "Third."))
    assert set(roles(engine)) == {"live", "building", "kept"}
    assert engine.generations.written()[0] == second
    engine.generations.go_live(third)
    assert [(each.name, each.role) for each in engine.generations.status()] == [(third, "live"), (second, "kept")]
    assert texts(engine.index) == {"Third."}


@pytest.mark.parametrize("role", ["building", "kept"])
def test_one_that_is_retired_is_gone_and_written_to_no_more(engine: Generational, role: str) -> None:
    put(engine, page("a"))
    name = engine.generations.begin()
    fill(engine, name, page("a"))
    if role == "kept":
        engine.generations.go_live(name)
    retired = engine.generations.status()[1].name
    for _ in range(2):
        engine.generations.retire(retired)
    assert roles(engine) == {"live": 1}
    assert put(engine, page("b")) == ["indexed"]
    assert engine.index.count() == 2


def test_the_live_one_is_never_retired(engine: Generational) -> None:
    put(engine, page("a"))
    with pytest.raises(ValueError, match="is live"):
        engine.generations.retire(live(engine))
    assert engine.index.count() == 1


def test_one_that_is_not_there_cannot_go_live(engine: Generational) -> None:
    put(engine, page("a"))
    with pytest.raises(ValueError, match="nowhere"):
        engine.generations.go_live("nowhere")
    assert engine.index.count() == 1


def test_what_was_begun_and_what_is_kept_outlives_the_process(engine: Generational) -> None:
    put(engine, page("a"))
    kept = live(engine)
    engine.generations.go_live(engine.generations.begin())
    building = engine.generations.begin()
    fill(engine, building, page("b"))
    before = engine.generations.status()
    engine.reopen()
    assert engine.generations.status() == before
    assert [each.name for each in before if each.role != "live"] == [building, kept]
    assert engine.index.count() == 0


@pytest.mark.parametrize("most", [1, 7, 1000])
def test_every_document_is_read_once_and_in_the_order_of_ids(engine: Generational, most: int) -> None:
    ids = [f"{letter}{number}" for letter in "-0AZ_az" for number in range(0, 40, 3)]
    put(engine, *(page(name) for name in ids))
    put(engine, *(page(name, version=2) for name in ids[::3]))
    delete(engine, **{name: 9 for name in ids[1::3] if name.isidentifier()})
    gone = {name for name in ids[1::3] if name.isidentifier()}
    assert gone
    reader = engine.generations.reader(live(engine))
    assert scanned(reader, most) == sorted(set(ids) - gone)


def test_versions_are_read_in_the_same_order(engine: Generational) -> None:
    put(engine, page("b", version=3, revision=2), page("a"), page("c"))
    delete(engine, c=2)
    reader = engine.generations.reader(live(engine))
    assert list(reader.versions(None, 10)) == [("a", 64), ("b", 3 * 64 + 2)]
    assert list(reader.versions("a", 1)) == [("b", 3 * 64 + 2)]
    assert list(reader.versions("b", 1)) == []
    assert reader.held(["a", "c", "z"]) == {"a": 64}


def test_a_scan_that_goes_on_behind_an_id_needs_not_find_that_id(engine: Generational) -> None:
    put(engine, *(page(name) for name in ("aa", "ab", "b", "ba", "bab", "c")))
    reader = engine.generations.reader(live(engine))
    assert [each.id for each in reader.documents("aaz", 10)] == ["ab", "b", "ba", "bab", "c"]
    assert [each.id for each in reader.documents("b", 2)] == ["ba", "bab"]
    assert list(reader.documents("c", 10)) == []


def test_a_scan_sees_what_was_written_meanwhile_behind_its_place(engine: Generational) -> None:
    put(engine, page("a"), page("c"))
    reader = engine.generations.reader(live(engine))
    assert [each.id for each in reader.documents(None, 1)] == ["a"]
    put(engine, page("b"), page("c", "Changed.", version=2))
    assert [each.text for each in reader.documents("a", 5)] == ["A page.", "Changed."]


def test_documents_come_back_whole(engine: Generational) -> None:
    document = page("a", "A text.", title="Titled", tags=("x",), metadata={"k": 1}, story="s", revision=3)
    put(engine, document)
    assert engine.generations.reader(live(engine)).documents(None, 5) == [document]


def test_a_generation_is_searched_by_its_name_whether_it_is_live_or_not(engine: Generational) -> None:
    put(engine, page("a", "Harbour."))
    first, second = live(engine), engine.generations.begin()
    fill(engine, second, page("a", "Lighthouse."))
    engine.generations.filled(second)
    assert texts(engine.generations.reader(second), "lighthouse") == {"Lighthouse."}
    engine.generations.go_live(second)
    assert texts(engine.generations.reader(first), "harbour") == {"Harbour."}
    assert texts(engine.index, "harbour") == set()
