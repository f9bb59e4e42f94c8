"""What a page would become."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import psutil
import pytest

from services.ingest.preview.pool import PreviewPool
from shared.errors import Refused
from shared.intake import Page, submission_from_json
from shared.settings import Settings
from tests.integration.ingest.conftest import House

HTML = "<html lang=en><title>A title</title><article><h1>A title</h1>" + "<p>Some words of a story.</p>" * 20


def preview(house: House, status: int = 200, **page: Any) -> Any:
    return house.told(house.http.post("/v1/preview", json=page), status)


def test_a_preview_shows_what_is_kept_and_what_is_dropped(house: House) -> None:
    told = preview(house, content=HTML, content_type="text/html", url="https://a.example/b", tags=["x"])
    assert set(told) == {"clean", "document"}
    clean, document = told["clean"], told["document"]
    assert set(clean) >= {"title", "standfirst", "paragraphs", "text", "authors", "published", "site_name",
                          "canonical_url", "language_hint", "images", "links", "dropped", "clipped", "evidence",
                          "extractor"}  # fmt: skip
    assert "Some words of a story." in clean["text"]
    assert (document["title"], document["site"], document["language"], document["tags"]) == (
        "A title",
        "a.example",
        "en",
        ["x"],
    )
    assert document["indexed_at"] is None


def test_nothing_of_a_preview_is_kept(house: House) -> None:
    preview(house, content=HTML, url="https://a.example/b")
    assert house.ledger.counts().accepted == 0
    assert house.get("/v1/pages", 404, url="https://a.example/b")


def test_raw_bodies_are_previewed_as_well(house: House) -> None:
    answer = house.http.post("/v1/preview?title=Sent", content=HTML.encode(), headers={"Content-Type": "text/html"})
    assert house.told(answer, 200)["document"]["title"] == "Sent"


def test_a_page_that_is_rejected_says_why(house: House) -> None:
    problem = preview(house, 422, content=" \n ")
    assert (problem["code"], problem["status"]) == ("page-rejected", 422)
    assert problem["reason"]


def test_what_cannot_be_posted_cannot_be_previewed(house: House) -> None:
    assert preview(house, 422, content="")["pointer"] == "/content"
    assert preview(house, 422, content="x", url="nothing")["pointer"] == "/url"


def test_one_process_makes_many_previews_and_ends_with_the_service(house: House) -> None:
    me = psutil.Process()
    before = set(me.children())
    preview(house, content=HTML)
    (mine,) = set(me.children()) - before
    preview(house, content=HTML)
    assert set(me.children()) - before == {mine}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: preview(house, content=HTML), range(8)))
    assert len(set(me.children()) - before) <= 2
    house.close()
    assert set(me.children()) - before == set()


class TestPagesThatBreakTheirProcess:
    """Whatever a page does to its process, the next preview is made."""

    def run(self, scene: Callable[[Callable[[str], Awaitable[bytes]]], Awaitable[None]], **settings: Any) -> None:
        @asynccontextmanager
        async def opened() -> AsyncIterator[PreviewPool]:
            pool = PreviewPool(
                Settings(**{"preview_seconds": 1.0, **settings}), module="tests.integration.ingest.broken_child"
            )
            try:
                yield pool
            finally:
                await pool.close()

        async def whole() -> None:
            async with opened() as pool:
                await scene(lambda content: pool.preview(self.page(content)))

        asyncio.run(whole())

    @staticmethod
    def page(content: str) -> Page:
        return submission_from_json({"content": content}, Settings())

    @pytest.mark.parametrize(
        ("content", "limit"), [("hang", "PAGEMILL_PREVIEW_SECONDS"), ("die", None), ("swell", None)]
    )
    def test_the_next_preview_is_made(self, content: str, limit: str | None) -> None:
        async def scene(preview: Callable[[str], Awaitable[bytes]]) -> None:
            for _ in range(2):
                with pytest.raises(Refused) as caught:
                    await preview(content)
                assert caught.value.code == "preview-failed"
                assert caught.value.problem.limit == limit
                assert b"Some words" in await preview("Some words of text.")

        self.run(scene, page_memory_mib=256)

    def test_two_that_hang_keep_a_third_one_waiting_no_longer_than_they_may(self) -> None:
        async def scene(preview: Callable[[str], Awaitable[bytes]]) -> None:
            await asyncio.gather(preview("warm one"), preview("warm two"))
            begun = time.monotonic()
            told = await asyncio.gather(
                preview("hang"), preview("hang"), preview("Some words."), return_exceptions=True
            )
            assert time.monotonic() - begun < 20
            assert [getattr(each, "code", None) for each in told[:2]] == ["preview-failed"] * 2
            assert threading.active_count() < 100

        self.run(scene, preview_seconds=2.0)
