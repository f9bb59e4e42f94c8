"""Bodies of batches, cut into items whatever pieces they come in."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.batch.array import ArraySplitter
from services.ingest.batch.item import Item, Splitter
from services.ingest.batch.lines import LineSplitter
from shared.errors import Refused

MOST = 1000
ROOMY = 1_000_000
"""More than chance makes of an item."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
ITEMS = st.lists(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), max_size=6)


def cut(splitter: Splitter, body: bytes, steps: list[int]) -> list[Item]:
    """The items of a body that comes in pieces of these sizes, again and again."""
    items: list[Item] = []
    at, turn = 0, 0
    while at < len(body):
        step = steps[turn % len(steps)]
        items += splitter.feed(body[at : at + step])
        at, turn = at + step, turn + 1
    return items + list(splitter.end())


def data(items: list[Item]) -> list[Any]:
    return [item.data.code if isinstance(item.data, Refused) else json.loads(item.data) for item in items]


@given(ITEMS, st.lists(st.integers(1, 30), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n", "\n\n \r\n"]))
def test_lines_come_out_as_they_went_in(items: list[Any], steps: list[int], ending: str) -> None:
    body = ending.join(json.dumps(item) for item in items).encode()
    found = cut(LineSplitter(ROOMY), body, steps)
    assert data(found) == items
    assert [item.index for item in found] == list(range(len(items)))


@given(ITEMS, st.lists(st.integers(1, 30), min_size=1, max_size=5), st.sampled_from([None, 1]), st.booleans())
def test_elements_come_out_as_they_went_in(
    items: list[Any], steps: list[int], indent: int | None, ascii_: bool
) -> None:
    body = json.dumps(items, indent=indent, ensure_ascii=ascii_).encode()
    found = cut(ArraySplitter(ROOMY), b"\xef\xbb\xbf \n" + body + b"\r\n", steps)
    assert data(found) == items
    assert [item.index for item in found] == list(range(len(items)))


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("make", "join"),
    [(LineSplitter, b"\n".join), (ArraySplitter, lambda parts: b"[" + b",".join(parts) + b"]")],
)
def test_an_item_that_is_too_long_is_a_problem_in_its_own_place(
    make: Callable[[int], Splitter], join: Callable[[list[bytes]], bytes], step: int
) -> None:
    long = b'{"a": "' + b"x" * 5000 + b'"}'
    found = cut(make(MOST), join([b"{}", long, b'{"b": 1}']), [step])
    assert data(found) == [{}, "page-too-large", {"b": 1}]
    assert [item.index for item in found] == [0, 1, 2]


def test_a_long_item_is_not_held() -> None:
    splitter = LineSplitter(MOST)
    for _ in range(100):
        splitter.feed(b"x" * 10_000)
    assert sum(map(len, splitter._held)) == 0


def test_a_line_that_is_no_json_is_left_to_whoever_reads_it() -> None:
    found = cut(LineSplitter(MOST), b'{"a": 1}\n{broken\n{"b": 2}', [3])
    assert [item.data for item in found] == [b'{"a": 1}', b"{broken", b'{"b": 2}']


@pytest.mark.parametrize("blank", [b"\n", b"\r\n", b" \t\r\n", b"\n  \n"])
@pytest.mark.parametrize("step", [1, 7, 65_536])
def test_items_are_counted_rightly_after_very_many_blank_lines(blank: bytes, step: int) -> None:
    run = blank * 20_000
    found = cut(LineSplitter(MOST), run + b'{"a": 1}\r\n' + run + b"{broken\n" + run + b'  {"b": 2}', [step])
    assert [(item.index, item.data) for item in found] == [(0, b'{"a": 1}'), (1, b"{broken"), (2, b'{"b": 2}')]


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_a_blank_line_is_none_however_long(step: int) -> None:
    found = cut(LineSplitter(MOST), b"{}\n" + b" " * 5000 + b'\r\n{"b": 1}\n' + b"\t" * 5000, [step])
    assert data(found) == [{}, {"b": 1}]


@pytest.mark.parametrize("blank", [b"\n", b"\r\n", b" \t\r\n"])
def test_blank_lines_are_not_walked_one_by_one(blank: bytes) -> None:
    splitter, steps = LineSplitter(MOST), 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        splitter.feed(blank * 10_000)
    finally:
        sys.setprofile(None)
    assert steps < 100


@pytest.mark.parametrize("body", [b"", b" ", b"{}", b'"a"', b"5", b"[1", b'["a', b"[1,]", b"[,1]", b"[1,,2]", b"[1]]",
                                  b"[1] x", b"[1}", b"x[1]", b"\xef\xbb[1]x"])  # fmt: skip
@pytest.mark.parametrize("step", [1, 100])
def test_what_is_no_array_is_refused(body: bytes, step: int) -> None:
    with pytest.raises(Refused) as caught:
        cut(ArraySplitter(MOST), body, [step])
    assert caught.value.code == "unreadable"


def test_elements_before_the_break_are_there() -> None:
    splitter = ArraySplitter(MOST)
    assert data(list(splitter.feed(b'[{"a": 1}, {"b": 2}, {"c"'))) == [{"a": 1}, {"b": 2}]


def test_an_empty_array_has_no_elements() -> None:
    assert cut(ArraySplitter(MOST), b" [ \n ] ", [1]) == []
