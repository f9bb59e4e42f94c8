"""Dead letters: read, mended, sent again, let go."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from shared.packing import unpack
from shared.urls import page_id
from tests.integration.ingest.conftest import House

BLANK = " \n "
Open = Callable[..., House]


def bury(house: House, count: int = 1, source: str = "feed", **fields: Any) -> list[str]:
    """Pages that cleaning rejects; their ids."""
    ids = [house.post(BLANK, url=f"https://{source}.example/{n}", source=source, **fields)["id"] for n in range(count)]
    house.walk()
    assert all(house.get(f"/v1/pages/{page}")["state"] == "dead" for page in ids)
    return ids


def act(house: House, verb: str, status: int = 200, **asked: Any) -> Any:
    return house.told(house.http.post(f"/v1/dead-letters/{verb}", json=asked), status)


def test_a_list_tells_what_died_where_and_why(house: House) -> None:
    bury(house, 2, "one")
    bury(house, 1, "two")
    told = house.get("/v1/dead-letters")
    assert (told["total"], told["next"]) == (3, None)
    assert [(g["reason"], g["stage"], g["site"], g["count"]) for g in told["groups"]] == [
        (told["items"][0]["reason"], "clean", "one.example", 2),
        (told["items"][0]["reason"], "clean", "two.example", 1),
    ]
    newest = told["items"][0]
    assert newest["url"] == "https://two.example/0"
    assert set(newest) >= {"id", "url", "stage", "reason", "detail", "attempts", "died_at"}
    assert "traceback" not in newest


@pytest.mark.parametrize("name", ["site", "source", "reason", "stage"])
def test_nothing_is_no_site_and_no_source(house: House, name: str) -> None:
    house.post(BLANK)
    house.walk()
    assert house.get("/v1/dead-letters", 422, **{name: ""})["code"] == "invalid"
    for verb in ("redrive", "discard"):
        assert act(house, verb, 422, filter={name: ""}, note="all of it")["pointer"] == f"/filter/{name}"
    assert house.get("/v1/dead-letters")["total"] == 1


def test_a_list_is_filtered_and_turned_page_by_page(house: House) -> None:
    bury(house, 5, "one")
    bury(house, 1, "two")
    assert house.get("/v1/dead-letters", source="two")["total"] == 1
    assert house.get("/v1/dead-letters", site="one.example")["total"] == 5
    assert house.get("/v1/dead-letters", stage="index")["total"] == 0
    assert house.get("/v1/dead-letters", reason="nothing")["items"] == []
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        told = house.get("/v1/dead-letters", site="one.example", size=2, **cursor)
        seen += [item["id"] for item in told["items"]]
        if told["next"] is None:
            break
        cursor = {"cursor": told["next"]}
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("name", "value"), [("cursor", "x"), ("cursor", "-1"), ("size", "0"), ("stage", "attic"), ("q", "1")]
)
def test_wrong_parameters_are_said(house: House, name: str, value: str) -> None:
    assert house.get("/v1/dead-letters", 422, **{name: value})["pointer"] == f"/query/{name}"


def test_a_letter_is_shown_with_its_traceback_and_its_page(house: House) -> None:
    (page,) = bury(house, tags=["x"], metadata={"k": 1}, title="T")
    told = house.get(f"/v1/dead-letters/{page}")
    assert told["traceback"] == "Traceback: here"
    raw = told["raw"]
    assert (raw["content"], raw["url"], raw["tags"], raw["title"]) == (BLANK, "https://feed.example/0", ["x"], "T")
    house.walk()
    assert house.get(f"/v1/dead-letters/{page}")["raw"] == raw, "also when the body has moved to the archive"


def test_bytes_that_are_no_text_are_shown_in_base64(house: House) -> None:
    posted = house.told(
        house.http.post("/v1/pages", content=b"\xa0 \n", headers={"Content-Type": "text/html; charset=latin-1"}), 202
    )
    house.walk()
    raw = house.get(f"/v1/dead-letters/{posted['id']}")["raw"]
    assert base64.b64decode(raw["body"]) == b"\xa0 \n"
    assert raw["content_type"] == "text/html; charset=latin-1"
    assert house.told(house.http.post("/v1/pages", json=raw), 202)["id"] == posted["id"], "as it could be posted"


def test_what_is_no_dead_letter_is_404(house: House) -> None:
    page = house.post("Some words of text.")["id"]
    house.walk()
    assert house.get(f"/v1/dead-letters/{page}", 404)["code"] == "dead-letter-not-found"
    answer = house.http.put(f"/v1/dead-letters/{page}", json={"content": "x"})
    assert house.told(answer, 404)["code"] == "dead-letter-not-found"


@pytest.mark.parametrize("shelved", [False, True])
def test_a_redriven_letter_walks_again_under_its_own_version(house: House, *, shelved: bool) -> None:
    ids = bury(house, 3)
    if shelved:
        house.walk()
    versions = [house.get(f"/v1/pages/{page}")["version"] for page in ids]
    assert act(house, "redrive", ids=[*ids, "unknown"]) == {"matched": 3, "done": 3}
    assert house.rung[-1] == "clean"
    assert house.ledger.counts().dead == 0
    assert [house.get(f"/v1/pages/{page}")["state"] for page in ids] == ["waiting"] * 3
    assert [house.get(f"/v1/pages/{page}")["version"] for page in ids] == versions
    house.walk()
    assert house.ledger.counts().dead == 3
    assert house.ledger.counts().balanced


def test_a_filter_redrives_what_fits(house: House) -> None:
    bury(house, 60, "one")
    bury(house, 2, "two")
    assert act(house, "redrive", filter={"source": "one"}, dry_run=True) == {"matched": 60, "done": 0}
    assert house.ledger.counts().dead == 62
    assert act(house, "redrive", filter={"source": "one"}) == {"matched": 60, "done": 60}
    assert act(house, "redrive", filter={"all": True}) == {"matched": 2, "done": 2}


def test_letters_are_discarded_with_a_reason(house: House) -> None:
    ids = bury(house, 2)
    assert act(house, "discard", 422, ids=ids)["pointer"] == "/note"
    assert act(house, "discard", 422, ids=ids, note="  ")["pointer"] == "/note"
    assert act(house, "discard", ids=ids, dry_run=True) == {"matched": 2, "done": 0}
    assert act(house, "discard", ids=ids, note="empty pages") == {"matched": 2, "done": 2}
    told = house.get(f"/v1/pages/{ids[0]}")
    assert (told["state"], told["reason"]) == ("dropped", "discarded")
    assert told["stages"][-1]["detail"] == "empty pages"
    assert house.ledger.counts().balanced


def test_what_is_not_clear_is_not_done(house: House) -> None:
    ids = bury(house)
    for asked, pointer in (
        ({}, "/ids"),
        ({"ids": ids, "filter": {}}, "/ids"),
        ({"filter": {"colour": 1}}, "/filter/colour"),
        ({"filter": {}}, "/filter"),
        ({"filter": {"all": False}}, "/filter"),
        ({"filter": {"all": True, "reason": "no-text"}}, "/filter/all"),
        ({"ids": ids, "all": True}, "/all"),
    ):
        assert act(house, "redrive", 422, **asked)["pointer"] == pointer
    assert house.ledger.counts().dead == 1


class TestMending:
    """A dead letter's page, mended and sent again."""

    def put(self, house: House, page: str, status: int = 202, **options: Any) -> Any:
        return house.told(house.http.put(f"/v1/dead-letters/{page}", **options), status)

    def test_a_mended_page_takes_the_letters_place(self, house: House) -> None:
        (page,) = bury(house)
        item = house.get(f"/v1/dead-letters/{page}")["raw"]
        told = self.put(house, page, json={**item, "content": "Now there are words."})
        assert (told["id"], told["status"]) == (page, "accepted")
        assert house.ledger.counts().dead == 0
        house.walk()
        assert house.get(told["receipt"])["state"] == "searchable"
        assert house.ledger.counts().balanced

    def test_a_mended_page_keeps_the_url_if_it_says_none(self, house: House) -> None:
        (page,) = bury(house)
        assert self.put(house, page, json={"content": "Some words."})["id"] == page

    def test_a_mended_page_may_come_as_bytes(self, house: House) -> None:
        (page,) = bury(house)
        told = self.put(house, page, content=b"<p>Some words.", headers={"Content-Type": "text/html"})
        assert told["id"] == page

    def test_a_page_that_was_its_content_gets_the_id_of_the_new_one(self, house: House) -> None:
        page = house.post(BLANK)["id"]
        house.walk()
        told = self.put(house, page, json={"content": "Some words."})
        assert told["id"] != page
        assert house.get(f"/v1/pages/{page}")["reason"] == "discarded"

    def test_another_pages_url_is_refused(self, house: House) -> None:
        (page,) = bury(house)
        assert self.put(house, page, 422, json={"content": "x", "url": "https://b.example/"})["pointer"] == "/url"
        assert house.ledger.counts().dead == 1

    def test_what_cannot_be_posted_cannot_be_put(self, open_house: Open) -> None:
        house = open_house(line_max_pages=1)
        (page,) = bury(house)
        assert self.put(house, page, 422, json={"content": ""})["pointer"] == "/content"
        house.post("Fills the line.", source="feed")
        assert self.put(house, page, 429, json={"content": "Some words."})["code"] == "line-full"
        assert house.get(f"/v1/dead-letters/{page}")["id"] == page
        assert house.get("/v1/pages", url="https://feed.example/0")["id"] == page_id("https://feed.example/0")


