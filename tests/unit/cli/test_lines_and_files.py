import base64
import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.failure import WRONG_USE, CommandFailed
from services.cli.posting.inputs import Input, find
from services.cli.posting.item import Item
from services.cli.posting.items import Reading, items_of, lines_of

READING = Reading(page_max_bytes=1000, line_max_bytes=2000)


def _items(path: Path, reading: Reading = READING, offset: int = 0, number: int = 0) -> list[Item]:
    (source,) = find([str(path)])
    return list(items_of(source, reading, io.BytesIO(), offset, number))


def _page(item: Item) -> dict[str, str]:
    told: dict[str, str] = json.loads(item.data)
    return told


def test_a_pipe_and_a_device_are_no_files_to_post(tmp_path: Path) -> None:
    pipe, device = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        with pytest.raises(CommandFailed, match="no file") as failed:
            find([str(path)])
        assert (failed.value.code, "standard input" in failed.value.remedy) == (WRONG_USE, True)
    page = tmp_path / "c.txt"
    page.write_text("A page.")
    assert [each.path for each in find([str(tmp_path)])] == [page]


def test_blank_lines_are_passed_over_and_every_line_keeps_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"content":"1"}\r\n\n   \n{"content":"2"}')
    assert [(item.number, item.data) for item in _items(path)] == [
        (1, b'{"content":"1"}\n'),
        (4, b'{"content":"2"}\n'),
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_reading_goes_on_behind_any_line(tmp_path: Path, name: str) -> None:
    lines = b"".join(b'{"content":"%d"}\n' % number for number in range(20))
    path = tmp_path / name
    path.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    whole = _items(path)
    for at, item in enumerate(whole):
        rest = _items(path, offset=item.offset, number=item.number)
        assert [(each.data, each.number) for each in rest] == [(each.data, each.number) for each in whole[at + 1 :]]


def test_a_line_too_long_to_be_a_page_is_a_problem_and_its_neighbours_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"1\n" + b"x" * (READING.line_max_bytes + 5_000_000) + b"\n3\n")
    one, long, three = _items(path)
    assert (one.data, three.data, three.number) == (b"1\n", b"3\n", 3)
    assert long.problem is not None
    assert long.problem.code == "page-too-large"
    assert "line 2" in long.problem.detail


@given(st.binary(max_size=300), st.integers(1, 40))
def test_lines_are_all_of_a_stream_and_none_is_longer_than_the_limit(data: bytes, most: int) -> None:
    told = list(lines_of(io.BytesIO(data), most))
    assert sum(length for _, length in told) == len(data)
    expected = data.splitlines(keepends=True) if b"\r" not in data else None
    for line, length in told:
        assert line is None or len(line) == length <= most + 1
        assert line is not None or length > most
    if expected is not None and not any(sign in data for sign in b"\x0b\x0c\x1c\x1d\x1e\x85"):
        assert [length for _, length in told] == [len(line) for line in expected]


def test_a_gzip_file_that_was_cut_gives_its_lines_and_then_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(b'{"content":"%d"}\n' % n for n in range(5000)))[:-3000])
    items = _items(path)
    assert len(items) > 2
    assert [item.problem for item in items[:-1]] == [None] * (len(items) - 1)
    problem = items[-1].problem
    assert problem is not None
    assert problem.code == "unreadable"
    assert "a.jsonl.gz" in problem.detail


def test_standard_input_is_read_as_lines() -> None:
    items = items_of(Input(None, "lines"), READING, io.BytesIO(b"1\n2\n"))
    assert [item.data for item in items] == [b"1\n", b"2\n"]


def test_a_page_keeps_its_bytes_and_gets_the_type_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"# \xff\x00 any bytes")
    (item,) = _items(path, Reading(1000, 2000, url="https://a.example/"))
    page = _page(item)
    assert base64.b64decode(page["body"]) == b"# \xff\x00 any bytes"
    assert (page["content_type"], page["url"]) == ("text/markdown", "https://a.example/")


def test_a_page_that_was_answered_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<p>")
    (item,) = _items(path)
    assert _items(path, offset=item.offset, number=item.number) == []


def test_an_empty_file_is_an_item_too(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"")
    (item,) = _items(path)
    assert _page(item)["body"] == ""
    assert item.offset > 0


def test_a_file_over_the_limit_is_a_problem_that_names_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"x" * 1001)
    (item,) = _items(path)
    assert item.problem is not None
    assert (item.data, item.problem.limit) == (b"", "PAGEMILL_PAGE_MAX_BYTES")


def test_a_file_that_went_away_is_a_problem(tmp_path: Path) -> None:
    gone = Input(tmp_path / "gone.html", "page", 5)
    (item,) = items_of(gone, READING, io.BytesIO())
    assert item.problem is not None
    assert "gone.html" in item.problem.detail
