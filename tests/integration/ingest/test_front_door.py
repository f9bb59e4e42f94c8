"""The front door as a service: who may call, what it tells of itself, how it treats slow clients."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from services.ingest.limits import FIXED, LIMITS
from shared.settings import Settings
from tests.integration.ingest.conftest import House

Open = Callable[..., House]
HEAD = b"POST /v1/pages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def test_every_limit_is_told_with_its_setting(house: House) -> None:
    told = house.get("/v1/limits")
    assert told["page_max_bytes"] == house.settings.page_max_bytes
    by_name = {limit["name"]: limit for limit in told["limits"]}
    assert by_name["batch_max_items"] == {
        "name": "batch_max_items",
        "value": 10_000,
        "setting": "PAGEMILL_BATCH_MAX_ITEMS",
        "description": "Items of a batch.",
    }
    assert by_name["search_size_max"]["setting"] is None
    assert set(by_name) == {*LIMITS, *(limit.name for limit in FIXED)} == set(told) - {"limits"}


def test_no_limit_is_forgotten() -> None:
    named = {name for name in Settings.model_fields if "_max" in name and not name.startswith("log_")}
    assert named | {"index_free_mib"} <= set(LIMITS)
    of_requests = {"idempotency_key_max_chars", "suggest_size_max", "suggest_max_chars", "similar_size_max"}
    of_lists = {"outcomes_size_max", "dead_letters_size_max", "note_max_chars"}
    assert of_requests | of_lists <= {limit.name for limit in FIXED}


def test_strangers_are_refused(house: House) -> None:
    answer = house.http.post("/v1/pages", json={"content": "x"}, headers={"Host": "evil.example"})
    assert house.told(answer, 403)["code"] == "unknown-host"
    answer = house.http.post("/v1/pages", json={"content": "x"}, headers={"Origin": "https://evil.example"})
    assert house.told(answer, 403)["code"] == "foreign-origin"
    assert house.ledger.counts().accepted == 0


def test_it_is_ready_when_the_ledger_is(house: House) -> None:
    assert house.get("/readyz")["checks"][0]["name"] == "ledger"


def test_the_description_names_every_route_and_its_problems(house: House) -> None:
    paths = house.get("/openapi.json")["paths"]
    assert {
        "/v1/pages",
        "/v1/pages/batch",
        "/v1/pages/delete",
        "/v1/pages/{page_id}",
        "/v1/pages/{page_id}/raw",
        "/v1/outcomes",
        "/v1/preview",
        "/v1/limits",
        "/v1/dead-letters",
        "/v1/dead-letters/redrive",
        "/v1/dead-letters/discard",
        "/v1/dead-letters/{page_id}",
    } <= set(paths)
    posting = paths["/v1/pages"]["post"]
    assert set(posting["responses"]) == {
        "200", "202", "400", "401", "403", "408", "409", "413", "415", "422", "429", "431", "500",
        "501", "503"
    }  # fmt: skip
    assert {"application/json", "text/html", "application/octet-stream"} <= set(posting["requestBody"]["content"])
    assert {parameter["name"] for parameter in posting["parameters"]} >= {"url", "tags", "wait", "Idempotency-Key"}


@pytest.mark.parametrize("sent", [b"NOTHING\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", HEAD + b"Content-Length: -1\r\n\r\n"])
def test_what_is_no_http_gets_a_problem_and_is_hung_up_on(house: House, sent: bytes) -> None:
    with socket.create_connection(house.address, timeout=10) as client:
        client.sendall(sent)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    told = json.loads(body)
    assert (told["status"], told["code"]) == (400, "unreadable")
    assert told["request_id"]
    assert f"x-request-id: {told['request_id']}\r\n".encode() in head + b"\r\n"


def test_an_address_that_is_too_long_to_be_read_is_told_as_that(house: House) -> None:
    most = house.get("/v1/limits")["address_max_bytes"]
    start = b"/v1/limits?q="
    for length, status in ((most, b"422"), (most + 1, b"400")):
        with socket.create_connection(house.address, timeout=10) as client:
            address = start + b"x" * (length - len(start))
            asked = b"X-Request-Id: mine\r\nConnection: close\r\n\r\n"
            client.sendall(b"GET " + address + b" HTTP/1.1\r\nHost: localhost\r\n" + asked)
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 " + status)
    told = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert told["detail"] == f"The address has {most + 1} bytes, more than {most}."
    assert told["request_id"] == "mine"


def test_who_goes_on_sending_what_is_refused_reads_why_all_the_same(house: House) -> None:
    with socket.create_connection(house.address, timeout=10) as client:
        client.sendall(HEAD + b"X-Long: " + b"x" * 300_000)
        client.recv(1, socket.MSG_PEEK)  # it has been refused
        for _ in range(3):
            client.sendall(b"x" * 100_000)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"headers-too-large" in answer


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"X-Long: " + b"x" * 400_000 + b"\r\n\r\n",
        HEAD + b"X-Many: x\r\n" * 40_000 + b"\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: " + b"x" * 400_000 + b"\r\n\r\n",
    ],
    ids=["one long header", "many headers", "headers behind the body"],
)
def test_headers_are_counted_while_they_come(house: House, sent: bytes) -> None:
    with socket.create_connection(house.address, timeout=10) as client:
        with suppress(ConnectionError):
            client.sendall(sent)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 431 ")
    told = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert (told["code"], told["limit"]) == ("headers-too-large", "PAGEMILL_HEADERS_MAX_BYTES")


def test_headers_up_to_the_limit_and_bodies_of_any_length_beside_them_are_read(house: House) -> None:
    large = {"X-Long": "x" * 200_000}
    answer = house.http.post("/v1/pages", json={"content": "word " * 400_000}, headers=large)
    assert answer.status_code == 202


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//[", "http://]"])
def test_an_origin_that_is_no_address_is_a_foreign_one(house: House, origin: str) -> None:
    answer = house.http.get("/v1/limits", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")


def test_an_empty_host_is_told_as_that(house: House) -> None:
    answer = house.http.get("/v1/limits", headers={"Host": ""})
    assert answer.json()["detail"] == 'The Host header is "", which is no name of this service.'


@pytest.mark.parametrize("host", ["[::1]evil.example", "127.0.0.1:80@evil.example", "[::1", "localhost:x"])
def test_a_host_that_is_no_host_and_port_is_a_strange_one(house: House, host: str) -> None:
    answer = house.http.get("/v1/limits", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown-host")


def test_head_tells_the_headers_of_a_stream_without_an_end_and_ends(house: House) -> None:
    answer = house.http.head("/v1/outcomes", headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("sent", [b"", b'{"cont'])
def test_a_client_that_sends_nothing_more_is_let_go(open_house: Open, sent: bytes) -> None:
    house = open_house(slow_client_seconds=0.3)
    with socket.create_connection(house.address, timeout=10) as client:
        client.sendall(HEAD + b"Content-Length: 50\r\n\r\n" + sent)
        begun = time.monotonic()
        answer = client.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"slow-client" in answer
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("sent", [b"GET /v1/limits HT", HEAD, HEAD + b"X-Slow: a\r\n"])
def test_a_client_that_never_ends_its_headers_is_let_go(open_house: Open, sent: bytes) -> None:
    house = open_house(slow_client_seconds=0.3)
    with socket.create_connection(house.address, timeout=10) as client:
        client.sendall(sent)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    told = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert (told["code"], told["limit"]) == ("slow-client", "PAGEMILL_SLOW_CLIENT_SECONDS")


def test_a_client_that_never_says_a_word_is_hung_up_on(open_house: Open) -> None:
    house = open_house(slow_client_seconds=0.3)
    with socket.create_connection(house.address, timeout=10) as client:
        assert client.recv(65536) == b""


def test_a_connection_that_rests_between_requests_is_kept(open_house: Open) -> None:
    house = open_house(slow_client_seconds=0.2)
    ask = b"GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(house.address, timeout=10) as client:
        for _ in range(2):
            client.sendall(ask)
            assert client.recv(15) == b"HTTP/1.1 200 OK"
            time.sleep(0.5)
            client.setblocking(False)
            while not client.recv(65536).endswith(b"}"):
                pass
            client.setblocking(True)


def test_a_client_that_goes_on_slowly_is_waited_for(open_house: Open) -> None:
    house = open_house(slow_client_seconds=0.5)
    body = b'{"content": "x"}'
    with socket.create_connection(house.address, timeout=10) as client:
        client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
        for at in range(0, len(body), 4):
            time.sleep(0.2)
            client.sendall(body[at : at + 4])
        assert client.recv(65_536).startswith(b"HTTP/1.1 202 ")


def test_a_client_that_leaves_in_the_middle_breaks_nothing(house: House) -> None:
    for path in (b"/v1/pages", b"/v1/pages/batch"):
        with socket.create_connection(house.address) as client:
            client.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                           b'Content-Length: 5000\r\n\r\n{"content": "x"}\n')  # fmt: skip
    assert house.post()["status"] == "accepted"


def test_who_has_said_all_there_is_to_say_is_answered(house: House) -> None:
    body = b'{"content": "word"}'
    with socket.create_connection(house.address, timeout=10) as client:
        client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    told, _, receipt = answer.partition(b"\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 202 ")
    assert json.loads(receipt)["status"] == "accepted"


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"identity, chunked"])
def test_a_body_in_a_coding_that_is_not_known_is_not_read_as_another(house: House, coding: bytes) -> None:
    with socket.create_connection(house.address, timeout=10) as client:
        client.sendall(HEAD + b"Connection: close\r\nTransfer-Encoding: " + coding + b"\r\n\r\n1\r\nx\r\n0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 501 ")
    told = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert (told["code"], told["pointer"]) == ("unsupported-transfer-encoding", "/header/transfer-encoding")


def test_bodies_with_no_length_are_read(house: House) -> None:
    answer = house.http.post(
        "/v1/pages", content=iter([b'{"content": ', b'"x"}']), headers={"Content-Type": "application/json"}
    )
    assert house.told(answer, 202)["status"] == "accepted"
