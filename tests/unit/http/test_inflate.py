"""Compressed bodies under their cap."""

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from services.http.inflate import Inflater
from shared.errors import Refused

MIB = 1024 * 1024


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def inflate(encoding: str, data: bytes, step: int = 1 << 30) -> bytes:
    inflater = Inflater(encoding, 100)
    out = b"".join(piece for at in range(0, len(data), step) for piece in inflater.feed(data[at : at + step]))
    inflater.end()
    return out


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 30])
def test_every_encoding_comes_back_whole_in_any_pieces(encoding: str, step: int) -> None:
    text = "".join(f"line {n} of a page\n" for n in range(1000)).encode()
    assert inflate(encoding, PACKERS[encoding](text), step) == text


@pytest.mark.parametrize("encoding", PACKERS)
def test_an_empty_body_is_nothing(encoding: str) -> None:
    assert inflate(encoding, b"") == b""
    assert inflate(encoding, PACKERS[encoding](b"")) == b""


def test_bare_deflate_is_read_too() -> None:
    assert inflate("deflate", bare_deflate(b"a page")) == b"a page"


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@pytest.mark.parametrize("step", [3, 1 << 30])
def test_many_members_are_one_body(encoding: str, step: int) -> None:
    pack = PACKERS[encoding]
    assert inflate(encoding, pack(b"one ") + pack(b"two ") + pack(b"three"), step) == b"one two three"


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_stopped_long_before_it_is_whole(encoding: str) -> None:
    bomb = PACKERS[encoding](bytes(100 * MIB))
    tracemalloc.start()
    with pytest.raises(Refused) as refused:
        sum(map(len, Inflater(encoding, 100).feed(bomb)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40 * MIB
    assert refused.value.code == "inflates-too-far"
    assert refused.value.problem.limit == "PAGEMILL_INFLATE_MAX_RATIO"


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_short_body_may_repeat_itself(encoding: str) -> None:
    assert inflate(encoding, PACKERS[encoding](b"a" * 60_000)) == b"a" * 60_000


@pytest.mark.parametrize("encoding", PACKERS)
def test_what_is_cut_or_broken_is_unreadable(encoding: str) -> None:
    data = PACKERS[encoding](b"a page that is long enough to be cut" * 20)
    for broken in (data[:-3], b"\x28\xb5 this is nothing", data[:10] + b"\xff\xff\xff" + data[13:]):
        with pytest.raises(Refused) as refused:
            inflate(encoding, broken)
        assert refused.value.code == "unreadable"


def test_what_follows_brotli_is_unreadable() -> None:
    for step in (4, 1000):
        with pytest.raises(Refused, match="unreadable"):
            inflate("br", brotli.compress(b"x" * 100) + b"more", step)


@pytest.mark.timeout(20)
def test_members_that_inflate_to_many_pieces_are_all_read() -> None:
    pages = [random.Random(n).randbytes(40_000).hex().encode() for n in range(3)]
    body = b"".join(gzip.compress(page) for page in pages)
    inflater = Inflater("gzip", 100)
    assert b"".join(inflater.feed(body)) == b"".join(pages)
    inflater.end()


@pytest.mark.timeout(20)
@pytest.mark.parametrize("cut", [10, 60_000, 200_000])
def test_a_deflate_body_of_many_pieces_with_bytes_behind_its_end_is_refused(cut: int) -> None:
    body = zlib.compress(random.Random(1).randbytes(40_000).hex().encode()) + b"more"
    inflater = Inflater("deflate", 100)
    with pytest.raises(Refused) as refused:
        _ = [part for piece in (body[:cut], body[cut:]) for part in inflater.feed(piece)]
    assert (refused.value.code, "goes on behind the end" in refused.value.detail) == ("unreadable", True)
