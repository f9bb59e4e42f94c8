"""One page in."""

import base64
import gzip
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
import redis
import zstandard

from shared.packing import unpack
from shared.search.elasticsearch import Access, ElasticsearchIndex
from shared.urls import content_id, page_id
from tests.integration.ingest.conftest import House

MIB = 1024 * 1024
Open = Callable[..., House]


def raw(house: House, body: bytes, content_type: str | None = "text/html", status: int = 202, **rest: Any) -> Any:
    headers = {**({"Content-Type": content_type} if content_type else {}), **rest.pop("headers", {})}
    return house.told(house.http.post("/v1/pages", content=body, headers=headers, **rest), status)


def walks(house: House) -> None:
    """Takes the page that is being posted to its end, once it is there."""
    while not house.ledger.counts().waiting:
        time.sleep(0.01)
    house.walk()


def test_a_page_is_accepted_saved_and_rung_for(house: House) -> None:
    told = house.post("A page.", url="https://a.example/b")
    assert told == {
        "id": page_id("https://a.example/b"),
        "version": told["version"],
        "status": "accepted",
        "receipt": f"/v1/pages/{told['id']}",
    }
    assert house.rung == ["clean"]
    (lease,) = house.ledger.take("clean", 5)
    page = unpack(lease.frame, lease.version)
    assert page.body == b"A page."
    assert (page.envelope.url, page.envelope.charset) == ("https://a.example/b", "utf-8")


def test_the_statuses_of_posting_again(house: House) -> None:
    def status(content: str, day: int | None) -> str:
        fetched: dict[str, Any] = {} if day is None else {"fetched_at": f"2024-01-0{day}T00:00:00Z"}
        return str(house.post(content, url="https://a.example/", **fetched)["status"])

    assert status("one", 2) == "accepted"
    assert status("one", None) == "duplicate"
    assert status("one", 2) == "duplicate"
    assert status("one", 3) == "unchanged"
    assert status("two", 1) == "superseded"
    assert status("two", 4) == "accepted"


def test_changed_tags_or_metadata_are_a_new_version(house: House) -> None:
    first = house.post(url="https://a.example/", tags=["a"])
    assert house.post(url="https://a.example/", tags=["a"])["status"] == "duplicate"
    second = house.post(url="https://a.example/", tags=["b"])
    third = house.post(url="https://a.example/", tags=["b"], metadata={"k": 1})
    assert (second["status"], third["status"]) == ("accepted", "accepted")
    assert first["version"] < second["version"] < third["version"]


def test_spellings_of_one_url_are_one_page(house: House) -> None:
    one = house.post(url="HTTPS://A.example:443/b?utm_source=x#frag")
    two = house.post(url="https://a.example/b", source="another")
    assert one["id"] == two["id"]


def test_a_page_without_a_url_is_its_content(house: House) -> None:
    assert house.post("same", source="a")["id"] == house.post("same", source="b")["id"] == content_id(b"same")


def test_bytes_come_in_base64(house: House) -> None:
    body = "<p>Zürich".encode("latin-1")
    item = {"body": base64.b64encode(body).decode(), "content_type": "text/html; charset=latin-1"}
    told = house.told(house.http.post("/v1/pages", json=item), 202)
    assert house.http.get(f"{told['receipt']}/raw").content == body


def test_a_raw_body_has_its_fields_in_the_query(house: House) -> None:
    fields = {
        "url": "https://a.example/b",
        "fetched_at": "2024-01-01T00:00:00+02:00",
        "source": "feed",
        "title": "T",
        "authors": ["Ann", "Bob"],
        "published": "2024-01-01",
        "language": "de",
        "tags": ["x", "y"],
        "metadata": '{"k": 1}',
    }
    raw(house, b"<p>Hi", "text/html; charset=windows-1252", params=fields)
    (lease,) = house.ledger.take("clean", 5)
    envelope = unpack(lease.frame, lease.version).envelope
    assert envelope.id == page_id("https://a.example/b")
    assert (envelope.content_type, envelope.charset, envelope.source) == ("text/html", "windows-1252", "feed")
    assert envelope.sent.authors == ("Ann", "Bob")
    assert (envelope.tags, envelope.metadata) == (("x", "y"), {"k": 1})