def test_a_list_goes_on_where_it_was_whatever_dies_or_is_let_go_meanwhile(house: House) -> None:
    ids = bury(house, 9, "one")
    first = house.get("/v1/dead-letters", source="one", size=3)
    act(house, "discard", ids=[item["id"] for item in first["items"]], note="seen")
    bury(house, 2, "two")
    seen = [item["id"] for item in first["items"]]
    cursor = first["next"]
    while cursor:
        told = house.get("/v1/dead-letters", source="one", size=3, cursor=cursor)
        seen += [item["id"] for item in told["items"]]
        cursor = told["next"]
    assert sorted(seen) == sorted(ids)
    assert house.get("/v1/dead-letters", 422, cursor="7")["pointer"] == "/query/cursor"


def test_a_mended_page_that_is_not_taken_costs_no_dead_letter(house: House) -> None:
    url = "https://a.example/mended"
    dead = house.post(BLANK, url=url, fetched_at="2024-03-01T00:00:00Z")
    house.walk()
    answer = house.http.put(
        f"/v1/dead-letters/{dead['id']}", json={"content": "Mended words.", "fetched_at": "2024-02-01T00:00:00Z"}
    )
    assert house.told(answer, 422)["pointer"] == "/fetched_at"
    house.post("Newer words, on their way.", url=url, fetched_at="2024-05-01T00:00:00Z")
    answer = house.http.put(
        f"/v1/dead-letters/{dead['id']}", json={"content": "Mended words.", "fetched_at": "2024-04-01T00:00:00Z"}
    )
    assert house.told(answer, 202)["status"] == "superseded"
    assert house.get(f"/v1/dead-letters/{dead['id']}")["version"] == dead["version"]


