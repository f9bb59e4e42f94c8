import gzip
import io
from pathlib import Path

from services.cli.posting.batches import Limits, batches, content_type_of
from services.cli.posting.inputs import find
from services.cli.posting.items import Reading
from services.cli.posting.pace import Pace
from services.cli.posting.walking import Place, Placed, leads_back, walk

LIMITS = Limits(page_max_bytes=1000, batch_max_bytes=100, batch_max_items=4, request_max_bytes=1000)
READING = Reading(page_max_bytes=1000, line_max_bytes=1000)


def _lines(folder: Path, *lines: bytes) -> list[Placed]:
    path = folder / "a.jsonl"
    path.write_bytes(b"\n".join(lines))
    return list(walk(find([str(path)]), READING, io.BytesIO()))


def test_no_batch_has_more_items_than_the_services_take(tmp_path: Path) -> None:
    found = list(batches(_lines(tmp_path, *[b"1"] * 10), LIMITS))
    assert [len(batch) for batch in found] == [4, 4, 2]


def test_no_batch_has_more_bytes_than_the_services_take_unless_it_is_one_item(tmp_path: Path) -> None:
    found = list(batches(_lines(tmp_path, b"x" * 60, b"x" * 60, b"x" * 200, b"x"), LIMITS))
    assert [[len(placed.item.data) for placed in batch] for batch in found] == [[61], [61], [201], [2]]


def test_every_item_is_in_one_batch_and_in_order(tmp_path: Path) -> None:
    lines = [str(n).encode() for n in range(50)]
    walked = _lines(tmp_path, *lines)
    assert [placed for batch in batches(walked, LIMITS) for placed in batch] == walked


def test_pages_and_lines_share_a_batch_and_records_do_not(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>")
    (tmp_path / "b.jsonl").write_bytes(b"1")
    record = b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    (tmp_path / "c.warc").write_bytes(record)
    (tmp_path / "d.warc.gz").write_bytes(gzip.compress(record))
    walked = walk(find([str(tmp_path)]), READING, io.BytesIO())
    found = list(batches(walked, Limits(1000, 100_000, 100, 1000)))
    assert [[Path(placed.source.name).name for placed in batch] for batch in found] == [
        ["a.html", "b.jsonl"],
        ["c.warc"],
        ["d.warc.gz"],
    ]
    assert [content_type_of(batch[0]) for batch in found] == [
        "application/x-ndjson",
        "application/warc",
        "application/warc",
    ]


def test_a_walk_goes_on_behind_any_item_of_any_input(tmp_path: Path) -> None:
    for name, text in (("a.jsonl", b"1\n2\n"), ("b.html", b"<p>"), ("c.jsonl", b"3\n4\n5"), ("d.txt", b"x")):
        (tmp_path / name).write_bytes(text)
    inputs = find([str(tmp_path)])
    whole = list(walk(inputs, READING, io.BytesIO()))
    assert len(whole) == 7
    for at, placed in enumerate(whole):
        assert list(walk(inputs, READING, io.BytesIO(), placed.place)) == whole[at + 1 :]
        assert leads_back(placed.place, inputs)


def test_a_place_does_not_hold_once_an_input_before_it_has_changed(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "d.jsonl"):
        (tmp_path / name).write_bytes(b"1\n")
    _, second, _ = walk(find([str(tmp_path)]), READING, io.BytesIO())
    (tmp_path / "d.jsonl").write_bytes(b"1\n2\n")
    assert leads_back(second.place, find([str(tmp_path)]))
    (tmp_path / "a2.jsonl").write_bytes(b"new\n")
    assert not leads_back(second.place, find([str(tmp_path)]))


def test_a_place_behind_the_last_input_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"1\n")
    assert not leads_back(Place(passed=3, digest="", offset=0, number=0), find([str(tmp_path)]))


def test_batches_grow_to_what_is_answered_in_a_second_by_twice_each_time(tmp_path: Path) -> None:
    pace, sizes = Pace(), []
    for batch in batches(_lines(tmp_path, *[b"1"] * 20_000), Limits(1000, 10**6, 10_000, 1000), pace):
        sizes.append(len(batch))
        pace.answered(len(batch), len(batch) / 3000)
    assert sizes[:5] == [500, 1000, 2000, 3000, 3000]


def test_batches_shrink_by_half_where_answers_are_slow_and_never_to_nothing() -> None:
    pace = Pace()
    for wanted in (250, 125, 62, 50, 50):
        pace.answered(pace.items, 1000)
        assert pace.items == wanted