@pytest.mark.parametrize("content_type", [None, "application/octet-stream"])
def test_a_body_of_no_kind_is_detected_later(house: House, content_type: str | None) -> None:
    raw(house, b"<p>Hi", content_type)
    (lease,) = house.ledger.take("clean", 5)
    assert unpack(lease.frame, lease.version).envelope.content_type is None


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
    ],
)
def test_compressed_bodies_are_inflated(house: House, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    text = b"<p>" + b" ".join(b"word %d" % n for n in range(1000))
    told = raw(house, pack(text), headers={"Content-Encoding": encoding})
    assert told["id"] == content_id(text)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.ZstdCompressor().compress)],
)
def test_a_bomb_is_refused(house: House, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    problem = raw(house, pack(bytes(9 * MIB)), headers={"Content-Encoding": encoding}, status=413)
    assert (problem["code"], problem["limit"]) == ("inflates-too-far", "PAGEMILL_INFLATE_MAX_RATIO")


def test_an_unknown_encoding_is_415(house: House) -> None:
    assert raw(house, b"x", headers={"Content-Encoding": "lzma"}, status=415)["code"] == "unsupported-encoding"
    assert raw(house, b"x", headers={"Content-Encoding": "gzip, br"}, status=415)["code"] == "unsupported-encoding"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code", "pointer"),
    [
        (b"{", "application/json", 400, "unreadable", None),
        (b'{"content": "\xff"}', "application/json", 400, "unreadable", None),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "application/json", 422, "nested-too-deep", None),
        (b"[]", "application/json", 422, "invalid", ""),
        (b'{"content": ""}', "application/json", 422, "invalid", "/content"),
        (b'{"content": "x", "colour": 1}', "application/json", 422, "invalid", "/colour"),
        (b'{"content": "x", "url": "nothing"}', "application/json", 422, "invalid", "/url"),
        (b'{"content": "x", "fetched_at": "2999-01-01T00:00:00Z"}', "application/json", 422, "fetched-in-the-future",
         "/fetched_at"),
        (b"", "text/html", 422, "invalid", ""),
        (b"%PDF", "application/pdf", 415, "unsupported-media-type", None),
        (b"", None, 422, "invalid", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    house: House, body: bytes, content_type: str | None, status: int, code: str, pointer: str | None
) -> None:
    problem = raw(house, body, content_type, status=status)
    assert (problem["code"], problem.get("pointer")) == (code, pointer)
    assert house.ledger.counts().accepted == 0


def test_wrong_parameters_are_said(house: House) -> None:
    for parameters, pointer in (
        ({"language": "english"}, "/query/language"),
        ({"metadata": "["}, "/query/metadata"),
        ({"metadata": "[]"}, "/query/metadata"),
        ({"colour": "1"}, "/query/colour"),
        ({"wait": "indexed"}, "/query/wait"),
        ({"timeout": "-1"}, "/query/timeout"),
        ({"timeout": "61"}, "/query/timeout"),
        ({"timeout": "nan"}, "/query/timeout"),
    ):
        assert raw(house, b"x", params=parameters, status=422)["pointer"] == pointer


def test_large_pages_and_requests_name_their_limits(open_house: Open) -> None:
    house = open_house(page_max_bytes=MIB, request_max_bytes=2 * MIB)
    assert raw(house, b"x" * MIB)["status"] == "accepted"
    assert raw(house, b"x" * (MIB + 1), status=413)["limit"] == "PAGEMILL_PAGE_MAX_BYTES"
    assert raw(house, b"x" * (2 * MIB + 1), status=413)["limit"] == "PAGEMILL_REQUEST_MAX_BYTES"
    unknown_length = iter([b"x" * MIB] * 3)
    assert raw(house, unknown_length, status=413)["limit"] == "PAGEMILL_REQUEST_MAX_BYTES"  # type: ignore[arg-type]
    noise = "".join(f"{n} " for n in range(500_000)).encode()
    packed = gzip.compress(noise)
    assert len(packed) < 2 * MIB < len(noise)
    problem = raw(house, packed, headers={"Content-Encoding": "gzip"}, status=413)
    assert problem["limit"] == "PAGEMILL_REQUEST_MAX_BYTES", "after inflating, too"


def test_a_full_line_is_429_and_takes_nothing(open_house: Open) -> None:
    house = open_house(line_max_pages=2)
    house.post("one")
    house.post("two")
    answer = house.http.post("/v1/pages", json={"content": "three"})
    assert (answer.status_code, answer.json()["code"]) == (429, "line-full")
    assert answer.json()["limit"] == "PAGEMILL_LINE_MAX_PAGES"
    assert int(answer.headers["retry-after"]) >= 1
    assert house.ledger.counts().accepted == 2
    assert house.post("one")["status"] == "duplicate", "needs no room"


def test_waiting_bytes_are_limited_too(open_house: Open) -> None:
    house = open_house(line_max_bytes=1)
    house.post()
    assert house.post("Another page.", 429)["limit"] == "PAGEMILL_LINE_MAX_BYTES"


def test_waiting_for_a_page_answers_with_its_receipt(house: House) -> None:
    worker = threading.Thread(target=walks, args=[house])
    worker.start()
    answer = house.http.post(
        "/v1/pages?wait=searchable", json={"content": "Some words of text.", "url": "https://a.example/"}
    )
    worker.join()
    told = house.told(answer, 200)
    assert (told["state"], told["status"], told["receipt"]) == ("searchable", "accepted", f"/v1/pages/{told['id']}")
    assert [stage["name"] for stage in told["stages"]] == ["clean", "enrich", "index"]


def test_waiting_ends_at_any_final_state(house: House) -> None:
    worker = threading.Thread(target=walks, args=[house])
    worker.start()
    told = house.told(house.http.post("/v1/pages?wait=searchable", json={"content": " \n "}), 200)
    worker.join()
    assert told["state"] == "dead"
    assert told["reason"]


def test_waiting_too_long_is_202(house: House) -> None:
    begun = time.monotonic()
    answer = house.http.post("/v1/pages?wait=searchable&timeout=0.3", json={"content": "A page."})
    assert house.told(answer, 202)["status"] == "accepted"
    assert time.monotonic() - begun >= 0.3


def test_waiting_for_a_page_is_202_where_the_index_does_not_answer_once_it_is_taken(open_house: Open) -> None:
    away = ElasticsearchIndex(Access("http://127.0.0.1:9"), "away-", cursor_idle_seconds=300, snapshots_max=8)
    house = open_house(seen_through=lambda _house, _index: away)
    worker = threading.Thread(target=walks, args=[house])
    worker.start()
    answer = house.http.post("/v1/pages?wait=searchable&timeout=2", json={"content": " \n "})
    worker.join()
    told = house.told(answer, 202)
    receipt = house.ledger.receipts.get(told["id"])
    assert (told["status"], receipt.state if receipt else None) == ("accepted", "dead")


def test_a_ring_that_fails_does_not_cost_the_page(house: House) -> None:
    def broken(_room: str) -> None:
        raise OSError("no broker")

    object.__setattr__(house.parts, "ring", broken)
    assert house.post("one")["status"] == "accepted"
    assert house.post("two")["status"] == "accepted", "and the next one is taken as well"
    answer = house.http.post(
        "/v1/pages/batch", content=b'{"content": "x"}', headers={"Content-Type": "application/x-ndjson"}
    )
    assert house.told(answer, 202)["accepted"] == 1


def test_many_clients_at_once_get_an_answer_each(house: House) -> None:
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda n: house.post(f"page {n % 50}"), range(200)))
    assert sorted(answer["status"] for answer in told) == ["accepted"] * 50 + ["duplicate"] * 150
    assert len({answer["id"] for answer in told}) == 50
    assert house.ledger.counts().accepted == 50


