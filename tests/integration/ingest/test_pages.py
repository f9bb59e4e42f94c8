"""Where pages are, their bytes, and their end."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import redis

from shared.search.port import EngineAnswer, SearchIndex
from shared.urls import page_id
from tests.integration.ingest.conftest import House

URL = "https://a.example/b"
ID = page_id(URL)
Open = Callable[..., House]


def expire(valkey: redis.Redis) -> None:
    """As after `receipt_days`."""
    for key in valkey.keys("pm:p:*"):
        valkey.delete(key)


def test_a_receipt_tells_where_a_page_is(house: House) -> None:
    posted = house.post("Some words of text.", url=URL, source="feed")
    waiting = house.get(posted["receipt"])
    assert waiting == {
        "id": ID,
        "url": URL,
        "source": "feed",
        "version": posted["version"],
        "state": "waiting",
        "searchable_version": None,
        "stage": "clean",
        "accepted_at": waiting["accepted_at"],
        "searchable_at": None,
        "reason": None,
        "stages": [],
        "history": [],
    }
    assert waiting["accepted_at"].endswith("Z")
    house.ledger.take("clean", 1)
    assert house.get(posted["receipt"])["state"] == "working"


def test_a_receipt_ends_as_a_time_line(house: House) -> None:
    posted = house.post("Some words of text.", url=URL)
    house.walk()
    told = house.get(posted["receipt"])
    assert (told["state"], told["searchable_version"]) == ("searchable", posted["version"])
    assert told["searchable_at"] is not None
    assert [(stage["name"], stage["attempts"], stage["outcome"]) for stage in told["stages"]] == [
        ("clean", 1, "done"),
        ("enrich", 1, "done"),
        ("index", 1, "done"),
    ]
    assert set(told["stages"][0]) == {
        *("name", "attempts", "started_at", "finished_at", "ms", "outcome", "detail", "waited_ms")
    }


def test_a_page_is_found_by_any_spelling_of_its_url(house: House) -> None:
    house.post(url=URL)
    assert house.get("/v1/pages", url="HTTPS://A.Example:443/b?utm_campaign=x")["id"] == ID
    assert house.get("/v1/pages", 404, url="https://a.example/other")["code"] == "page-not-found"
    assert house.get("/v1/pages", 422, url="nothing")["pointer"] == "/query/url"
    assert house.get("/v1/pages", 422)["pointer"] == "/query/url"


def test_what_was_never_posted_is_404(house: House) -> None:
    for path in ("/v1/pages/nothing", "/v1/pages/nothing/raw"):
        assert house.get(path, 404)["code"] == "page-not-found"
    assert house.told(house.http.delete("/v1/pages/nothing"), 404)["code"] == "page-not-found"
    assert house.get("/v1/pages/no%20id", 422)["pointer"] == "/path/page_id"


def test_a_receipt_that_has_expired_answers_from_the_index(house: House, valkey: redis.Redis) -> None:
    posted = house.post("Some words of text.", url=URL, source="feed")
    house.walk()
    expire(valkey)
    told = house.get(posted["receipt"])
    assert (told["state"], told["version"], told["searchable_version"]) == (
        "searchable",
        posted["version"],
        posted["version"],
    )
    assert (told["url"], told["source"], told["stages"]) == (URL, "feed", [])
    assert told["searchable_at"] is not None


def test_an_older_page_posted_after_the_receipt_has_expired_changes_nothing_that_is_told(
    house: House, valkey: redis.Redis
) -> None:
    newer = house.post("The later text.", url=URL, fetched_at="2024-06-01T00:00:00Z")
    house.walk()
    expire(valkey)
    older = house.post("The earlier text.", url=URL, fetched_at="2024-01-01T00:00:00Z")
    assert older["status"] == "accepted", "nothing is left in the ledger to compare it with"
    house.walk()
    told = house.get(newer["receipt"])
    assert (told["state"], told["version"], told["searchable_version"]) == (
        "searchable",
        newer["version"],
        newer["version"],
    )
    assert house.ledger.counts().dropped == {"superseded": 1}


def test_a_page_that_dies_after_the_receipt_has_expired_still_tells_what_is_searchable(
    house: House, valkey: redis.Redis
) -> None:
    first = house.post("Some words of text.", url=URL)
    house.walk()
    expire(valkey)
    second = house.post(" \n ", url=URL)
    house.walk()
    told = house.get(f"/v1/pages/{ID}")
    assert (told["state"], told["version"], told["searchable_version"]) == ("dead", second["version"], first["version"])


def test_a_deleted_page_that_came_back_is_searchable_after_its_receipt_has_expired_too(
    house: House, valkey: redis.Redis
) -> None:
    house.post("Some words of text.", url=URL)
    house.walk()
    house.told(house.http.delete(f"/v1/pages/{ID}"), 202)
    house.walk()
    time.sleep(0.01)
    again = house.post("Other words of text.", url=URL)
    house.walk()
    expire(valkey)
    told = house.get(f"/v1/pages/{ID}")
    assert (told["state"], told["version"], told["reason"]) == ("searchable", again["version"], None)
    assert house.http.get(f"/v1/pages/{ID}/raw").content == b"Other words of text."


def test_a_dead_page_keeps_what_is_searchable(house: House) -> None:
    first = house.post("Some words of text.", url=URL)
    house.walk()
    second = house.post(" \n ", url=URL)
    house.walk()
    told = house.get(f"/v1/pages/{ID}")
    assert (told["state"], told["version"], told["searchable_version"]) == ("dead", second["version"], first["version"])
    assert told["reason"]


@pytest.mark.parametrize("walked", [False, True])
def test_raw_bytes_are_an_attachment_in_a_sandbox(house: House, *, walked: bool) -> None:
    body = "<script>alert('Zürich')</script><p>Some words of text.".encode("latin-1")
    house.http.post(
        "/v1/pages", params={"url": URL}, content=body, headers={"Content-Type": "text/html; charset=iso-8859-1"}
    )
    if walked:
        house.walk()
    answer = house.http.get(f"/v1/pages/{ID}/raw")
    assert answer.content == body
    assert answer.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert answer.headers["content-disposition"] == f'attachment; filename="{ID}.html"'
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_raw_bytes_of_no_kind_are_an_octet_stream(house: House) -> None:
    told = house.told(house.http.post("/v1/pages", content=b"<p>Some words."), 202)
    assert house.http.get(f"{told['receipt']}/raw").headers["content-type"] == "application/octet-stream"


def test_raw_bytes_that_are_let_go_are_404_of_another_kind(house: House) -> None:
    posted = house.post("Some words of text.", url=URL)
    house.walk()
    house.archive.delete({ID: posted["version"] + 1})
    assert house.get(f"/v1/pages/{ID}/raw", 404)["code"] == "raw-not-kept"


def test_a_deleted_page_is_gone_everywhere(house: House) -> None:
    house.post("Some words of text.", url=URL)
    house.walk()
    answer = house.told(house.http.delete(f"/v1/pages/{ID}"), 202)
    assert (answer["id"], answer["state"]) == (ID, "deleted")
    assert house.rung[-1] == "index"
    assert house.get(f"/v1/pages/{ID}")["state"] == "deleted"
    assert house.get(f"/v1/pages/{ID}/raw", 404)["code"] == "raw-not-kept", "at once, before the archive is asked"
    house.walk()
    assert house.parts.index.get(ID) is None
    assert house.archive.get(ID) is None


def test_a_page_is_deleted_while_it_waits(house: House) -> None:
    house.post("Some words of text.", url=URL)
    house.told(house.http.delete(f"/v1/pages/{ID}"), 202)
    house.walk()
    assert house.parts.index.get(ID) is None
    assert house.ledger.counts().balanced


def test_deleting_twice_is_deleting_once(house: House) -> None:
    house.post("Some words of text.", url=URL)
    one = house.told(house.http.delete(f"/v1/pages/{ID}"), 202)
    two = house.told(house.http.delete(f"/v1/pages/{ID}"), 202)
    assert one == two


def test_a_page_whose_receipt_has_expired_can_be_deleted(house: House, valkey: redis.Redis) -> None:
    house.post("Some words of text.", url=URL)
    house.walk()
    expire(valkey)
    house.told(house.http.delete(f"/v1/pages/{ID}"), 202)
    house.walk()
    assert house.parts.index.get(ID) is None


def test_a_page_fetched_later_comes_back_an_older_one_never(house: House) -> None:
    house.post("One two three.", url=URL, fetched_at="2024-01-01T00:00:00Z")
    house.told(house.http.delete(f"/v1/pages/{ID}"), 202)
    assert house.post("Four five six.", url=URL, fetched_at="2024-06-01T00:00:00Z")["status"] == "superseded"
    time.sleep(0.01)
    assert house.post("Seven eight.", url=URL)["status"] == "accepted", "fetched now"
    house.walk()
    assert house.get(f"/v1/pages/{ID}")["state"] == "searchable"


class TestDeletingMany:
    """By id and by filter."""

    def delete(self, house: House, status: int = 202, **asked: object) -> dict[str, object]:
        told: dict[str, object] = house.told(house.http.post("/v1/pages/delete", json=asked), status)
        return told

    def fill(self, house: House) -> None:
        house.post("One two three.", url="https://www.a.example/1", source="feed", tags=["old"])
        house.post("Four five six.", url="https://a.example/2", source="feed")
        house.post("Seven eight nine.", url="https://b.example/3", source="crawl", language="en")

    def left(self, house: House) -> int:
        house.walk()
        return house.parts.index.count()

    def test_by_ids(self, house: House) -> None:
        self.fill(house)
        ids = [page_id("https://www.a.example/1"), "unknown", page_id("https://b.example/3")]
        assert self.delete(house, ids=ids) == {"matched": 2, "done": 2, "unknown": ["unknown"]}
        assert self.left(house) == 1

    @pytest.mark.parametrize("walked", [False, True])
    @pytest.mark.parametrize(("where", "count"), [({"source": "feed"}, 2), ({"site": "A.example"}, 2),
                                                  ({"site": "a.example", "source": "crawl"}, 0)])  # fmt: skip
    def test_by_site_and_source_wherever_pages_are(
        self, house: House, where: dict[str, str], count: int, *, walked: bool
    ) -> None:
        self.fill(house)
        if walked:
            house.walk()
        assert self.delete(house, filter=where)["done"] == count
        assert self.left(house) == 3 - count

    @pytest.mark.parametrize("first", ["waiting", "searchable", "dead"])
    @pytest.mark.parametrize("second", ["waiting", "searchable"])
    def test_a_page_is_the_one_who_sent_it_last(self, house: House, first: str, second: str) -> None:
        house.post(" " if first == "dead" else "One two three.", url=URL, source="old")
        if first != "waiting":
            house.walk()
        house.post("Four five six.", url=URL, source="new")
        if second == "searchable":
            house.walk()
        assert self.delete(house, filter={"source": "old"}) == {"matched": 0, "done": 0, "unknown": []}
        assert self.delete(house, filter={"source": "new"}) == {"matched": 1, "done": 1, "unknown": []}
        assert self.left(house) == 0

    @pytest.mark.parametrize("source", ["old", "new"])
    def test_a_page_whose_newest_version_died_goes_by_what_is_found_and_by_what_died(
        self, house: House, source: str
    ) -> None:
        house.post("One two three.", url=URL, source="old")
        house.walk()
        house.post(" ", url=URL, source="new")
        house.walk()
        assert self.delete(house, filter={"source": source})["done"] == 1
        assert (self.left(house), house.ledger.counts().dead) == (0, 0)

    def test_a_page_whose_receipt_has_expired_goes_by_what_is_found(self, house: House, valkey: redis.Redis) -> None:
        self.fill(house)
        house.walk()
        expire(valkey)
        assert self.delete(house, filter={"source": "feed"})["done"] == 2

    def test_by_what_is_known_of_documents(self, house: House) -> None:
        self.fill(house)
        house.walk()
        assert self.delete(house, filter={"tag": "old"})["done"] == 1
        assert self.delete(house, filter={"language": "EN", "source": "crawl"})["done"] == 1
        assert self.left(house) == 1

    def test_dead_letters_go_as_well(self, house: House) -> None:
        house.post(" ", url="https://a.example/dead", source="feed")
        house.walk()
        assert house.ledger.counts().dead == 1
        assert self.delete(house, filter={"source": "feed"})["done"] == 1
        assert house.ledger.counts().dead == 0

    def test_more_pages_than_one_answer_of_the_index_holds(self, house: House) -> None:
        for n in range(230):
            house.post(f"Number {n}.", url=f"https://a.example/{n}", source="feed")
        house.walk()
        assert self.delete(house, filter={"source": "feed"})["done"] == 230
        assert self.left(house) == 0

    def test_a_dry_run_only_counts(self, house: House) -> None:
        self.fill(house)
        assert self.delete(house, filter={"source": "feed"}, dry_run=True) == {"matched": 2, "done": 0, "unknown": []}
        assert self.left(house) == 3

    def test_what_is_not_clear_is_not_done(self, house: House) -> None:
        self.fill(house)
        house.post("A page of nobody, from nowhere.")
        wrong: tuple[tuple[dict[str, Any], str], ...] = (
            ({}, "/ids"),
            ({"ids": ["a"], "filter": {"site": "b"}}, "/ids"),
            ({"filter": {}}, "/filter"),
            ({"filter": {"site": None}}, "/filter"),
            ({"filter": {"colour": "red"}}, "/filter/colour"),
            *(({"filter": {name: ""}}, f"/filter/{name}") for name in ("site", "source", "tag", "language")),
            ({"ids": ["no id"]}, "/ids/0"),
            ({"ids": ["a"], "all": True}, "/all"),
        )
        for asked, pointer in wrong:
            assert self.delete(house, 422, **asked)["pointer"] == pointer
        assert self.delete(house, 413, ids=["a"] * 1001)["limit"] == "PAGEMILL_ARRAY_MAX_ITEMS"
        assert self.left(house) == 4


class WalksBehindTheBack:
    """The index, of a house whose workers come to the end of the line right behind each search."""

    def __init__(self, house: House, index: SearchIndex) -> None:
        self._house = house
        self._index = index

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def search(self, *asked: Any, **options: Any) -> EngineAnswer:
        answer = self._index.search(*asked, **options)
        self._house.walk()
        return answer


def test_a_page_that_becomes_searchable_while_its_like_are_deleted_is_deleted_too(open_house: Open) -> None:
    house = open_house(seen_through=WalksBehindTheBack)
    for n in range(5):
        house.post(f"Number {n} of some pages.", url=f"https://a.example/{n}", source="feed")
    told = house.told(house.http.post("/v1/pages/delete", json={"filter": {"source": "feed"}}), 202)
    assert (told["matched"], told["done"]) == (5, 5)
    house.walk()
    assert house.parts.index.count() == 0
