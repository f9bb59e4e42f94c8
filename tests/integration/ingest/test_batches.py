"""Many pages in."""

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import redis

from shared.urls import page_id
from tests.integration.ingest.conftest import House
from tests.warc_files import info, record, response, warc

MIB = 1024 * 1024
Open = Callable[..., House]


def lines(items: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def numbered(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"content": f"page {n}", "url": f"https://a.example/{n}"} for n in range(start, start + count)]


def batch(
    house: House,
    body: bytes | Iterator[bytes],
    content_type: str = "application/x-ndjson",
    status: int = 202,
    encoding: str | None = None,
    **parameters: Any,
) -> Any:
    headers = {"Content-Type": content_type} | ({"Content-Encoding": encoding} if encoding else {})
    return house.told(house.http.post("/v1/pages/batch", content=body, headers=headers, params=parameters), status)


def counts(told: dict[str, Any]) -> dict[str, int]:
    return {name: value for name, value in told.items() if isinstance(value, int) and value}


def test_every_line_is_answered_in_its_place(house: House) -> None:
    items = [*numbered(3), {"content": ""}, {"content": "page 1", "url": "https://a.example/1"}]
    told = batch(house, lines(items))
    assert counts(told) == {"accepted": 3, "duplicate": 1, "rejected": 1}
    assert set(told) == {
        "accepted",
        "duplicate",
        "unchanged",
        "superseded",
        "rejected",
        "ignored",
        "results",
        "stopped",
    }
    assert told["stopped"] is None
    assert [result["index"] for result in told["results"]] == [0, 1, 2, 3, 4]
    first = told["results"][0]
    assert first == {
        "index": 0,
        "id": page_id("https://a.example/0"),
        "version": first["version"],
        "status": "accepted",
    }
    error = told["results"][3]["error"]
    assert (error["code"], error["pointer"], error["index"], error["status"]) == ("invalid", "/content", 3, 422)
    assert house.rung == ["clean"]


def test_lines_may_be_broken_anyhow(house: House) -> None:
    body = b'\r\n{"content": "a"}\r\n\n  \n{broken\n{"content": "b", "color": 1}\n[1]\n{"content": "c"}'
    told = batch(house, (bytes([byte]) for byte in body))
    assert counts(told) == {"accepted": 2, "rejected": 3}
    codes = [result.get("status") or result["error"]["code"] for result in told["results"]]
    assert codes == ["accepted", "unreadable", "invalid", "invalid", "accepted"]


def test_a_thousand_pages_share_twenty_transactions(house: House, valkey: redis.Redis) -> None:
    def accepts() -> int:
        return int(valkey.info("commandstats")["cmdstat_evalsha"]["calls"])

    house.post()
    before = accepts()
    told = batch(house, lines(numbered(1000)))
    assert told["accepted"] == 1000
    assert accepts() - before == 20
    assert house.ledger.counts().waiting == 1001


def test_query_parameters_are_defaults_for_all_items(house: House) -> None:
    body = lines([{"content": "a"}, {"content": "b", "source": "own", "tags": ["z"]}])
    told = batch(house, body, source="feed", tags=["x", "y"])
    house.walk()
    one, two = (house.parts.index.get(result["id"]) for result in told["results"])
    assert one is not None
    assert two is not None
    assert (one.source, one.tags) == ("feed", ("x", "y"))
    assert (two.source, two.tags) == ("own", ("z",))


def test_a_wrong_default_is_the_requests_error(house: House) -> None:
    assert batch(house, lines(numbered(1)), status=422, language="english")["pointer"] == "/query/language"
    assert batch(house, lines(numbered(1)), status=422, results="none")["pointer"] == "/query/results"


def test_only_errors_may_be_asked_for(house: House) -> None:
    told = batch(house, lines([*numbered(5), {"content": ""}]), results="errors")
    assert told["accepted"] == 5
    assert [result["index"] for result in told["results"]] == [5]