def test_redis_away_is_503_and_back_again(house: House, valkey: redis.Redis) -> None:
    valkey.config_set("maxmemory", 1)
    answer = house.http.post("/v1/pages", json={"content": "x"})
    valkey.config_set("maxmemory", 0)
    assert answer.status_code in {429, 503}
    assert "retry-after" in answer.headers
    assert house.ledger.counts().accepted == 0


class TestIdempotencyKeys:
    """Requests that are sent again."""

    def post(self, house: House, key: str, status: int = 202, **options: Any) -> Any:
        return self.answer(house, key, status, **options).json()

    def answer(self, house: House, key: str, status: int = 202, **options: Any) -> Any:
        options = options or {"json": {"content": "A page.", "url": "https://a.example/"}}
        answer = house.http.post("/v1/pages", headers={"Idempotency-Key": key}, **options)
        assert answer.status_code == status, answer.text
        return answer

    def test_the_same_bytes_replay_the_answer(self, house: House) -> None:
        first = self.answer(house, "k1")
        again = self.answer(house, "k1")
        assert again.content == first.content
        assert again.json()["status"] == "accepted", "not duplicate: it is the answer of the first time"
        assert again.headers["idempotency-replayed"] == "true"
        assert "idempotency-replayed" not in first.headers
        assert self.post(house, "k2")["status"] == "duplicate"

    def test_other_bytes_are_refused(self, house: House) -> None:
        self.post(house, "k1")
        same = {"content": "A page.", "url": "https://a.example/"}
        for other in ({"json": {"content": "other"}}, {"json": same, "params": {"title": "Another"}}):
            assert self.post(house, "k1", 422, **other)["code"] == "idempotency-mismatch"

    def test_json_is_json_however_its_type_is_spelt(self, house: House) -> None:
        body = b'{"content": "A page."}'
        kinds = ("application/json", "application/json; charset=utf-8", "Application/JSON")
        answers = [
            house.http.post("/v1/pages", content=body, headers={"Idempotency-Key": "k1", "Content-Type": kind})
            for kind in kinds
        ]
        assert [answer.status_code for answer in answers] == [202] * 3, answers[1].text
        assert len({answer.content for answer in answers}) == 1

    def test_how_long_is_waited_is_no_part_of_the_request(self, house: House) -> None:
        first = self.answer(house, "k1")
        same = {"content": "A page.", "url": "https://a.example/"}
        again = self.answer(house, "k1", json=same, params={"wait": "searchable", "timeout": 1})
        assert again.content == first.content

    def test_a_request_that_still_runs_is_409(self, house: House) -> None:
        options: dict[str, Any] = {"json": {"content": "A page."}, "params": {"wait": "searchable", "timeout": 6}}
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(self.answer, house, "k1", **options)
            while house.ledger.counts().accepted == 0:
                time.sleep(0.01)
            running = self.answer(house, "k1", 409, **options)
            assert running.json()["code"] == "idempotency-running"
            assert running.headers["retry-after"] == "1"
            time.sleep(2.5)
            assert self.post(house, "k1", 409, **options)["code"] == "idempotency-running", "as long as it runs"
            told = first.result()
        assert self.answer(house, "k1", **options).content == told.content

    def test_a_request_that_failed_may_be_mended_under_its_key(self, open_house: Open) -> None:
        house = open_house(line_max_pages=1)
        assert self.post(house, "k1", 422, json={"content": ""})["code"] == "invalid"
        assert self.post(house, "k1")["status"] == "accepted"
        assert self.post(house, "k2", 429, json={"content": "second"})["code"] == "line-full"
        house.walk()
        assert self.post(house, "k2", json={"content": "second"})["status"] == "accepted"

    @pytest.mark.parametrize("key", ["", "é", "x" * 256, "a\tb"])
    def test_a_key_that_is_none_is_refused(self, house: House, key: str) -> None:
        headers = {b"Idempotency-Key": key.encode("latin-1")}
        answer = house.http.post("/v1/pages", json={"content": "x"}, headers=headers)
        assert house.told(answer, 422)["pointer"] == "/header/Idempotency-Key"

    def test_a_key_is_remembered_for_a_day(self, house: House, valkey: redis.Redis) -> None:
        self.post(house, "k1")
        (name,) = valkey.keys("pm:idem:*")
        assert 86_000 < valkey.ttl(name) <= 86_400


