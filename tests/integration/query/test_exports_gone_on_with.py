"""Given an export whose process has ended, then the next one goes on in the same bytes, whatever was deleted since."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.query.cursor import Seal
from services.query.exports.desk import ExportDesk, Open
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.export_query import ExportQuery
from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.integration.query.conftest import page, problem_in, serve

COUNT = 400
KEY = b"one key for all processes"
FORMATS = ("ndjson", "csv", "parquet")


class Process:
    """What one process has of exports."""

    def __init__(self, folder: Path) -> None:
        self.index = TantivyIndex(folder, cursor_idle_seconds=300, snapshots_max=8)
        seal = Seal(KEY)
        room = ReadingRoom(self.index, seal=seal)
        self.desk = ExportDesk(self.index, room, seal=seal, most=4, idle_seconds=600)

    def find(self, held: Open, **asked: Any) -> Open:
        """The export of another process."""
        query = ExportQuery.model_validate({"q": "moon", "format": held.query.format, **asked, "export": held.token})
        return self.desk.find(query)


@pytest.fixture
def library(writer: TantivyWriter) -> None:
    writer.index([page(f"p{number:03}", f"The moon {number}.") for number in range(COUNT)])


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[Process]]:
    with ExitStack() as ended:
        three = [Process(tmp_path / "index") for _ in range(3)]
        for each in three:
            ended.callback(each.index.close)
        yield three


def begun(process: Process, form: str = "ndjson", **asked: Any) -> Open:
    return process.desk.begin(ExportQuery.model_validate({"q": "moon", "format": form, **asked}))


def content(held: Open, offset: int = 0) -> bytes:
    return b"".join(held.export.pieces(offset))


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("form", FORMATS)
def test_what_was_cut_goes_on_in_the_next_process_with_the_same_bytes(
    processes: list[Process], writer: TantivyWriter, form: str
) -> None:
    first, second, third = processes
    held = begun(first, form)
    writer.delete({f"p{number:03}": 9 for number in range(0, 60, 3)})
    had = next(held.export.pieces())
    first.index.close()
    writer.delete({f"p{number:03}": 9 for number in range(1, COUNT, 3)})
    cut = len(had) // 2
    rest = content(second.find(held), cut)
    assert rest.startswith(had[cut:])
    second.find(held).export.work(60)
    told = second.find(held).manifest()
    assert told.sha256 == hashlib.sha256(had[:cut] + rest).hexdigest()
    assert (told.complete, told.bytes) == (True, cut + len(rest))
    assert told.count + told.left_out == COUNT
    writer.delete({f"p{number:03}": 9 for number in range(COUNT)})
    assert content(third.find(held)) == had[:cut] + rest
    assert third.find(held).manifest() == told


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("form", FORMATS)
def test_processes_that_read_side_by_side_hand_out_the_same_bytes(
    processes: list[Process], writer: TantivyWriter, form: str
) -> None:
    held = begun(processes[0], form)
    readings = {each: each.find(held).export.pieces() for each in processes}
    read = dict.fromkeys(processes, b"")
    while readings:
        for each, reading in tuple(readings.items()):
            if (piece := next(reading, None)) is None:
                del readings[each]
            read[each] += piece or b""
        writer.delete({f"p{number:03}": 9 for number in range(len(read[processes[0]]) % 50, COUNT, 50)})
    first, *others = read.values()
    assert [first, first] == others
    assert {each.find(held).manifest().sha256 for each in processes} == {hashlib.sha256(first).hexdigest()}


@pytest.mark.usefixtures("library")
def test_warnings_are_told_by_the_next_process_too(processes: list[Process]) -> None:
    held = begun(processes[0], q="moon zeppelin")
    assert [each.code for each in processes[1].find(held, q="moon zeppelin").manifest().warnings] == ["not-all-words"]


@pytest.mark.usefixtures("library")
def test_a_line_that_a_killed_process_had_begun_counts_for_nothing(
    processes: list[Process], tmp_path: Path, writer: TantivyWriter
) -> None:
    held = begun(processes[0])
    whole = content(held)
    (notes,) = (tmp_path / "index" / "snapshots").glob("*/export.jsonl")
    lines = notes.read_bytes().splitlines(keepends=True)
    notes.write_bytes(b"".join(lines[:-2]) + lines[-2][:20])
    assert content(processes[1].find(held)) == whole
    assert notes.read_bytes() == b"".join(lines)
    writer.close()


@pytest.mark.usefixtures("library")
def test_bytes_that_would_be_others_are_not_handed_out(processes: list[Process], tmp_path: Path) -> None:
    """As where another version of the program has worked it out."""
    held = begun(processes[0])
    content(held)
    (notes,) = (tmp_path / "index" / "snapshots").glob("*/export.jsonl")
    lines = [json.loads(line) for line in notes.read_bytes().splitlines()]
    for line in lines:
        if line["mark"]:
            line["mark"]["end"] += 7
    notes.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    with pytest.raises(Refused, match="begin it again"):
        content(processes[1].find(held))


@pytest.mark.usefixtures("library")
def test_letting_it_go_in_one_process_lets_it_go_in_all(processes: list[Process], tmp_path: Path) -> None:
    held = begun(processes[0])
    content(processes[1].find(held))
    processes[2].desk.release(held.token)
    assert list((tmp_path / "index" / "snapshots").iterdir()) == []
    for each in processes:
        with pytest.raises(Refused, match="begin it again"):
            content(each.find(held))


@pytest.mark.usefixtures("library")
def test_over_http_a_restarted_service_goes_on(tmp_path: Path, writer: TantivyWriter) -> None:
    def answer(path: str = "/v1/export", **asked: Any) -> httpx.Response:
        index = TantivyIndex(tmp_path / "index", cursor_idle_seconds=300, snapshots_max=8)
        service = serve(index, key=KEY)
        try:
            return service.get(path, params={"q": "moon", **asked})
        finally:
            service.close()
            index.close()

    whole = answer()
    token = whole.headers["pagemill-export"]
    writer.delete({"p000": 9, "p399": 9})
    assert answer(export=token, offset=12_345).content == whole.content[12_345:]
    told = answer("/v1/export/manifest", export=token).json()
    assert (told["complete"], told["count"], told["left_out"]) == (True, COUNT, 0)
    assert told["sha256"] == hashlib.sha256(whole.content).hexdigest()
    assert problem_in(answer(q="sun", export=token))["code"] == "export-mismatch"
