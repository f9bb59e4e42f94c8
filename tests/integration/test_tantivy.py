"""What only the embedded engine does: its lock, its disk, its files, its threads."""

import multiprocessing
import resource
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import tantivy

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.query_language.parse import parse
from shared.search.port import EngineQuery
from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.contracts.search_engines import page

EVERYTHING = EngineQuery(tree=parse("").tree)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index"


@pytest.fixture
def writer(folder: Path) -> Iterator[TantivyWriter]:
    opened = TantivyWriter(folder, heap_bytes=16_000_000)
    yield opened
    opened.close()


@pytest.fixture
def index(folder: Path) -> Iterator[TantivyIndex]:
    opened = TantivyIndex(folder, cursor_idle_seconds=300, snapshots_max=8)
    yield opened
    opened.close()


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: writing fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def large(name: str) -> Document:
    return page(name, " ".join(f"{name}{number}" for number in range(20_000)))


def test_the_folder_is_made_for_its_owner_alone(writer: TantivyWriter, folder: Path) -> None:
    writer.index([page("p")])
    assert folder.stat().st_mode & 0o077 == 0


def test_reading_makes_nothing(index: TantivyIndex, folder: Path) -> None:
    assert index.search(EVERYTHING).total.value == 0
    assert index.healthy() == (True, "empty: nothing has been indexed yet")
    assert not folder.parent.exists()


def test_a_second_writer_is_told_that_another_process_writes(writer: TantivyWriter, folder: Path) -> None:
    writer.index([page("p")])
    second = TantivyWriter(folder)
    with pytest.raises(DependencyUnavailable, match="another process is writing") as caught:
        second.index([page("q")])
    assert caught.value.name == "index"
    writer.close()
    assert second.index([page("q")])[0].result == "indexed"
    second.close()


def _write(folder: Path, answers: "multiprocessing.Queue[str]") -> None:
    try:
        TantivyWriter(folder).index([page("q")])
    except DependencyUnavailable as error:
        answers.put(error.detail)
    else:
        answers.put("indexed")


def _in_another_process(folder: Path) -> str:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_write, args=(folder, answers))
    process.start()
    answer = answers.get(timeout=60)
    process.join(60)
    return answer


def test_the_lock_holds_between_processes_and_ends_with_the_writer(
    writer: TantivyWriter, index: TantivyIndex, folder: Path
) -> None:
    writer.index([page("p")])
    assert "another process is writing" in _in_another_process(folder)
    writer.close()
    assert _in_another_process(folder) == "indexed"
    assert index.count() == 2
    assert writer.index([page("r")])[0].result == "indexed"


@pytest.mark.parametrize("room", [100, 60_000])
def test_after_a_full_disk_the_next_call_succeeds_and_nothing_is_there_by_halves(
    writer: TantivyWriter, index: TantivyIndex, room: int
) -> None:
    writer.index([page("before")])
    with full_disk(room), pytest.raises(DependencyUnavailable) as caught:
        writer.index([large(f"p{number}") for number in range(4)])
    assert caught.value.name == "index"
    assert index.count() == 1
    outcomes = writer.index([page("p0", "small"), page("after")])
    assert [outcome.result for outcome in outcomes] == ["indexed", "indexed"]
    assert index.count() == 3


def test_a_disk_that_fills_while_documents_are_gathered_is_no_fault_of_theirs(
    writer: TantivyWriter, index: TantivyIndex
) -> None:
    writer.index([page("before")])
    batch = [large(f"p{number}") for number in range(60)]
    with full_disk(60_000), pytest.raises(DependencyUnavailable):
        writer.index(batch)
    assert index.count() == 1
    assert {outcome.result for outcome in writer.index(batch[:2])} == {"indexed"}


def test_a_delete_on_a_full_disk_can_be_repeated(writer: TantivyWriter, index: TantivyIndex) -> None:
    writer.index([page("a"), page("b")])
    with full_disk(10), pytest.raises(DependencyUnavailable):
        writer.delete({"a": 2})
    assert index.count() == 2
    writer.delete({"a": 2})
    assert index.count() == 1


