"""WARC and WET files as others write them."""

import gzip
import random
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import brotli
import pytest

from services.ingest.batch.item import Item
from services.ingest.batch.records import page_of
from services.ingest.batch.warc import Record, RecordSplitter
from shared.errors import Refused
from shared.intake import Page, PageItem
from shared.settings import Settings
from tests.warc_files import URL, info, record, response, warc


def records(body: bytes, step: int = 1 << 30, page_max: int = 10_000, total: int = 1 << 30) -> list[Item]:
    splitter = RecordSplitter(page_max, total, 100)
    items: list[Item] = []
    for at in range(0, len(body), step):
        items += splitter.feed(body[at : at + step])
    return [*items, *splitter.end()]


def pages(body: bytes, step: int = 1 << 30, **settings: Any) -> list[Page | str | None]:
    told: list[Page | str | None] = []
    limits = Settings(**{"page_max_bytes": 10_000, **settings})
    for item in records(body, step):
        try:
            if isinstance(item.data, Refused):
                raise item.data
            told.append(page_of(cast("Record", item.data), PageItem(source="crawl"), limits))
        except Refused as refused:
            told.append(refused.code)
    return told


def one(body: bytes, **settings: Any) -> Page:
    (page,) = pages(body, **settings)
    assert isinstance(page, Page)
    return page


@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize("step", [1, 10, 333, 1 << 30])
def test_every_record_is_found_in_any_pieces(gzipped: bool, step: int) -> None:
    whole = warc(info(), response(b"<p>one"), record("metadata", b"x: y", "application/warc-fields"),
                 response(b"<p>two", url="http://a.example/2"), gzipped=gzipped)  # fmt: skip
    found = records(whole, step)
    assert [cast("Record", item.data).kind for item in found] == ["warcinfo", "response", "metadata", "response"]
    assert [item.index for item in found] == [0, 1, 2, 3]
    read = pages(whole, step)
    assert [page.body for page in read if isinstance(page, Page)] == [b"<p>one", b"<p>two"]
    assert [page for page in read if not isinstance(page, Page)] == [None, None]


def test_an_answer_becomes_a_page_with_its_url_date_and_type() -> None:
    page = one(warc(response("<p>Zürich".encode("latin-1"), content_type="text/html; charset=iso-8859-1")))
    said = page.submission
    assert (said.url, said.content_type, said.charset, said.source) == (URL, "text/html", "iso-8859-1", "crawl")
    assert said.fetched_at == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert page.body == "<p>Zürich".encode("latin-1")


def test_the_texts_of_wet_files_are_pages() -> None:
    page = one(warc(record("conversion", b"hello world", "text/plain")))
    assert (page.body, page.submission.content_type) == (b"hello world", "text/plain")


def test_resources_are_pages() -> None:
    assert one(warc(record("resource", b"<p>x", "text/html"))).body == b"<p>x"