def test_an_array_is_a_batch(house: House) -> None:
    told = batch(house, json.dumps([*numbered(2), {}], indent=1).encode(), "application/json")
    assert counts(told) == {"accepted": 2, "rejected": 1}
    assert counts(batch(house, b"[]", "application/json")) == {}


@pytest.mark.parametrize("body", [b"{}", b"[", b"", b"nonsense"])
def test_what_is_no_array_is_unreadable(house: House, body: bytes) -> None:
    assert batch(house, body, "application/json", 400)["code"] == "unreadable"


def test_an_array_that_breaks_off_stops_where_it_breaks(house: House) -> None:
    body = json.dumps(numbered(120)).encode()[:-30]
    told = batch(house, body, "application/json")
    assert told["accepted"] == 119
    assert (told["stopped"]["index"], told["stopped"]["error"]["code"]) == (119, "unreadable")


def test_an_array_has_at_most_so_many_items(open_house: Open) -> None:
    house = open_house(array_max_items=60)
    assert batch(house, json.dumps(numbered(60)).encode(), "application/json")["accepted"] == 60
    told = batch(house, json.dumps(numbered(70, 100)).encode(), "application/json")
    assert told["accepted"] == 60
    assert told["stopped"]["index"] == 60
    assert told["stopped"]["error"]["limit"] == "PAGEMILL_ARRAY_MAX_ITEMS"


def test_a_batch_has_at_most_so_many_items(open_house: Open) -> None:
    house = open_house(batch_max_items=70)
    told = batch(house, lines(numbered(200)))
    assert (told["accepted"], told["stopped"]["index"]) == (70, 70)
    assert told["stopped"]["error"]["code"] == "too-many-items"
    assert told["stopped"]["error"]["limit"] == "PAGEMILL_BATCH_MAX_ITEMS"


def test_a_batch_of_known_size_that_is_too_large_is_413(open_house: Open) -> None:
    house = open_house(batch_max_bytes=1000)
    problem = batch(house, lines(numbered(100)), status=413)
    assert (problem["code"], problem["limit"]) == ("batch-too-large", "PAGEMILL_BATCH_MAX_BYTES")
    assert house.ledger.counts().accepted == 0


@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_a_batch_that_grows_too_large_keeps_what_is_within_the_limit(open_house: Open, encoding: str | None) -> None:
    house = open_house(batch_max_bytes=5000)
    body = lines(numbered(200))
    within = body[:5000].count(b"\n")
    assert within < 200
    told = batch(house, iter([gzip.compress(body) if encoding else body]), encoding=encoding)
    assert told["stopped"]["error"]["limit"] == "PAGEMILL_BATCH_MAX_BYTES"
    assert told["stopped"]["index"] == told["accepted"] == len(told["results"]) == within
    assert house.ledger.counts().accepted == within


def test_a_line_that_is_too_long_is_an_item_of_its_own(open_house: Open) -> None:
    house = open_house(page_max_bytes=1000, request_max_bytes=10_000)
    body = lines([{"content": "a"}, {"content": "x" * 50_000}, {"content": "x" * 5000}, {"content": "b"}])
    told = batch(house, body)
    assert counts(told) == {"accepted": 2, "rejected": 2}
    limits = [result["error"]["limit"] for result in told["results"] if "error" in result]
    assert limits == ["PAGEMILL_REQUEST_MAX_BYTES", "PAGEMILL_PAGE_MAX_BYTES"]


def test_when_the_line_fills_on_the_way_the_rest_may_be_sent_again_from_there(open_house: Open) -> None:
    house = open_house(line_max_pages=75)
    items = numbered(100)
    items.insert(3, {"content": ""})
    items.insert(90, {"content": ""})
    told = batch(house, lines(items))
    assert counts(told) == {"accepted": 75, "rejected": 1}
    stopped = told["stopped"]
    assert (stopped["index"], stopped["error"]["code"], stopped["error"]["status"]) == (76, "line-full", 429)
    assert [result["index"] for result in told["results"]] == list(range(76)), "none is told of behind the stop"
    assert house.ledger.counts().accepted == 75
    house.walk()
    rest = batch(house, lines(items[stopped["index"] :]))
    assert counts(rest) == {"accepted": 25, "rejected": 1}