def test_a_commit_that_was_killed_in_the_middle_can_be_repeated(
    writer: TantivyWriter, index: TantivyIndex, folder: Path
) -> None:
    writer.index([page("a"), page("b")])
    writer.close()
    before = (folder / "meta.json").read_bytes()
    writer.delete({"a": 2})
    writer.close()
    assert list(folder.glob("*.del")), "what was taken out stands in a file that is named by how many steps were taken"
    (folder / "meta.json").write_bytes(before)  # the last that a commit writes
    assert index.count() == 2
    writer.delete({"a": 2})
    assert index.count() == 1


@pytest.mark.parametrize("content", ["", "garbage", "{}"])
def test_a_broken_index_is_unavailable_and_says_why(
    writer: TantivyWriter, index: TantivyIndex, folder: Path, content: str
) -> None:
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(content)
    for call in (lambda: writer.index([page("p")]), index.count, lambda: index.search(EVERYTHING)):
        with pytest.raises(DependencyUnavailable) as caught:
            call()
        assert "meta" in caught.value.detail
    healthy, told = index.healthy()
    assert not healthy
    assert "pagemill index rebuild --from-raw" in told


def test_an_index_with_other_fields_is_unavailable_and_says_what_to_do(
    writer: TantivyWriter, index: TantivyIndex, folder: Path
) -> None:
    folder.mkdir(parents=True)
    other = tantivy.SchemaBuilder()
    other.add_text_field("x")
    tantivy.Index(other.build(), str(folder))
    for call in (lambda: writer.index([page("p")]), index.count):
        with pytest.raises(DependencyUnavailable, match="pagemill index rebuild"):
            call()


def test_a_file_in_the_place_of_the_folder_is_unavailable(writer: TantivyWriter, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("x")
    with pytest.raises(DependencyUnavailable):
        writer.index([page("p")])


def test_an_index_that_is_taken_away_reads_as_empty_and_comes_back(
    writer: TantivyWriter, index: TantivyIndex, folder: Path
) -> None:
    writer.index([page("p")])
    assert index.count() == 1
    writer.close()
    shutil.rmtree(folder)
    assert index.count() == 0
    assert index.get("p") is None
    writer.index([page("q"), page("r")])
    assert index.count() == 2


def test_a_snapshot_outlives_merges_and_the_files_it_was_read_from(writer: TantivyWriter, index: TantivyIndex) -> None:
    writer.index([page(f"p{number}", f"word {number}") for number in range(20)])
    name = index.pin()
    for number in range(20):
        writer.index([page(f"p{number}", "rewritten", version=2)])
    answer = index.search(EngineQuery(tree=parse("word").tree, size=20), snapshot=name)
    assert sorted(hit.document.text for hit in answer.hits) == sorted(f"word {number}" for number in range(20))
    assert index.search(EngineQuery(tree=parse("word").tree)).total.value == 0


def test_threads_search_while_another_writes(writer: TantivyWriter, index: TantivyIndex) -> None:
    writer.index([page(f"p{number}", "word") for number in range(50)])
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                first = index.search(EngineQuery(tree=parse("word").tree, size=30))
                rest = index.search(
                    EngineQuery(tree=parse("word").tree, size=100), snapshot=first.snapshot, after=first.after
                )
                ids = {hit.id for hit in (*first.hits, *rest.hits)}
                assert len(ids) == first.total.value == rest.total.value >= 50
        except BaseException as error:  # noqa: BLE001  (told below)
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        writer.index([page(f"new{number}", "word"), page(f"p{number}", "word", version=2)])
    done.set()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert index.count() == 60


def test_closing_twice_and_using_it_again_is_fine(writer: TantivyWriter, index: TantivyIndex) -> None:
    writer.index([page("p")])
    for _ in range(2):
        writer.close()
        index.close()
    assert index.count() == 1
    assert writer.index([page("q")])[0].result == "indexed"
    assert index.count() == 2


def test_another_text_under_the_version_that_is_there_is_superseded_and_the_same_one_is_there(
    writer: TantivyWriter, index: TantivyIndex
) -> None:
    writer.index([page("a", "One text.")])
    told = writer.index([page("a", "One text."), page("a", "Another text.")])
    assert [outcome.result for outcome in told] == ["indexed", "superseded"]
    found = index.get("a")
    assert found is not None
    assert found.text == "One text."