@pytest.mark.parametrize(
    "write",
    [
        info(),
        response(status="404 Not Found"),
        response(status="301 Moved"),
        response(content_type="image/png"),
        response(content_type="application/json"),
        record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record("request", b"GET / HTTP/1.1\r\n\r\n", "text/html").replace(b"Content-Type: text/html\r\n", b""),
        record("weird", b"hello", "text/plain"),
        record("revisit", b"hello", "text/plain"),
        record("metadata", b"a: b", "application/warc-fields"),
        record("resource", b"a.example 60 IN A 1.2.3.4", "text/dns", "dns:a.example"),
        record("resource", b"text", "text/plain", "urn:uuid:1"),
        record("response", b"no http", "application/http; msgtype=response"),
    ],
)
def test_what_is_no_page_is_ignored(write: bytes) -> None:
    assert pages(warc(write)) == [None]


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
def test_encoded_payloads_are_decoded(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    assert one(warc(response(pack(b"<p>hello"), Content_Encoding=encoding))).body == b"<p>hello"


def test_chunked_payloads_are_joined() -> None:
    chunked = b"5;x=1\r\n<p>he\r\nA\r\nllo, world\r\n0\r\n\r\n"
    assert one(warc(response(chunked, Transfer_Encoding="chunked"))).body == b"<p>hello, world"
    packed = gzip.compress(b"<p>hello")
    both = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    assert one(warc(response(both, Transfer_Encoding="chunked", Content_Encoding="gzip"))).body == b"<p>hello"


@pytest.mark.parametrize("named", ["gzip, br", "gzip,gzip, br", "identity, gzip, br"])
def test_of_several_encodings_the_last_one_is_taken_off_first(named: str) -> None:
    packed = brotli.compress(gzip.compress(b"<p>hello"))
    assert one(warc(response(packed, Content_Encoding=named))).body == b"<p>hello"


def test_headers_may_tell_of_encodings_that_were_taken_off() -> None:
    page = one(warc(response(b"<p>plain", Transfer_Encoding="chunked", Content_Encoding="gzip")))
    assert page.body == b"<p>plain"


def test_a_page_that_is_too_large_is_a_problem_and_a_large_picture_is_not() -> None:
    large = warc(response(b"x" * 200_000), response(b"x" * 200_000, content_type="image/png"), response())
    read = pages(large)
    assert read[:2] == ["page-too-large", None]
    assert isinstance(read[2], Page)
    assert pages(warc(response(gzip.compress(b"x" * 11_000), Content_Encoding="gzip"))) == ["page-too-large"]


def test_a_bomb_in_a_record_is_a_problem_of_its_own() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    read = pages(warc(response(bomb, Content_Encoding="gzip"), response()), page_max_bytes=20_000_000)
    assert read[0] == "inflates-too-far"
    assert isinstance(read[1], Page)


def untyped(body: bytes, identified: str = "", **headers: str) -> bytes:
    """An answer whose server did not say what it is."""
    written = response(body, content_type=None, **headers)
    named = f"WARC-Identified-Payload-Type: {identified}\r\n".encode() if identified else b""
    return written.replace(b"WARC-Date", named + b"WARC-Date", 1)


def test_an_answer_without_a_type_is_detected_like_any_other_page() -> None:
    html = b"<html><p>no type was told</p></html>"
    assert (one(warc(untyped(html))).body, one(warc(untyped(html))).submission.content_type) == (html, None)
    assert one(warc(response(html, content_type="application/octet-stream"))).submission.content_type is None
    assert one(warc(untyped(html, "text/html"))).submission.content_type == "text/html"
    assert one(warc(untyped(gzip.compress(html), Content_Encoding="gzip"))).body == html


@pytest.mark.parametrize(
    "write",
    [
        untyped(b"\x89PNG\r\n\x1a\n and so on"),
        untyped(b"%PDF-1.7"),
        untyped(b"\1\0\2\0 something"),
        untyped(b"x" * 300_000 + b"\0", "application/pdf"),
        untyped(gzip.compress(b"%PDF-1.7"), Content_Encoding="gzip"),
        untyped(b"\x89PNG\r\n\x1a\n" + b"x" * 300_000),
    ],
)
def test_an_answer_without_a_type_that_shows_that_it_is_no_page_is_ignored(write: bytes) -> None:
    assert pages(warc(write)) == [None]


def test_headers_that_go_on_in_the_next_line_are_read() -> None:
    page = one(warc(response()).replace(b"WARC-Date: ", b"WARC-Date:\r\n "))
    assert page.submission.fetched_at == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"2024", datetime(2024, 1, 1, tzinfo=UTC)),
        (b"2024-03", datetime(2024, 3, 1, tzinfo=UTC)),
        (b"2024-03-05", datetime(2024, 3, 5, tzinfo=UTC)),
        (b"2024-03-05T06:07Z", datetime(2024, 3, 5, 6, 7, tzinfo=UTC)),
        (b"2024-03-05T06:07:08.123456789Z", datetime(2024, 3, 5, 6, 7, 8, 123456, tzinfo=UTC)),
    ],
)
def test_a_date_may_be_as_exact_as_its_writer_knew_and_is_the_beginning_of_that(written: bytes, read: datetime) -> None:
    assert one(warc(response()).replace(b"2024-01-02T03:04:05Z", written)).submission.fetched_at == read


@pytest.mark.parametrize("written", [b"24", b"2024-13", b"2024-02-30", b"2024-03-05T06Z", b"2024-03-05T06:07"])
def test_a_date_that_is_none_is_a_problem_of_its_own(written: bytes) -> None:
    assert pages(warc(response()).replace(b"2024-01-02T03:04:05Z", written)) == ["invalid"]


def test_a_url_that_is_none_is_a_problem_of_its_own() -> None:
    assert pages(warc(response(url="http://[bad/"), response(url="http://")))[0] == "invalid"


def test_urls_in_angle_brackets_are_read() -> None:
    plain = warc(response()).replace(b"WARC-Target-URI: " + URL.encode(), b"WARC-Target-URI: <" + URL.encode() + b">")
    assert one(plain).submission.url == URL


