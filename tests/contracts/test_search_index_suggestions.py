from typing import Any

import pytest

from shared.models.document import Document, Names
from tests.contracts.search_engines import Engine, page, put


def named(page_id: str, *people: str, **changes: Any) -> Document:
    return page(page_id, names=Names(people=people), **changes)


def told(engine: Engine, typed: str, size: int = 10) -> list[str]:
    return [suggestion.text for suggestion in engine.index.suggest(typed, size)]


def alike(engine: Engine, page_id: str, size: int = 10) -> list[str]:
    return [hit.id for hit in engine.index.similar(page_id, size) or ()]


def test_before_anything_was_indexed_nothing_is_suggested(engine: Engine) -> None:
    assert told(engine, "jan") == []
    assert engine.index.similar("1", 10) is None


@pytest.mark.parametrize("typed", ["ja", "jane", "Jane Au", "austen", "AUST", "jane  austen"])
def test_a_name_is_completed_from_any_of_its_words(engine: Engine, typed: str) -> None:
    put(engine, named("1", "Jane Austen"), named("2", "Emily Brontë"))
    assert told(engine, typed) == ["Jane Austen"]


def test_accents_and_case_do_not_matter_and_the_answer_is_as_written(engine: Engine) -> None:
    put(engine, named("1", "Emily Brontë"))
    assert told(engine, "bronte") == told(engine, "BRONTË") == ["Emily Brontë"]


def test_titles_names_and_keywords_are_completed_and_told_apart(engine: Engine) -> None:
    names = Names(people=("Marie Tidal",), places=("Tide Bay",), organisations=("Tidy Ltd",))
    put(engine, page("1", title="Tides of the sea", names=names, keywords=("tidal power",)))
    found = {(one.kind, one.text) for one in engine.index.suggest("tid", 10)}
    assert found == {
        ("person", "Marie Tidal"),
        ("place", "Tide Bay"),
        ("organisation", "Tidy Ltd"),
        ("keyword", "tidal power"),
        ("title", "Tides of the sea"),
    }


def test_what_more_documents_have_comes_first_with_their_number(engine: Engine) -> None:
    put(engine, named("1", "Ann Rare"), named("2", "Ann Often"), named("3", "Ann Often"))
    assert [(one.text, one.count) for one in engine.index.suggest("ann", 10)] == [("Ann Often", 2), ("Ann Rare", 1)]


def test_titles_have_room_beside_many_names(engine: Engine) -> None:
    put(engine, *(named(f"n{place}", f"Seaman {place}") for place in range(20)))
    put(engine, page("t", title="Seaside towns"))
    found = told(engine, "sea", size=6)
    assert len(found) == 6
    assert "Seaside towns" in found


def test_one_letter_is_too_little_but_one_chinese_character_is_not(engine: Engine) -> None:
    put(engine, named("1", "Jane Austen", "北京大学"))
    assert told(engine, "j") == told(engine, "") == told(engine, " - ") == []
    assert told(engine, "北") == told(engine, "北京大") == told(engine, "大学") == ["北京大学"]


def test_a_deleted_page_suggests_nothing_any_more(engine: Engine) -> None:
    put(engine, named("1", "Jane Austen"), named("2", "Jane Eyre"))
    engine.writer.delete({"1": 2})
    assert told(engine, "jane") == ["Jane Eyre"]


def test_a_newer_version_takes_back_what_the_older_one_suggested(engine: Engine) -> None:
    put(engine, named("1", "Jane Austen"))
    put(engine, named("1", "Jane Eyre", version=2))
    assert told(engine, "jane") == ["Jane Eyre"]


@pytest.mark.parametrize(
    "typed", [".*", "ja.*", "ja[", "(((", "\\", "a" * 5000, "ja\x1fn", "\x00\x00\x00", "ta{1", '"ja"#']
)
def test_anything_may_be_typed(engine: Engine, typed: str) -> None:
    put(engine, named("1", "Jane Austen", "C++ {user} [group]"))
    assert isinstance(told(engine, typed), list)


