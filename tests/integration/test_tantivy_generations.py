"""What only the embedded engine does with generations: its folders, its pointer, indexes of earlier versions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tantivy

from shared.clients import index_home
from shared.errors import DependencyUnavailable
from shared.search.every_generation import EveryGeneration
from shared.search.fields import FIELDS
from shared.search.tantivy import TantivyGenerations, TantivyIndex, TantivyWriter
from shared.search.tantivy.documents import to_engine
from shared.settings import Settings
from tests.contracts.search_engines import page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index"


@pytest.fixture
def generations(folder: Path) -> Iterator[TantivyGenerations]:
    opened = TantivyGenerations(folder, heap_bytes=16_000_000)
    yield opened
    opened.close()


@pytest.fixture
def index(folder: Path) -> Iterator[TantivyIndex]:
    opened = TantivyIndex(folder, cursor_idle_seconds=300, snapshots_max=8)
    yield opened
    opened.close()


def plain_index(folder: Path) -> None:
    """An index as it lay there before there were generations."""
    writer = TantivyWriter(folder, heap_bytes=16_000_000)
    writer.index([page("a", "Plain.")])
    writer.close()


def other_index(folder: Path) -> None:
    """An index of a version of Pagemill that knew other fields, with one document."""
    folder.mkdir(parents=True)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("external_version", fast=True)
    builder.add_bytes_field("document", stored=True)
    index = tantivy.Index(builder.build(), str(folder))
    writer = index.writer(16_000_000, 1)
    whole, document = to_engine(page("a", "Plain.")), tantivy.Document()
    for name in ("id", "external_version", "document"):
        found = whole.get_first(name)
        adding = {"id": document.add_text, "external_version": document.add_integer, "document": document.add_bytes}
        adding[name](name, found)  # type: ignore[operator]
    writer.add_document(document)
    writer.commit()


def test_an_index_of_before_there_were_generations_is_the_first_one(
    folder: Path, generations: TantivyGenerations, index: TantivyIndex
) -> None:
    plain_index(folder)
    assert index.count() == 1
    (only,) = generations.status()
    assert (only.name, only.role, only.documents, only.format) == ("plain", "live", 1, None)
    EveryGeneration(generations).index([page("b")])
    assert index.count() == 2
    assert not (folder / "generations.json").exists(), "nothing is moved before a rebuild"


def test_the_files_of_the_first_one_go_when_it_is_retired_and_no_others(
    folder: Path, generations: TantivyGenerations, index: TantivyIndex
) -> None:
    plain_index(folder)
    name = generations.begin()
    generations.writer(name).index([page("b")])
    generations.go_live(name)
    assert (folder / "meta.json").exists()
    generations.retire("plain")
    assert {path.name for path in folder.iterdir()} == {"generations", "generations.json"}
    assert index.count() == 1


def test_what_a_killed_process_left_half_made_is_taken_away(folder: Path, generations: TantivyGenerations) -> None:
    plain_index(folder)
    generations.begin()
    (folder / "generations" / "000077").mkdir()
    (folder / "generations" / "000077" / "half").write_text("x")
    name = generations.begin()
    assert [path.name for path in (folder / "generations").iterdir()] == [name]


def test_one_whose_files_are_gone_says_so_and_does_not_go_live(
    folder: Path, generations: TantivyGenerations, index: TantivyIndex
) -> None:
    plain_index(folder)
    name = generations.begin()
    for path in (folder / "generations" / name).iterdir():
        path.unlink()
    assert generations.status()[1].trouble == "nothing is there"
    with pytest.raises(ValueError, match="are gone"):
        generations.go_live(name)
    assert index.count() == 1


@pytest.mark.parametrize("content", ["", "{", '{"live": 1}'])
def test_a_broken_pointer_is_unavailable_and_says_what_to_do(
    folder: Path, generations: TantivyGenerations, index: TantivyIndex, content: str
) -> None:
    plain_index(folder)
    generations.begin()
    (folder / "generations.json").write_text(content)
    for call in (generations.status, index.count, lambda: EveryGeneration(generations).index([page("b")])):
        with pytest.raises(DependencyUnavailable, match="from-raw"):
            call()
    assert index.healthy()[0] is False


def test_a_lost_pointer_is_not_taken_for_an_empty_index(
    folder: Path, generations: TantivyGenerations, index: TantivyIndex
) -> None:
    name = generations.begin()
    generations.writer(name).index([page("a")])
    generations.go_live(name)
    (folder / "generations.json").unlink()
    for call in (generations.written, index.count):
        with pytest.raises(DependencyUnavailable, match=r"generations\.json is gone"):
            call()


def test_an_index_with_other_fields_can_be_copied_and_is_set_aside(
    folder: Path, generations: TantivyGenerations, index: TantivyIndex
) -> None:
    other_index(folder)
    assert len(FIELDS) > 3
    (only,) = generations.status()
    assert only.documents == 1
    assert "other fields" in (only.trouble or "")
    with pytest.raises(DependencyUnavailable, match="pagemill index rebuild"):
        index.count()
    name = generations.begin()
    generations.writer(name).index(generations.reader("plain").documents(None, 10))
    generations.go_live(name)
    assert index.count() == 1
    assert [(each.name, each.role) for each in generations.status()] == [(name, "live"), ("plain", "aside")]
    EveryGeneration(generations).index([page("b")])
    with pytest.raises(ValueError, match="could go live"):
        generations.go_live("plain")
    generations.retire("plain")
    assert [each.role for each in generations.status()] == ["live"]
    assert not (folder / "meta.json").exists()


def test_what_marks_the_index_outlives_its_first_generation(tmp_path: Path, generations: TantivyGenerations) -> None:
    settings = Settings(data=tmp_path / "data")
    mark = index_home(settings, make=True)
    generations.writer(generations.written()[0]).index([page("a", "Plain.")])
    name = generations.begin()
    generations.writer(name).index([page("a", "Plain.")])
    generations.filled(name)
    before = generations.written()[0]
    generations.go_live(name)
    generations.retire(before)
    assert index_home(settings) == mark
