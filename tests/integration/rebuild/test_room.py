"""Given the index room's task with a rebuild asked, then pages and slices of the rebuild take turns."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from shared.ledger.carried import Done, Offer
from shared.models.raw_page import Submission
from shared.models.rebuild import ENDED
from shared.packing import freeze, pack, unpack
from shared.settings import Settings
from tests.contracts.search_engines import page
from tests.integration.rebuild.conftest import House
from workers.clean import clean
from workers.enrich import enrich
from workers.index import room
from workers.index.room import index_room
from workers.pool_table import PoolTable
from workers.runtime import Runtime, open_runtime
from workers.stages import floor_plan

STORY = "The ferry between the two islands will run again from Monday, the harbour office said. " * 4


@pytest.fixture
def runtime(settings: Settings, tmp_path: Path, valkey: redis.Redis) -> Iterator[Runtime]:
    """A process of the index room whose tasks take a third of a second."""
    notes = tmp_path / "notes"
    notes.mkdir()
    short = settings.model_copy(update={"drain_seconds": 0.3})
    yield open_runtime(short, notes, floor_plan(short), PoolTable(1).row(0))
    for desk in room._desks:
        desk.rebuilding.close()
        desk.writer.close()
        desk.archive.close()
    room._desks.clear()


def in_the_index_room(house: House, page_id: str) -> None:
    """A page that the index room has not taken yet."""
    frame = pack(Submission(id=page_id, content_type="text/plain"), f"Title\n\n{STORY}".encode())
    (told,) = house.ledger.accept([Offer(id=page_id, frame=frame, content_key=page_id)])
    house.ledger.advance([Done(lease=lease, ms=1) for lease in house.ledger.take("clean", 1)], "enrich")
    document = enrich(clean(unpack(frame, told.version))).model_copy(update={"story": page_id})
    lease = house.ledger.take("enrich", 1)[0]
    house.ledger.advance([Done(lease=lease, frame=freeze(document), ms=1)], "index")


def state_of(house: House, page_id: str) -> str:
    receipt = house.ledger.receipts.get(page_id)
    assert receipt is not None
    return receipt.state


def test_a_new_page_is_searchable_long_before_the_rebuild_has_ended(house: House, runtime: Runtime) -> None:
    house.put(*(page(f"p{number:04d}", STORY, story="s") for number in range(3000)))
    house.close()
    house.ask()
    index_room(runtime)
    in_the_index_room(house, "new")
    assert index_room(runtime) == 1
    assert state_of(house, "new") == "searchable"
    assert house.last().state not in ENDED
    index_room(runtime)  # a slice is owed where the page took all of the last task
    assert house.last().done > 0
    while house.last().state not in ENDED:
        index_room(runtime)
    assert house.last().state == "live"
    assert house.index.count() == 3001


def test_pages_that_take_all_the_time_of_each_task_keep_no_rebuild_from_going_on(
    house: House, runtime: Runtime
) -> None:
    house.put(*(page(f"p{number:04d}", STORY, story="s") for number in range(30)))
    house.close()
    house.ask()
    hurried = replace(runtime, settings=runtime.settings.model_copy(update={"drain_seconds": 0.0001}))
    for number in range(200):
        in_the_index_room(house, f"new{number}")
        index_room(hurried)
        if house.last().state in ENDED:
            break
    assert house.last().state == "live"


def test_where_the_live_index_cannot_be_written_pages_wait_and_a_rebuild_from_raw_pages_frees_them(
    house: House, runtime: Runtime
) -> None:
    house.walk("old", f"Old\n\n{STORY}")
    house.close()
    (house.settings.data / "index" / "meta.json").write_text("garbage")
    in_the_index_room(house, "new")
    assert index_room(runtime) == 0
    assert state_of(house, "new") == "waiting"
    house.ask(from_raw=True)
    while house.last().state not in ENDED:
        index_room(runtime)
    assert house.last().state == "live"
    while state_of(house, "new") == "waiting":
        index_room(runtime)
    assert state_of(house, "new") == "searchable"
    assert house.index.count() == 2


def test_an_idle_room_with_nothing_asked_comes_back_at_once(house: House, runtime: Runtime) -> None:
    assert index_room(runtime) == 0
    shown = house.ledger.rebuilds.shown()
    assert shown is not None
    assert [each.name for each in shown.generations] == ["plain"]
