"""Given deletes that the index has not been told of, then nothing that is read has these pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from pydantic import SecretStr

from services.together import app_for
from shared import clients
from shared.ledger.ledger import Ledger
from shared.search.port import IndexWriter
from shared.settings import Settings
from tests.integration.query.conftest import Service, page
from workers.index.errands import take_out


class House:
    """The query service as it is run, a ledger, and the index room's part of deletes."""

    def __init__(self, settings: Settings, client: redis.Redis) -> None:
        self.ledger = Ledger(client, settings)
        self.writer: IndexWriter = clients.index_writer(settings)
        self.service = Service(app_for(settings, "query"))

    def put(self, *names: str, **fields: Any) -> None:
        text = "herons wade beside the harbour in the early morning light"
        self.writer.index([page(name, text, **fields) for name in names])

    def delete(self, *names: str) -> None:
        self.ledger.forget(names)

    def close(self) -> None:
        self.service.close()
        self.writer.close()


@pytest.fixture
def house(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> Iterator[House]:
    opened = House(Settings(data=tmp_path, redis_url=SecretStr(valkey_url)), valkey)
    yield opened
    opened.close()


def found(house: House, **parameters: Any) -> tuple[list[str], int]:
    told = house.service.search(q="herons", sort="indexed", **parameters)
    return sorted(hit["id"] for hit in told["hits"]), told["total"]["value"]


def walked(house: House, between: Callable[[], None] = lambda: None, **parameters: Any) -> list[str]:
    """The ids of all pages of results, in order."""
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        told = house.service.search(q="herons", size=2, **parameters, **cursor)
        ids += [hit["id"] for hit in told["hits"]]
        if told["next"] is None:
            return ids
        cursor = {"cursor": told["next"]}
        between()


def test_a_page_whose_delete_waits_is_neither_found_nor_counted_nor_shown(house: House) -> None:
    house.put("a", "b", "c", title="Herons", site="pond.example")
    house.delete("a")
    assert found(house) == (["b", "c"], 2)
    (facet,) = house.service.search(q="", facets="site")["facets"]["site"]
    assert facet["count"] == 2
    assert house.service.get("/v1/documents/a").status_code == 404
    assert house.service.get("/v1/documents/a/similar").status_code == 404
    assert "a" not in {hit["id"] for hit in house.service.get("/v1/documents/b/similar").json()["hits"]}
    suggested = house.service.get("/v1/suggest", params={"q": "her"}).json()["suggestions"]
    assert [each["count"] for each in suggested] == [2]
    exported = house.service.get("/v1/export", params={"q": "herons"}).text.splitlines()
    assert len(exported) == 2


@pytest.mark.parametrize("sort", ["relevance", "oldest", "indexed"])
def test_pages_of_results_have_each_page_that_is_there_once(house: House, sort: str) -> None:
    house.put(*(f"p{number}" for number in range(7)))
    house.delete("p0", "p3")
    assert sorted(walked(house, sort=sort)) == ["p1", "p2", "p4", "p5", "p6"]
    taken = walked(house, lambda: take_out(house.ledger, house.writer), sort=sort)
    assert sorted(taken) == ["p1", "p2", "p4", "p5", "p6"]
    assert found(house, size=2)[1] == 5


def test_another_copy_stands_for_a_story_whose_page_is_being_deleted(house: House) -> None:
    house.put("a1", "a2", "a3", story="a")
    house.put("b", story="b")
    house.delete("a1")
    assert found(house, fold="story") == (["a2", "b"], 3)
    assert sorted(walked(house, fold="story")) == ["a2", "b"]


def test_a_page_that_came_back_is_found_as_soon_as_the_index_has_it(house: House) -> None:
    house.put("a")
    house.delete("a")
    assert found(house) == ([], 0)
    take_out(house.ledger, house.writer)
    house.put("a", version=2**52)
    assert found(house) == (["a"], 1)


def test_where_the_ledger_cannot_tell_searches_go_on_with_what_was_known(house: House, valkey: redis.Redis) -> None:
    house.put("a", "b")
    house.delete("a")
    assert found(house) == (["b"], 1)
    valkey.rename("pm:jobs", "pm:hidden")
    valkey.set("pm:jobs", "not what it was")
    assert found(house) == (["b"], 1)
