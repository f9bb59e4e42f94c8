import gzip
import io
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from services.cli.posting.inputs import find
from services.cli.posting.item import Item
from services.cli.posting.items import Reading, items_of

MIB = 1024 * 1024


def _record(kind: str, headers: str, block: bytes) -> bytes:
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\n{headers}Content-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def _response(url: str, body: bytes, media: str) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n\r\n".encode() + body
    return _record("response", f"WARC-Target-URI: {url}\r\nContent-Type: application/http\r\n", http)


def _warc(*pages: tuple[str, bytes, str], compressed: bool) -> bytes:
    records = [_record("warcinfo", "", b"software: test\r\n"), *(_response(*page) for page in pages)]
    return b"".join(gzip.compress(record) if compressed else record for record in records)


def _pages(count: int) -> list[tuple[str, bytes, str]]:
    return [(f"http://a.example/{n}", f"<p>page {n}".encode() * 50 * (n + 1), "text/html") for n in range(count)]


def _file(folder: Path, shape: str, data: tuple[tuple[str, bytes, str], ...]) -> Path:
    plain = _warc(*data, compressed=False)
    path = folder / {"plain": "a.warc", "each": "b.warc.gz", "whole": "c.warc.gz"}[shape]
    path.write_bytes({"plain": plain, "each": _warc(*data, compressed=True), "whole": gzip.compress(plain)}[shape])
    return path


def _items(path: Path, page_max_bytes: int = MIB, offset: int = 0, number: int = 0) -> list[Item]:
    (source,) = find([str(path)])
    return list(items_of(source, Reading(page_max_bytes, MIB), io.BytesIO(), offset, number))


def _addresses(data: bytes) -> list[str | None]:
    return [record.headers.get("WARC-Target-URI") for record in ArchiveIterator(io.BytesIO(data), parse_http=False)]


SHAPES = pytest.mark.parametrize("shape", ["plain", "each", "whole"])


@SHAPES
def test_each_item_is_one_whole_record_and_side_by_side_they_are_the_archive(tmp_path: Path, shape: str) -> None:
    items = _items(_file(tmp_path, shape, tuple(_pages(5))))
    expected = [None, *(f"http://a.example/{n}" for n in range(5))]
    assert [_addresses(item.data) for item in items] == [[address] for address in expected]
    assert _addresses(b"".join(item.data for item in items)) == expected
    assert [item.number for item in items] == [1, 2, 3, 4, 5, 6]


def test_gzip_members_are_sent_as_they_are(tmp_path: Path) -> None:
    path = _file(tmp_path, "each", tuple(_pages(5)))
    assert b"".join(item.data for item in _items(path)) == path.read_bytes()


def test_members_without_a_byte_are_no_records(tmp_path: Path) -> None:
    first, *others = (gzip.compress(_response(*page)) for page in _pages(3))
    empty = gzip.compress(b"")
    path = tmp_path / "ends.warc.gz"
    path.write_bytes(empty + first + empty + b"".join(others) + empty)
    items = _items(path)
    assert [(_addresses(item.data), item.number) for item in items] == [
        ([f"http://a.example/{n}"], n + 1) for n in range(3)
    ]


def test_a_member_of_many_records_behind_one_of_one_record_is_cut_into_them(tmp_path: Path) -> None:
    big = ("http://a.example/big", b"x" * (3 * MIB), "text/html")
    several = b"".join(_response(*page) for page in (*_pages(3), big))
    path = tmp_path / "mixed.warc.gz"
    path.write_bytes(
        b"".join(
            map(gzip.compress, (_record("warcinfo", "", b"software: test\r\n"), several, _response(*_pages(1)[0])))
        )
    )
    items = _items(path)
    told = [_addresses(item.data) if item.problem is None else item.problem.code for item in items]
    pages = [[f"http://a.example/{n}"] for n in range(3)]
    assert told == [[None], *pages, "page-too-large", pages[0]]
    assert [item.number for item in items] == [1, 2, 3, 4, 5, 6]
    for item in items:
        again = _items(path, offset=item.offset)
        assert again == [] or again[-1].data == items[-1].data, "each offset is a place to go on from"
    assert len(_items(path, offset=items[2].offset)) == 5, "from the beginning of the member that it was cut in"


def test_a_record_that_is_cut_within_its_member_costs_no_other(tmp_path: Path) -> None:
    pages = [_response(*page) for page in _pages(4)]
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, (pages[0], pages[1] + pages[2][:-90], pages[3]))))
    items = _items(path)
    told = [_addresses(item.data) if item.problem is None else item.problem.code for item in items]
    assert told == [["http://a.example/0"], ["http://a.example/1"], "unreadable", ["http://a.example/3"]]


@pytest.mark.parametrize("step", [100, 5_000])
def test_members_that_end_anywhere_are_read_as_one(tmp_path: Path, step: int) -> None:
    plain = b"".join(_response(*page) for page in (("http://a.example/0", b"x" * 9_000, "text/html"), *_pages(3)))
    path = tmp_path / "blocks.warc.gz"
    path.write_bytes(b"".join(gzip.compress(plain[at : at + step]) for at in range(0, len(plain), step)))
    assert [_addresses(item.data) for item in _items(path)] == [[f"http://a.example/{n}"] for n in (0, 0, 1, 2)]


