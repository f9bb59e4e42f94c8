"""Given a snapshot on the disk, then any process goes on with it, whatever the writer deletes, until it is let go."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.query_language.parse import parse
from shared.search.port import EngineAnswer, EngineQuery, SnapshotGone
from shared.search.tantivy import TantivyIndex, TantivyWriter
from shared.search.tantivy.linking import StateGone, link_files
from tests.contracts.search_engines import page

WORD = EngineQuery(tree=parse('"one word"').tree, size=8, sort="indexed")
MOST = 3

Opened = Callable[..., TantivyIndex]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def writer(folder: Path) -> Iterator[TantivyWriter]:
    """Thirty pages in a few segments, some of them with deletes."""
    opened = TantivyWriter(folder, heap_bytes=16_000_000)
    for begin in range(0, 30, 6):
        opened.index([page(f"p{number:02}", f"one word {number}") for number in range(begin, begin + 6)])
    opened.index([page("p03", "one word anew", version=2)])
    yield opened
    opened.close()


@pytest.fixture
def opened(folder: Path) -> Iterator[Opened]:
    """Opens the index as one more process would."""
    with ExitStack() as all_of_them:

        def one_more(clock: Callable[[], float] = time.time) -> TantivyIndex:
            index = TantivyIndex(folder, cursor_idle_seconds=300, snapshots_max=MOST, clock=clock)
            all_of_them.callback(index.close)
            return index

        yield one_more


def rewritten(writer: TantivyWriter) -> None:
    """Every file of the index is another one afterwards."""
    writer.delete({f"p{number:02}": 9 for number in range(30)})
    writer.index([page("new", "other words")])


def rest(index: TantivyIndex, answer: EngineAnswer) -> list[str]:
    """The ids on all later pages."""
    snapshot, found = answer.snapshot, []
    while answer.after:
        answer = index.search(WORD, snapshot=snapshot, after=answer.after)
        found += [hit.id for hit in answer.hits]
    return found


def names(folder: Path) -> set[str]:
    return {each.name for each in (folder / "snapshots").iterdir()}


def test_a_cursor_outlives_its_process_and_the_files_it_was_read_from(
    writer: TantivyWriter, opened: Opened, folder: Path
) -> None:
    first = opened()
    whole = [hit.id for hit in first.search(WORD.model_copy(update={"size": 100})).hits]
    answer = first.search(WORD)
    first.close()
    before = set(folder.glob("*.store"))
    rewritten(writer)
    assert before.isdisjoint(folder.glob("*.store"))
    assert [hit.id for hit in answer.hits] + rest(opened(), answer) == whole
    assert len(whole) == 30


def test_both_of_two_processes_go_on_with_the_same_cursor(writer: TantivyWriter, opened: Opened) -> None:
    one, other = opened(), opened()
    answer = one.search(WORD)
    rewritten(writer)
    assert rest(one, answer) == rest(other, answer)
    assert other.search(WORD).total.value == 0


def test_a_snapshot_takes_links_and_no_copies(writer: TantivyWriter, opened: Opened, folder: Path) -> None:
    name = opened().search(WORD).snapshot or ""
    there = {each.stat().st_ino for each in folder.iterdir() if each.is_file() and each.name != "meta.json"}
    linked = [each for each in (folder / "snapshots" / name).iterdir() if each.suffix in {".store", ".pos", ".del"}]
    assert len(linked) > 2
    assert {each.stat().st_ino for each in linked} <= there
    assert (folder / "snapshots").stat().st_mode & 0o077 == 0
    writer.close()


def test_what_snapshots_cost_the_disk_is_what_the_index_has_no_more(
    writer: TantivyWriter, opened: Opened, folder: Path
) -> None:
    index = opened()
    assert (index.snapshots_held().snapshots, index.snapshots_held().own_bytes) == (0, 0)
    names_of = [index.search(WORD).snapshot or "", index.keep(600).snapshot]
    before = index.snapshots_held()
    assert before.snapshots == 2
    rewritten(writer)
    stores = {each.stat().st_ino: each.stat().st_size for each in (folder / "snapshots").glob("*/*.store")}
    after = index.snapshots_held()
    assert after.own_bytes >= before.own_bytes + sum(stores.values()) > before.own_bytes
    index.release(names_of[1])
    assert opened().snapshots_held().snapshots == 1
    assert before.own_bytes < opened().snapshots_held().own_bytes < after.own_bytes, (
        "files that both had are counted once"
    )


def test_nothing_is_put_on_the_disk_where_no_page_follows(writer: TantivyWriter, opened: Opened, folder: Path) -> None:
    index = opened()
    assert index.search(WORD.model_copy(update={"size": 100})).snapshot is None
    assert index.search(WORD.model_copy(update={"size": 0})).snapshot is None
    assert not (folder / "snapshots").exists()
    writer.close()


def test_a_state_is_on_the_disk_once_however_often_it_is_asked_for(
    writer: TantivyWriter, opened: Opened, folder: Path
) -> None:
    index = opened()
    assert {index.search(WORD).snapshot for _ in range(20)} == names(folder)
    writer.close()


def test_the_limit_is_for_all_processes_together(writer: TantivyWriter, opened: Opened, folder: Path) -> None:
    processes, answers = (opened(), opened()), []
    for number in range(MOST + 2):
        writer.index([page(f"more{number}", "one word")])
        answers.append(processes[number % 2].search(WORD))
    assert names(folder) == {answer.snapshot for answer in answers[2:]}
    for answer in answers[:2]:
        for process in processes:
            with pytest.raises(SnapshotGone):
                rest(process, answer)
    assert len(rest(processes[0], answers[3])) == 26


def test_what_one_process_uses_is_idle_for_none(writer: TantivyWriter, opened: Opened, folder: Path) -> None:
    now = [1000.0]
    one, other = opened(lambda: now[0]), opened(lambda: now[0])
    answer = one.search(WORD)
    rewritten(writer)
    for _ in range(3):
        now[0] += 200
        assert len(rest(other, answer)) == 22
    assert len(rest(one, answer)) == 22
    now[0] += 300
    assert other.count() == 1
    assert names(folder) == set(), "swept by whoever is asked anything"
    with pytest.raises(SnapshotGone):
        rest(one, answer)


def test_what_a_killed_process_left_unfinished_is_taken_away_and_disturbs_nobody(
    writer: TantivyWriter, opened: Opened, folder: Path
) -> None:
    answer = opened().search(WORD)
    good = answer.snapshot or ""
    root = folder / "snapshots"
    shutil.copytree(root / good, root / "half-removed")
    (root / "half-removed" / "note.json").unlink()
    shutil.copytree(root / good, root / "half-noted-1")
    (root / "half-noted-1" / "note.json").write_text('{"taken": 1')
    for name in ("half-made-1.new", "being-made-2.new"):
        shutil.copytree(root / good, root / name)
    os.utime(root / "half-made-1.new", (1000, 1000))
    for name in ("half-removed", "half-noted-1", "half-made-1.new", "half-made-1"):
        with pytest.raises(SnapshotGone):
            opened().search(WORD, snapshot=name)
    writer.index([page("more", "one word")])
    later = opened().search(WORD).snapshot
    assert names(folder) == {good, later, "being-made-2.new"}
    assert len(rest(opened(), answer)) == 22


@pytest.mark.parametrize("damage", ["cut", "gone", "another format"])
def test_a_snapshot_that_cannot_be_read_is_gone(
    writer: TantivyWriter, opened: Opened, folder: Path, damage: str
) -> None:
    answer = opened().search(WORD)
    there = folder / "snapshots" / (answer.snapshot or "")
    if damage == "cut":
        (there / "meta.json").write_bytes(b"")
    elif damage == "gone":
        next(there.glob("*.store")).unlink()
    else:
        note = json.loads((there / "note.json").read_bytes())
        (there / "note.json").write_text(json.dumps({**note, "format": "of yore"}))
    with pytest.raises(SnapshotGone):
        rest(opened(), answer)
    writer.close()


def test_names_lead_nowhere_else(writer: TantivyWriter, opened: Opened, folder: Path) -> None:
    index = opened()
    index.search(WORD)
    for name in ("..", "../snapshots", "", "/", "x" * 300, "a\x00b"):
        with pytest.raises(SnapshotGone):
            index.search(WORD, snapshot=name)
        index.release(name)
    assert index.search(WORD).total.value == 30
    assert (folder / "meta.json").exists()
    writer.close()


def test_where_the_disk_takes_no_snapshots_cursors_live_in_memory(
    writer: TantivyWriter, opened: Opened, folder: Path
) -> None:
    (folder / "snapshots").write_text("in the way")
    index = opened()
    answer, kept = index.search(WORD), index.keep(600).snapshot
    assert index.search(WORD).snapshot == answer.snapshot
    rewritten(writer)
    assert len(rest(index, answer)) == 22
    assert index.search(WORD, snapshot=kept).total.value == 30
    index.release(kept)
    for process, name in ((index, kept), (opened(), answer.snapshot)):
        with pytest.raises(SnapshotGone):
            process.search(WORD, snapshot=name)


@pytest.mark.parametrize("commits", [1, 2, 1000])
def test_a_writer_that_commits_before_a_state_is_held_makes_no_cursor_skip_or_repeat(
    writer: TantivyWriter, opened: Opened, commits: int
) -> None:
    """The clock is read between the search and the links: there the writer deletes what was searched."""
    left, number = 0, 100

    def clock() -> float:
        nonlocal left, number
        if left:
            left, number = left - 1, number + 1
            writer.index([page(f"p{number - 101:02}", "one word", version=number), page(f"x{number}", "one word")])
        return time.time()

    index = opened(clock)
    index.count()
    left = commits
    answer = index.search(WORD)
    left = 0
    found = [hit.id for hit in answer.hits] + rest(index, answer)
    assert len(found) == len(set(found)) == answer.total.value > 30
    name = index.pin()
    rewritten(writer)
    assert index.search(WORD, snapshot=name).total.value > 30


def test_a_commit_whose_files_are_gone_is_not_linked_by_halves(
    writer: TantivyWriter, opened: Opened, folder: Path, tmp_path: Path
) -> None:
    meta = (folder / "meta.json").read_bytes()
    into = tmp_path / "into"
    into.mkdir()
    rewritten(writer)
    with pytest.raises(StateGone):
        link_files(folder, meta, into)
    assert opened().count() == 1