@pytest.mark.parametrize("typed", ["c++", "c++ {us", "[grou", "user"])
def test_signs_in_names_are_completed(engine: Engine, typed: str) -> None:
    put(engine, named("1", "C++ {user} [group]"))
    assert told(engine, typed) == ["C++ {user} [group]"]


TURBINES = "Steam turbines turn heat into motion. Blades of a turbine are driven by steam from a boiler."


def filler(count: int) -> list[Document]:
    return [
        page(f"f{place}", f"Bread number {place} is baked in an oven with flour and salt.") for place in range(count)
    ]


def test_documents_that_speak_of_the_same_are_similar_the_nearest_first(engine: Engine) -> None:
    put(
        engine,
        page("1", TURBINES),
        page("near", "The blades of steam turbines, driven by a boiler, turn."),
        page("far", "A boiler of steam."),
        page("other", "Cats sleep all day."),
        *filler(12),
    )
    assert alike(engine, "1")[:2] == ["near", "far"]
    assert "other" not in alike(engine, "1")


def test_a_short_page_of_the_same_matter_is_nearer_than_a_long_one_that_has_some_of_any_words(engine: Engine) -> None:
    matter = " ".join(f"matter{n}" for n in range(40))
    rare = [f"rare{n}" for n in range(31)]
    put(
        engine,
        page("1", f"{matter} {' '.join(rare)}"),
        page("sibling", matter),
        page("long", " ".join(f"thing{n}" for n in range(2000)) + " " + " ".join(rare[:8])),
        *(page(f"r{n}", f"{rare[n]} {rare[n + 1]} bread and salt") for n in range(0, 30, 2)),
        *(page(f"m{n}", f"{matter} {' '.join(f'other{n}x{m}' for m in range(600))}") for n in range(2)),
        *filler(12),
    )
    assert alike(engine, "1")[:1] == ["sibling"]


def test_neither_the_page_itself_nor_its_near_copies_are_similar_to_it(engine: Engine) -> None:
    put(engine, page("1", TURBINES, story="s"), page("copy", TURBINES, story="s"), page("own", TURBINES), *filler(12))
    assert alike(engine, "1") == ["own"]


def test_similar_documents_are_found_by_the_stems_of_their_language(engine: Engine) -> None:
    put(engine, page("1", "Die Häuser der Städte wachsen.", language="de"))
    put(engine, page("2", "Ein Haus einer Stadt wächst: Häuser, Städte.", language="de"), *filler(12))
    assert alike(engine, "1") == ["2"]


def test_a_language_without_stems_has_similar_documents_too(engine: Engine) -> None:
    put(engine, page("1", "涡轮机把热能变成运动", language="zh"), page("2", "涡轮机的热能", language="zh"), *filler(12))
    assert alike(engine, "1") == ["2"]


def test_as_many_similar_documents_are_given_as_asked_for(engine: Engine) -> None:
    put(engine, page("1", TURBINES), page("2", TURBINES), page("3", TURBINES), *filler(12))
    assert len(alike(engine, "1", 1)) == 1


@pytest.mark.parametrize("text", ["", "a", "the of and", "\x00", "x" * 200_000, "word " * 50_000])
def test_any_document_may_be_asked_what_is_like_it(engine: Engine, text: str) -> None:
    put(engine, page("1", text), *filler(2))
    assert isinstance(engine.index.similar("1", 10), tuple)


def test_what_only_pages_that_are_left_out_have_is_not_suggested(engine: Engine) -> None:
    put(engine, named("1", "Jane Austen", "Jane Eyre"), named("2", "Jane Austen"))
    without = engine.index.suggest("jane", 10, {"1"})
    assert [(each.text, each.count) for each in without] == [("Jane Austen", 1)]
