"""What ended, read once or followed."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.ledger.carried import Offer
from tests.integration.ingest.conftest import House


def fill(house: House, count: int = 3, source: str = "feed") -> list[str]:
    ids = [house.post(f"{source} {n} some words.", source=source)["id"] for n in range(count)]
    house.walk()
    return ids


def read(house: House, **parameters: Any) -> tuple[list[dict[str, Any]], str]:
    answer = house.http.get("/v1/outcomes", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()], answer.headers["x-next-cursor"]


def test_what_ended_is_told_in_order(house: House) -> None:
    ids = fill(house)
    house.post(" \n ", url="https://a.example/")
    house.walk()
    told, _ = read(house)
    assert [line["id"] for line in told[:3]] == ids
    assert [line["state"] for line in told] == ["searchable"] * 3 + ["dead"]
    assert told[3]["reason"]
    assert set(told[0]) == {"id", "version", "state", "reason", "at", "source", "cursor"}
    assert told[0]["at"].endswith("Z")


def test_a_cursor_goes_on_behind_what_was_read(house: House) -> None:
    ids = fill(house, 5)
    first, cursor = read(house, limit=2)
    assert [line["id"] for line in first] == ids[:2]
    assert cursor == first[-1]["cursor"]
    rest, end = read(house, after=cursor)
    assert [line["id"] for line in rest] == ids[2:]
    assert read(house, after=end) == ([], end)
    assert [line["id"] for line in read(house, after=first[0]["cursor"])[0]] == ids[1:]


def test_one_source_may_be_asked_for(house: House) -> None:
    fill(house, 2, "one")
    two = fill(house, 2, "two")
    told, _ = read(house, source="two")
    assert [line["id"] for line in told] == two
    assert read(house, source="three")[0] == []


def test_nothing_has_ended_yet(house: House) -> None:
    told, cursor = read(house)
    assert told == []
    ids = fill(house, 1)
    assert [line["id"] for line in read(house, after=cursor)[0]] == ids


@pytest.mark.parametrize(("name", "value"), [("after", "x"), ("after", "1"), ("limit", "0"), ("cursor", "1-0")])
def test_wrong_parameters_are_said(house: House, name: str, value: str) -> None:
    assert house.get("/v1/outcomes", 422, **{name: value})["pointer"] == f"/query/{name}"


class TestEvents:
    """Server-sent events."""

    def events(self, answer: httpx.Response) -> Iterator[dict[str, Any]]:
        event: dict[str, Any] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
            elif "data" in event:
                yield {**event, "data": json.loads(event["data"])}
                event = {}

    def follow(self, house: House, count: int, **options: Any) -> list[dict[str, Any]]:
        headers = {"Accept": "text/event-stream", **options.pop("headers", {})}
        with house.http.stream("GET", "/v1/outcomes", headers=headers, timeout=10, **options) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            found = self.events(answer)
            return [next(found) for _ in range(count)]

    def test_what_has_ended_is_told_and_then_what_ends(self, house: House) -> None:
        ids = fill(house, 2)
        later = threading.Timer(0.3, fill, (house, 1, "later"))
        later.start()
        told = self.follow(house, 3)
        later.join()
        assert [event["data"]["id"] for event in told[:2]] == ids
        assert told[2]["data"]["source"] == "later"
        assert all(event["event"] == "outcome" and event["id"] == event["data"]["cursor"] for event in told)

    def test_a_client_that_comes_back_goes_on(self, house: House) -> None:
        ids = fill(house, 3)
        first = self.follow(house, 1)
        rest = self.follow(house, 2, headers={"Last-Event-ID": first[0]["id"]}, params={"after": "0-0"})
        assert [event["data"]["id"] for event in rest] == ids[1:]

    def test_a_wrong_last_event_is_said(self, house: House) -> None:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": "x"}
        problem = house.told(house.http.get("/v1/outcomes", headers=headers), 422)
        assert problem["pointer"] == "/header/Last-Event-ID"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream", "text/event-stream"),
        ("application/x-ndjson, text/event-stream;q=0.5", "application/x-ndjson"),
        ("text/event-stream;q=0", "application/x-ndjson"),
        ("*/*", "application/x-ndjson"),
    ],
)
def test_the_form_is_the_one_that_is_liked_best(house: House, accept: str, kind: str) -> None:
    assert house.http.head("/v1/outcomes", headers={"Accept": accept}).headers["content-type"].startswith(kind)


def test_a_seldom_source_is_found_behind_many_outcomes_of_others(house: House) -> None:
    offers = [Offer(id=f"p{n}", frame=b"x", content_key="k", source="many") for n in range(1500)]
    house.ledger.accept([*offers, Offer(id="one", frame=b"x", content_key="k", source="few")])
    for lease in house.ledger.take("clean", 2000):
        house.ledger.reject(lease, reason="empty-page", detail="")
    lines, cursor = read(house, source="few", limit=10)
    assert [line["id"] for line in lines] == ["one"]
    assert read(house, source="few", limit=10, after=cursor)[0] == []
    some, cursor = read(house, limit=7)
    more, _ = read(house, limit=5, after=cursor)
    whole, _ = read(house, limit=2000)
    assert some + more == whole[:12]
    assert len(whole) == 1501


def test_after_the_headers_of_a_stream_the_connection_goes_on(house: House) -> None:
    for _ in range(3):
        assert house.http.head("/v1/outcomes", headers={"Accept": "text/event-stream"}).status_code == 200
        assert house.http.get("/healthz").status_code == 200