def test_when_the_line_is_full_already_a_batch_is_429(open_house: Open) -> None:
    house = open_house(line_max_pages=1)
    house.post()
    answer = house.http.post(
        "/v1/pages/batch", content=lines(numbered(5)), headers={"Content-Type": "application/x-ndjson"}
    )
    assert house.told(answer, 429)["code"] == "line-full"
    assert int(answer.headers["retry-after"]) >= 1


def test_large_batches_that_stop_early_are_still_answered(open_house: Open) -> None:
    house = open_house(line_max_pages=10)
    padded = [{**item, "content": "x" * 20_000 + str(at)} for at, item in enumerate(numbered(2000))]
    told = batch(house, lines(padded))
    assert (told["accepted"], told["stopped"]["index"]) == (10, 10)
    assert house.http.get("/healthz").status_code == 200


def test_compressed_batches_are_streamed(house: House) -> None:
    told = batch(house, gzip.compress(lines(numbered(300))), encoding="gzip")
    assert told["accepted"] == 300


def test_a_compressed_batch_that_breaks_off_keeps_what_came(house: House) -> None:
    noise = [{"content": json.dumps(list(range(n, n + 400)))} for n in range(400)]
    whole = gzip.compress(lines(noise))
    told = batch(house, whole[: len(whole) // 2], encoding="gzip")
    assert told["stopped"]["error"]["code"] == "unreadable"
    assert told["stopped"]["index"] == told["accepted"] > 100


def test_warc_files_are_batches(house: House) -> None:
    for gzipped in (False, True):
        file = warc(
            info(),
            response(b"<p>one", url="https://a.example/1"),
            response(b"gone", status="404 Not Found", url="https://a.example/2"),
            response(b"\x89PNG", content_type="image/png"),
            response(b"<p>two", url="http://["),
            record("conversion", f"text {gzipped}".encode(), "text/plain", url="https://a.example/4"),
            gzipped=gzipped,
        )
        told = batch(house, file, "application/warc", source="crawl")
        assert (told["ignored"], told["rejected"]) == (3, 1)
        assert [result["index"] for result in told["results"]] == [1, 4, 5], "records are counted from the first one"
    house.walk()
    document = house.parts.index.get(page_id("https://a.example/4"))
    assert document is not None
    assert (document.text, document.source, document.fetched_at.year) == ("text True", "crawl", 2024)


def test_a_record_that_cannot_be_read_costs_none_of_its_neighbours(house: House) -> None:
    good = [response(f"<p>number {n}".encode(), url=f"https://a.example/{n}") for n in range(3)]
    bad = response(b"<p>bad", url="https://a.example/bad").replace(b"Content-Length: ", b"Content-Length: x")
    told = batch(house, warc(*good, bad, *good), "application/warc")
    assert (told["accepted"], told["duplicate"], told["rejected"], told["stopped"]) == (3, 3, 1, None)
    assert (told["results"][3]["index"], told["results"][3]["error"]["code"]) == (3, "unreadable")


def test_a_gzip_member_that_cannot_be_read_costs_none_of_its_neighbours(house: House) -> None:
    good = [response(f"<p>number {n}".encode(), url=f"https://a.example/{n}") for n in range(6)]
    bad = response(b"<p>bad", url="https://a.example/bad").replace(b"Content-Length: ", b"Content-Length: x")
    file = b"".join(map(gzip.compress, (*good[:3], bad, *good[3:])))
    broken = file.replace(gzip.compress(good[1]), gzip.compress(good[1])[:100])
    for body, wrong in ((file, [3]), (broken, [1, 3])):
        told = batch(house, body, "application/warc")
        assert (told["accepted"] + told["duplicate"], told["rejected"], told["stopped"]) == (
            7 - len(wrong),
            len(wrong),
            None,
        )
        errors = [result for result in told["results"] if "error" in result]
        assert [(each["index"], each["error"]["code"]) for each in errors] == [(n, "unreadable") for n in wrong]


def test_a_warc_file_that_breaks_off_stops_there(house: House) -> None:
    file = warc(response(b"<p>one"), response(b"<p>two", url="https://a.example/2"))[:-40]
    told = batch(house, file, "application/warc")
    assert (told["accepted"], told["stopped"]["index"]) == (1, 1)
    assert batch(house, b"no warc", "application/warc", 400)["code"] == "unreadable"


def test_other_kinds_of_bodies_are_415(house: House) -> None:
    assert batch(house, b"a,b", "text/csv", 415)["code"] == "unsupported-media-type"


def test_an_empty_batch_is_answered(house: House) -> None:
    assert counts(batch(house, b"")) == {}


def test_a_ledger_that_goes_away_on_the_way_stops_the_batch(house: House, valkey: redis.Redis) -> None:
    def body() -> Iterator[bytes]:
        yield lines(numbered(100))
        while house.ledger.counts().accepted < 50:
            pass
        valkey.config_set("maxmemory", 1)
        yield lines(numbered(400, 100))

    try:
        told = batch(house, body())
    finally:
        valkey.config_set("maxmemory", 0)
    assert told["stopped"]["error"]["code"] in {"unavailable", "line-full"}
    assert told["stopped"]["index"] == told["accepted"] == house.ledger.counts().accepted


def test_memory_stays_flat_over_a_large_batch(open_house: Open) -> None:
    house = open_house(batch_max_items=100_000)

    def body(count: int) -> Iterator[bytes]:
        for n in range(count):
            yield (
                json.dumps({"content": f"{n} " + "text " * 4000, "url": f"https://a.example/{n % 100}"}).encode()
                + b"\n"
            )

    batch(house, body(200), results="errors")
    tracemalloc.start()
    told = batch(house, body(2000), results="errors")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told["accepted"] + told["duplicate"] == 2000
    assert most < 16 * MIB, "of 40 MB that came in"


def test_every_problem_of_a_batch_bears_the_id_of_the_request(open_house: Open) -> None:
    house = open_house(batch_max_items=2)
    answer = house.http.post(
        "/v1/pages/batch",
        content=b"bad\n" + lines(numbered(3)),
        headers={"Content-Type": "application/x-ndjson", "X-Request-Id": "r-1"},
    )
    told = house.told(answer, 202)
    problems = [result["error"] for result in told["results"] if "error" in result] + [told["stopped"]["error"]]
    assert [problem["request_id"] for problem in problems] == ["r-1", "r-1"]


def test_a_batch_that_the_line_stopped_says_when_to_come_again(open_house: Open) -> None:
    house = open_house(line_max_pages=2)
    answer = house.http.post(
        "/v1/pages/batch", content=lines(numbered(5)), headers={"Content-Type": "application/x-ndjson"}
    )
    assert house.told(answer, 202)["stopped"]["error"]["code"] == "line-full"
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("tail", [b" xyz", b",]", b", {"])
@pytest.mark.parametrize("cut", [None, 5000])
def test_a_broken_array_is_answered_alike_however_it_comes_in(house: House, tail: bytes, cut: int | None) -> None:
    whole = json.dumps(numbered(120)).encode()
    body = (whole if tail == b" xyz" else whole[:-1]) + tail
    told = batch(house, iter([body]) if cut is None else iter([body[:cut], body[cut:]]), "application/json")
    assert (told["accepted"], told["stopped"]["index"]) == (120, 120)
    assert told["stopped"]["error"]["code"] == "unreadable"