def test_a_mended_page_keeps_what_it_says_nothing_of_and_outranks_no_later_one(house: House) -> None:
    url = "https://a.example/fields"
    fields: dict[str, Any] = {
        "source": "feed",
        "tags": ["a", "b"],
        "metadata": {"batch": 7},
        "title": "The ferry",
        "language": "en",
    }
    dead = house.post(BLANK, url=url, fetched_at="2024-05-01T00:00:00Z", **fields)
    house.walk()
    house.told(house.http.put(f"/v1/dead-letters/{dead['id']}", json={"content": "Mended words."}), 202)
    held = house.ledger.receipts.raw(dead["id"])
    assert held
    envelope = unpack(held[1], held[0]).envelope
    assert (envelope.source, envelope.tags, envelope.metadata) == ("feed", ("a", "b"), {"batch": 7})
    assert (envelope.sent.title, envelope.sent.language) == ("The ferry", "en")
    house.walk()
    assert house.post("Words of July.", url=url, fetched_at="2024-07-01T00:00:00Z")["status"] == "accepted"


def test_a_mended_page_is_what_its_receipt_tells_of(house: House) -> None:
    dead = house.post(BLANK, url="https://a.example/mended", fetched_at="2024-03-01T00:00:00Z")
    house.walk()
    answer = house.http.put(
        f"/v1/dead-letters/{dead['id']}", json={"content": "Mended words.", "fetched_at": "2024-03-01T00:00:00Z"}
    )
    mended = house.told(answer, 202)
    assert mended["version"] > dead["version"]
    house.walk()
    told = house.get(mended["receipt"])
    assert (told["state"], told["version"], told["reason"]) == ("searchable", mended["version"], None)
