"""Given a memory of sites that cannot be reached, then pages are cleaned and handed on as if there were none."""

from dataclasses import replace
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from shared import clients
from shared.ledger.carried import Offer
from shared.ledger.connection import connect
from shared.models.document import Document
from shared.models.raw_page import Submission
from shared.packing import pack, thaw
from shared.settings import Settings
from shared.sites import block_id
from workers.drain import drain
from workers.pool_table import PoolTable
from workers.runtime import Runtime, open_runtime
from workers.stages import floor_plan

FRIENDS = "The Daily Example has been read by the friends of the harbour since the year that it was built."
SITE = "example.com"
WORDS = "ferry bridge council winter copper market lantern orchard railway signal theatre meadow".split()


@pytest.fixture
def runtime(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> Runtime:
    """One pool process's clients, as a task finds them."""
    settings = Settings(data=tmp_path, redis_url=SecretStr(valkey_url), site_blocks_stories=4, enrich_batch=4)
    (tmp_path / "notes").mkdir()
    return open_runtime(settings, tmp_path / "notes", floor_plan(settings), PoolTable(1).row(0))


def without_memory(runtime: Runtime) -> Runtime:
    """The same with a memory of sites on a server that is not there."""
    sites = clients.sites(runtime.settings, connect("redis://127.0.0.1:1/0"))
    return replace(runtime, sites=sites, known_sites=clients.known_sites(runtime.settings, sites))


def story(number: int) -> str:
    said = [
        f"The {WORDS[(number + place) % 12]}{number} was opened after the {WORDS[(number + place + 5) % 12]}{number}."
        for place in range(8)
    ]
    return f"{' '.join(said)}\n\n{FRIENDS}"


def walk(runtime: Runtime, *numbers: int) -> list[Document]:
    """Takes pages through cleaning and enrichment; their documents, as they wait to be indexed."""
    return walk_texts(runtime, {f"page{number}": story(number) for number in numbers})


def walk_texts(runtime: Runtime, texts: dict[str, str]) -> list[Document]:
    """The same of pages of these ids and texts."""
    offers = []
    for page_id, text in texts.items():
        url = f"https://www.{SITE}/{page_id}"
        page = Submission(id=page_id, url=url, canonical_url=url, content_type="text/plain")
        offers.append(Offer(id=page_id, frame=pack(page, text.encode()), content_key=page_id, url=url, site=SITE))
    runtime.ledger.accept(offers)
    assert drain(runtime, "clean") == drain(runtime, "enrich") == len(texts)
    return [thaw(Document, lease.frame) for lease in runtime.ledger.take("index", 100)]


def test_pages_teach_and_the_next_ones_are_cleaned_by_it(runtime: Runtime) -> None:
    assert all(FRIENDS in document.text for document in walk(runtime, *range(5)))
    assert runtime.sites.known([SITE])[SITE].ids == {block_id(FRIENDS)}
    (document,) = walk(without_cache(runtime), 9)
    assert FRIENDS not in document.text
    assert runtime.row.get("site_blocks") == 1
    told = runtime.sites.memory(SITE)
    assert [(block.text, block.stories) for block in told.blocks] == [(FRIENDS, 6)]


def without_cache(runtime: Runtime) -> Runtime:
    """As another process sees it, which has not asked yet."""
    return replace(runtime, known_sites=clients.known_sites(runtime.settings, runtime.sites))


def test_no_page_is_lost_or_kept_waiting_where_nothing_can_be_asked_or_learnt(runtime: Runtime) -> None:
    walk(runtime, *range(5))
    documents = walk(without_memory(runtime), 6, 7, 8)
    assert [document.id for document in documents] == ["page6", "page7", "page8"]
    assert all(FRIENDS in document.text for document in documents)
    assert runtime.row.get("failed:sites") == 1
    counts = runtime.ledger.counts()
    assert (counts.accepted, counts.dead, counts.balanced) == (8, 0, True)


def edited(copy: int) -> str:
    """A story that many papers carry: after the first each changes a sixth of the words of most paragraphs."""
    paragraphs = []
    for number in range(6):
        words = [f"{WORDS[(number * 7 + place * 5) % 12]}{number}{place}" for place in range(24)]
        if copy and number % 3:
            words[copy :: len(words) // 4] = [f"changed{copy}"] * len(words[copy :: len(words) // 4])
        paragraphs.append(" ".join(words) + ".")
    return "\n\n".join(paragraphs)


def test_the_paragraphs_of_a_syndicated_story_stay_whoever_edits_it_and_wherever_it_stands(runtime: Runtime) -> None:
    for copy in range(5):
        walk_texts(runtime, {f"copy{copy}-{at}": edited(copy) for at in range(3)})
    walk(runtime, *range(3))
    documents = walk_texts(without_cache(runtime), {f"late{copy}": edited(copy) for copy in range(5)})
    assert {document.story for document in documents} == {"copy0-0"}
    assert [document.text for document in documents] == [edited(copy) for copy in range(5)]


def test_a_page_that_has_struck_is_cleaned_without_what_is_known(runtime: Runtime) -> None:
    walk(runtime, *range(5))
    url = f"https://www.{SITE}/struck"
    page = Submission(id="struck", url=url, canonical_url=url, content_type="text/plain")
    frame = pack(page, story(30).encode())
    runtime.ledger.accept([Offer(id="struck", frame=frame, content_key="struck", url=url, site=SITE)])
    runtime.ledger.strike(runtime.ledger.take("clean", 1), reason="crashed", detail="once", traceback="")
    assert drain(without_cache(runtime), "clean") == drain(runtime, "enrich") == 1
    (lease,) = runtime.ledger.take("index", 1)
    assert FRIENDS in thaw(Document, lease.frame).text


@pytest.mark.parametrize("mode", ["show", "off"])
def test_where_it_is_so_set_nothing_is_dropped_or_learnt(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path, mode: str
) -> None:
    settings = Settings(
        data=tmp_path,
        redis_url=SecretStr(valkey_url),
        site_blocks_stories=4,
        site_blocks=mode,
    )
    (tmp_path / "notes").mkdir()
    runtime = open_runtime(settings, tmp_path / "notes", floor_plan(settings), PoolTable(1).row(0))
    walk(runtime, *range(5))
    assert len(runtime.sites.memory(SITE).blocks) == (mode == "show")
    (document,) = walk(without_cache(runtime), 9)
    assert FRIENDS in document.text