def test_what_is_waited_for_is_the_version_that_was_taken(house: House) -> None:
    url = "https://a.example/waited"
    house.post("First.", url=url, fetched_at="2024-01-01T00:00:00Z")
    house.walk()
    house.post(" \n ", url=url, fetched_at="2024-03-01T00:00:00Z")
    house.walk()
    between = {"content": "Between.", "url": url, "fetched_at": "2024-02-01T00:00:00Z"}
    answer = house.http.post("/v1/pages", params={"wait": "searchable", "timeout": 0.2}, json=between)
    taken = house.told(answer, 202)
    house.walk()
    told = house.told(house.http.post("/v1/pages", params={"wait": "searchable"}, json=between), 202)
    assert (told["status"], told["version"]) == ("duplicate", taken["version"]), "and not what became of the dead one"


def test_waiting_ends_where_a_later_page_is_found_whose_receipt_has_expired(house: House, valkey: redis.Redis) -> None:
    url = "https://a.example/expired"
    later = house.post("Fetched later.", url=url, fetched_at="2024-06-01T00:00:00Z")
    house.walk()
    valkey.delete(f"pm:p:{later['id']}")
    worker = threading.Thread(target=walks, args=[house])
    worker.start()
    earlier = {"content": "Fetched earlier.", "url": url, "fetched_at": "2024-05-01T00:00:00Z"}
    told = house.told(house.http.post("/v1/pages?wait=searchable", json=earlier), 200)
    worker.join()
    assert told["version"] < told["searchable_version"] == later["version"]
    assert (told["status"], told["state"], told["reason"]) == ("accepted", "dropped", "superseded")
