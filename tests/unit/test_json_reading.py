"""JSON from strangers."""

import pytest

from shared.errors import Refused
from shared.json_reading import CONTAINERS_MAX, read_json, refuse_deep


def code(data: bytes, depth: int = 32) -> str:
    with pytest.raises(Refused) as refused:
        read_json(data, depth)
    return refused.value.code


def test_values_are_read() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": [1, 2.5, null, "\xc3\xa9"]}', 32) == {"a": [1, 2.5, None, "é"]}


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[1,]", b"{'a': 1}", b'"\xff"', b"NaN", b"[Infinity]", b'{"a":1} x', b"1" * 5000]
)
def test_what_is_no_json_is_unreadable(data: bytes) -> None:
    assert code(data) == "unreadable"


def test_nesting_is_counted_to_the_level() -> None:
    assert read_json(b"[" * 32 + b"]" * 32, 32)
    assert code(b"[" * 33 + b"]" * 33) == "nested-too-deep"
    assert code(b'{"a":' * 33 + b"1" + b"}" * 33) == "nested-too-deep"


def test_brackets_in_strings_do_not_count() -> None:
    text = '"' + '[{\\"' * 50_000 + '"'
    assert read_json(b'{"a": ' + text.encode() + b"}", 2)["a"].count("[") == 50_000


def test_millions_of_brackets_are_refused_before_they_are_parsed() -> None:
    assert code(b"[" * 5_000_000) == "nested-too-deep"
    assert code(b"[" + b"[]," * CONTAINERS_MAX + b"[]]") == "unreadable"


def test_half_characters_come_through_for_their_user_to_find() -> None:
    assert read_json(rb'{"a": "x\ud83d y"}', 32) == {"a": "x\ud83d y"}
    assert read_json(rb'"\ud83d\ude00"', 32) == "\U0001f600"


def test_half_characters_open_no_way_around_the_limits() -> None:
    assert code(rb'"\ud800' + b'"' + b"[" * 5_000) != ""
    assert code(b"[" * 5_000 + rb'"\ud800"' + b"]" * 5_000) == "nested-too-deep"
    assert code(rb'["\ud800", NaN]') == "unreadable"


def test_the_scan_survives_unfinished_strings() -> None:
    refuse_deep(b'["abc', 32)
    refuse_deep(b'["abc\\', 32)