@SHAPES
def test_reading_goes_on_behind_any_record(tmp_path: Path, shape: str) -> None:
    path = _file(tmp_path, shape, tuple(_pages(4)))
    whole = _items(path)
    for at, item in enumerate(whole):
        assert [each.data for each in _items(path, offset=item.offset, number=item.number)] == [
            each.data for each in whole[at + 1 :]
        ]


@SHAPES
def test_a_record_too_large_to_be_a_page_is_a_problem_where_it_could_have_been_one(tmp_path: Path, shape: str) -> None:
    big = b"x" * (3 * MIB)
    pages = (("http://a.example/0", big, "text/html"), ("http://a.example/1", big, "video/mp4"), *_pages(1))
    info, page, video, last = _items(_file(tmp_path, shape, pages), page_max_bytes=1000)
    assert page.problem is not None
    assert (page.data, page.problem.code) == (b"", "page-too-large")
    assert (video.data, video.problem) == (b"", None)
    assert _addresses(info.data + last.data) == [None, "http://a.example/0"]


@SHAPES
def test_a_file_that_was_cut_gives_its_whole_records_and_then_a_problem(tmp_path: Path, shape: str) -> None:
    path = _file(tmp_path, shape, tuple(_pages(3)))
    path.write_bytes(path.read_bytes()[:-60])
    *whole, broken = _items(path)
    assert broken.problem is not None
    assert broken.problem.code == "unreadable"
    told = [address for item in whole for address in _addresses(item.data)]
    assert told == ([None, "http://a.example/0", "http://a.example/1"] if shape != "whole" else [None])


def test_a_file_that_is_no_archive_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"<html>not an archive</html>\n" * 100)
    (item,) = _items(path)
    assert item.problem is not None
    assert "a.warc" in item.problem.detail


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"")
    assert _items(path) == []


def test_a_gzip_member_that_is_broken_is_passed_over_and_the_others_are_sent(tmp_path: Path) -> None:
    members = [gzip.compress(_response(*page)) for page in _pages(5)]
    members.insert(0, members[0][:40] + b"\xff" * 20)
    members[2] = members[2][:60] + b"\xff" * 20 + members[2][80:]
    members[4] = members[4][:-9]
    path = tmp_path / "broken.warc.gz"
    path.write_bytes(b"".join(members))
    items = _items(path)
    told = [_addresses(item.data) if item.problem is None else item.problem.code for item in items]
    good = [[f"http://a.example/{n}"] for n in (0, 2, 4)]
    assert told == ["unreadable", good[0], "unreadable", good[1], "unreadable", good[2]]
    assert [item.number for item in items] == [1, 2, 3, 4, 5, 6]
    for item in items[:-1]:
        assert _addresses(_items(path, offset=item.offset)[0].data) in [*good, []], (
            "each offset is a place to go on from"
        )


def test_a_gzip_member_cut_short_costs_itself_alone_however_it_was_packed(tmp_path: Path) -> None:
    records = [_response(*page) for page in _pages(6)]
    members = [gzip.compress(record) for record in records]
    members[2] = gzip.compress(records[5], compresslevel=0)[:200]
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(b"".join(members[:5]))
    items = _items(path)
    told = [_addresses(item.data)[0] if item.problem is None else item.problem.code for item in items]
    assert told == ["unreadable" if n == 2 else f"http://a.example/{n}" for n in range(5)]
    assert [item.number for item in items] == [1, 2, 3, 4, 5]


WRONG = {
    "no length": (b"Content-Length: ", b"Content-Longth: "),
    "no number": (b"Content-Length: ", b"Content-Length: abc"),
    "too short": (b"Content-Length: ", b"Content-Length: 60\r\nX: "),
    "swallows the next": (b"Content-Length: ", b"Content-Length: 1200\r\nX: "),
    "beyond the end": (b"Content-Length: ", b"Content-Length: 999999999\r\nX: "),
    "beyond what is sent": (b"Content-Length: ", b"Content-Length: 5000000\r\nX: "),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("shape", ["plain", "whole"])
@pytest.mark.parametrize("at", [0, 3])
def test_a_record_with_a_wrong_length_costs_itself_alone(tmp_path: Path, kind: str, shape: str, at: int) -> None:
    records = [_response(*page) for page in _pages(8)]
    records[at] = records[at].replace(*WRONG[kind], 1)
    path = tmp_path / {"plain": "a.warc", "whole": "c.warc.gz"}[shape]
    path.write_bytes(b"".join(records) if shape == "plain" else gzip.compress(b"".join(records)))
    items = _items(path)
    told = [item.problem.code if item.problem else _addresses(item.data)[0] for item in items]
    assert told == ["unreadable" if n == at else f"http://a.example/{n}" for n in range(8)]
    assert [item.number for item in items] == list(range(1, 9))
    for item in items[at:]:
        rest = _items(path, offset=item.offset, number=item.number)
        assert [each.number for each in rest] == list(range(item.number + 1, 9))


@pytest.mark.parametrize("garbage", [b"what is this\r\n\r\n", b"what is this\r\n", b"what\nis this\n"])
def test_garbage_between_records_is_told_and_costs_none(tmp_path: Path, garbage: bytes) -> None:
    one, two = (_response(*page) for page in _pages(2))
    path = tmp_path / "a.warc"
    path.write_bytes(one + garbage + two)
    assert [bool(item.problem) for item in _items(path)] == [False, True, False]