@pytest.mark.parametrize(
    "body",
    [
        b"hello",
        warc(response())[:-20],
        warc(response())[:30],
        warc(response(), gzipped=True)[:-20],
    ],
)
def test_what_is_no_warc_is_unreadable(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        records(body, 50)
    assert caught.value.code == "unreadable"


GOOD = [response(b"<p>%d" % n, url=f"http://a.example/{n}") for n in range(4)]
NO_RECORDS = {
    "no length": b"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n\r\n",
    "a length below nought": b"WARC/1.0\r\nContent-Length: -5\r\n\r\n",
    "a length beyond all": b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "headers without end": b"WARC/1.0\r\n" + random.Random(4).randbytes(50_000).hex().encode() + b"\r\n\r\n",
    "too short a length": re.sub(rb"(Content-Length: )\d+", rb"\g<1>60", response(b"<p>" + b"word " * 90), count=1),
    "garbage": b"garbage between records\r\n\r\n",
    "a line of garbage": b"garbage right before a record\r\n",
}


def told_of(body: bytes, step: int) -> list[bytes | str | None]:
    return [page.body if isinstance(page, Page) else page for page in pages(body, step)]


@pytest.mark.parametrize("kind", NO_RECORDS)
@pytest.mark.parametrize("packed", ["plain", "whole", "record by record"])
@pytest.mark.parametrize("step", [7, 1000, 1 << 30])
def test_a_record_that_cannot_be_read_costs_itself_alone(kind: str, packed: str, step: int) -> None:
    written = [*GOOD[:2], NO_RECORDS[kind], NO_RECORDS[kind], *GOOD[2:]]
    if packed == "record by record":
        body = b"".join(map(gzip.compress, written))
    else:
        body = b"".join(written) if packed == "plain" else gzip.compress(b"".join(written))
    together = "garbage" in kind and packed != "record by record"
    wrong = ["unreadable"] * (1 if together else 2)
    assert told_of(body, step) == [b"<p>0", b"<p>1", *wrong, b"<p>2", b"<p>3"]


@pytest.mark.parametrize("step", [7, 1000, 1 << 30])
def test_a_page_that_shows_a_record_is_one_page(step: int) -> None:
    body = b"<pre>\r\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nhello</pre>"
    assert told_of(b"".join([GOOD[0], response(body), GOOD[1]]), step) == [b"<p>0", body, b"<p>1"]


@pytest.mark.parametrize("step", [7, 1000, 1 << 30])
@pytest.mark.parametrize("packed", [True, False])
def test_the_first_record_may_be_the_one_at_fault(packed: bool, step: int) -> None:
    written = [NO_RECORDS["no length"], *GOOD]
    body = b"".join(map(gzip.compress, written)) if packed else b"".join(written)
    assert told_of(body, step) == ["unreadable", b"<p>0", b"<p>1", b"<p>2", b"<p>3"]


@pytest.mark.parametrize("step", [7, 1000, 1 << 30])
def test_a_record_longer_than_its_member_ends_with_it(step: int) -> None:
    long = re.sub(rb"(Content-Length: )\d+", rb"\g<1>99999", response(), count=1)
    assert told_of(b"".join(map(gzip.compress, [GOOD[0], long, *GOOD[1:]])), step) == [
        b"<p>0", "unreadable", b"<p>1", b"<p>2", b"<p>3"
    ]  # fmt: skip
    assert told_of(b"".join(map(gzip.compress, [GOOD[0], long])), step) == [b"<p>0", "unreadable"]


@pytest.mark.parametrize("step", [7, 1000, 1 << 30])
def test_members_may_end_anywhere_in_a_record(step: int) -> None:
    whole = b"".join(GOOD)
    body = b"".join(gzip.compress(whole[at : at + 100]) for at in range(0, len(whole), 100))
    assert told_of(body, step) == [b"<p>0", b"<p>1", b"<p>2", b"<p>3"]


def test_a_record_that_swallowed_others_gives_them_back() -> None:
    taken = len(b"".join(GOOD[:2])) + 300
    long = re.sub(rb"(Content-Length: )\d+", b"Content-Length: %d" % taken, response(), count=1)
    assert told_of(b"".join([long, *GOOD]), 1 << 30) == ["unreadable", b"<p>0", b"<p>1", b"<p>2", b"<p>3"]


@pytest.mark.parametrize("more", [1, 4, 5, 10, 60, 165, 300, 700, 100_000])
@pytest.mark.parametrize("kind", ["request", "response", "metadata"])
@pytest.mark.parametrize("step", [7, 1 << 30])
def test_a_record_of_any_type_gives_back_what_it_swallowed(kind: str, more: int, step: int) -> None:
    block = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    long = record(kind, block, "text/x").replace(b"Length: %d" % len(block), b"Length: %d" % (len(block) + more))
    told = told_of(b"".join([GOOD[0], long, *GOOD[1:]]), step)
    assert [each for each in told if isinstance(each, bytes)] == [b"<p>0", b"<p>1", b"<p>2", b"<p>3"]
    assert len(told) == 5


def test_a_file_that_inflates_too_far_is_stopped() -> None:
    with pytest.raises(Refused) as caught:
        records(gzip.compress(warc(response(bytes(60_000_000)))))
    assert caught.value.code == "inflates-too-far"
    with pytest.raises(Refused) as caught:
        records(warc(response(), response(), gzipped=True), total=500)
    assert caught.value.problem.limit == "PAGEMILL_BATCH_MAX_BYTES"


def test_large_records_that_are_no_pages_are_not_held() -> None:
    splitter = RecordSplitter(1000, 1 << 30, 100)
    splitter.feed(b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(100):
        splitter.feed(b"x" * 100_000)
    assert len(splitter._block) == 0


def damaged(member: bytes, kind: str) -> bytes:
    """A gzip member that cannot be read."""
    half = len(member) // 2
    match kind:
        case "garbled":
            return member[:half] + bytes(byte ^ 0xFF for byte in member[half : half + 20]) + member[half + 20 :]
        case "cut":
            return member[:half]
        case "cut at its end":
            return member[:-40]
        case "wrong check":
            return member[:-8] + b"\0" * 4 + member[-4:]
        case "no record":
            return gzip.compress(b"WARC!" * 1000)
        case _:
            return gzip.compress(response(b"<p>" + b"a" * 3_000_000))


@pytest.mark.parametrize("kind", ["garbled", "cut", "cut at its end", "wrong check", "no record", "bomb"])
@pytest.mark.parametrize("step", [7, 1000, 1 << 30])
def test_a_member_that_cannot_be_read_costs_its_own_record_alone(kind: str, step: int) -> None:
    noise = random.Random(3).randbytes(4_000).hex().encode()
    good = [gzip.compress(response(b"<p>%d" % n, url=f"http://a.example/{n}")) for n in range(4)]
    bad = damaged(gzip.compress(response(noise)), kind)
    read = pages(b"".join([*good[:2], bad, bad, *good[2:]]), step)
    told = [page.body if isinstance(page, Page) else page for page in read]
    wrong = "inflates-too-far" if kind == "bomb" else "unreadable"
    assert told == [b"<p>0", b"<p>1", wrong, wrong, b"<p>2", b"<p>3"]


@pytest.mark.parametrize("step", [1, 7, 60, 1 << 30])
@pytest.mark.parametrize("first", [b"WARD/1.0\r\nno record", b"no record at all", b""])
def test_a_first_member_that_holds_no_record_costs_itself_alone(first: bytes, step: int) -> None:
    members = [gzip.compress(each) for each in (first, *GOOD[:2])]
    told = told_of(b"".join(members), step)
    assert told == [*(["unreadable"] if first else []), b"<p>0", b"<p>1"]
    items = records(b"".join(members), step)
    assert [item.index for item in items] == list(range(len(told)))
    if first:
        with pytest.raises(Refused):
            records(members[0] + gzip.compress(b"nor here"), step)


def test_signs_of_a_member_within_a_broken_one_are_not_taken_for_the_next() -> None:
    inner = gzip.compress(b"no record at all") + b"\x1f\x8b\x08\x00"
    good = gzip.compress(response(b"<p>good"))
    read = pages(damaged(gzip.compress(response(b"<p>" + b"x" * 500)), "garbled") + inner + good)
    assert [page.body if isinstance(page, Page) else page for page in read] == ["unreadable", b"<p>good"]


def test_nothing_can_be_read_behind_damage_in_a_file_that_is_one_member() -> None:
    whole = gzip.compress(
        warc(*(response(b"<p>%d" % n + random.Random(n).randbytes(900).hex().encode()) for n in range(90)))
    )
    splitter = RecordSplitter(10_000, 1 << 30, 100)
    items = list(splitter.feed(damaged(whole, "garbled")))
    with pytest.raises(Refused) as caught:
        items += splitter.end()
    assert caught.value.code == "unreadable"
    assert 0 < len(items) < 90
    assert [item.index for item in items] == list(range(len(items)))


def test_a_member_that_was_cut_behind_its_record_costs_that_record_alone() -> None:
    story = b"<html><p>The tide comes in and goes out again, and the harbour waits for neither of them.</p>"
    members = [gzip.compress(response(story + b"%d" % n, url=f"http://a.example/{n}")) for n in range(3)]
    for cut in (1, 8, 9, 20, 40, 60):
        read = pages(b"".join([members[0], members[1][:-cut], members[2]]))
        assert [page.body[-1:] if isinstance(page, Page) else page for page in read] == [b"0", "unreadable", b"2"], cut
