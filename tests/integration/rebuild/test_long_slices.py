"""Given texts that take long, failures and processes that end, then a rebuild gets on, and tells what happened."""

import itertools
import time
from collections.abc import Iterator, Sequence

import pytest
import redis

from shared.errors import DependencyUnavailable
from shared.ledger.ledger import Ledger
from shared.models.document import Document
from shared.models.rebuild import Rebuild
from shared.search.every_generation import EveryGeneration
from shared.settings import Settings
from tests.contracts.search_engines import page
from tests.integration.ledger.rebuilds_on import rebuilds_on
from tests.integration.rebuild.conftest import House, abandoned
from tests.integration.rebuild.slow_engines import Engine
from workers.index.opening import open_rebuilding
from workers.index.rebuild import Rebuilding


class SlowHouse(House):
    """The house on an engine that can be made slow, or made to fail."""

    def open(self) -> None:
        self.engine = Engine(self.settings.data / "index", heap_bytes=16_000_000)
        self.generations = self.engine
        self.writer = EveryGeneration(self.engine)
        self.rebuilding = self.another()

    def another(self) -> Rebuilding:
        """What works on rebuilds in another process, on the same engine."""
        return open_rebuilding(self.settings, self.ledger_of_its_own(), self.engine, self.archive, self.child)

    def ledger_of_its_own(self) -> Ledger:
        return Ledger(self.client, self.settings)


@pytest.fixture
def slow(settings: Settings, valkey: redis.Redis) -> Iterator[SlowHouse]:
    opened = SlowHouse(settings, valkey)
    yield opened
    opened.close()
    opened.archive.close()


def texts(house: House, count: int, text: str = "Short.") -> None:
    house.put(*(page(f"p{number:04d}", f"{number} {text}", story="s") for number in range(count)))


def lease_end(valkey: redis.Redis) -> int:
    return int(valkey.hget("pm:rebuild", "until") or 0)


def test_a_text_that_takes_longer_than_the_lease_is_written_and_saved_by_the_process_that_began(
    slow: SlowHouse, valkey: redis.Redis
) -> None:
    texts(slow, 3)
    slow.ask()
    slow.until("filling")
    others: list[Rebuild | None] = []

    def outlast_the_lease(_: Sequence[Document]) -> None:
        """Until the lease that the slice began with has run out on the server's clock."""
        first = lease_end(valkey)
        while int(valkey.time()[0]) * 1000 <= first:
            time.sleep(0.1)
        others.append(rebuilds_on(valkey).take())

    slow.engine.before_write = outlast_the_lease
    slow.rebuilding.slice()
    slow.engine.before_write = lambda _: None
    told = slow.last()
    assert others == [None]
    assert (told.done, told.tries, told.trouble) == (3, 0, None)
    assert slow.run().state == "live"


@pytest.mark.parametrize("text", ["tide " * 60_000, "港" * 100_000])
def test_a_slice_without_time_writes_one_long_text_and_the_next_one_goes_on(slow: SlowHouse, text: str) -> None:
    texts(slow, 4, text)
    slow.ask()
    slow.until("filling")
    seen = []
    for _ in range(3):
        slow.rebuilding.slice(0)
        seen.append(slow.last().done)
    assert seen == [1, 2, 3]
    told = slow.run()
    assert (told.state, told.copied) == ("live", 4)


def test_processes_that_take_turns_go_on_where_the_other_one_stopped(slow: SlowHouse) -> None:
    texts(slow, 200)
    slow.ask()
    slow.until("filling")
    written: list[str] = []
    slow.engine.before_write = lambda documents: written.extend(each.id for each in documents)
    both = (slow.rebuilding, slow.another())
    for one in itertools.cycle(both):
        one.slice(0)
        if slow.last().state != "filling":
            break
    told = slow.run()
    both[1].close()
    assert (told.state, told.copied, told.done) == ("live", 200, 200)
    assert written == [f"p{number:04d}" for number in range(200)]


def test_what_was_written_before_a_failure_is_saved(slow: SlowHouse) -> None:
    texts(slow, 60)
    slow.ask()
    slow.until("filling")
    calls = itertools.count()

    def fail_the_second_time(_: Sequence[Document]) -> None:
        if next(calls) == 1:
            raise ValueError("broken for once")

    slow.engine.before_write = fail_the_second_time
    slow.rebuilding.slice(60)
    told = slow.last()
    assert (told.done, told.tries, told.trouble) == (20, 0, None)
    assert slow.run().state == "live"


def test_work_is_saved_where_the_generations_cannot_be_shown(slow: SlowHouse) -> None:
    texts(slow, 3)
    slow.ask()
    calls = itertools.count()

    def away_from_the_second_time_on() -> None:
        if next(calls):
            raise DependencyUnavailable("index", "away")

    slow.engine.before_status = away_from_the_second_time_on
    slow.rebuilding.slice()
    assert slow.last().state == "filling"


def fail(_: Sequence[Document]) -> None:
    raise ValueError("this text is poison")


def test_work_that_ends_its_process_each_time_is_refused_and_says_so(slow: SlowHouse, valkey: redis.Redis) -> None:
    texts(slow, 3)
    slow.ask()
    slow.until("filling")
    for _ in range(10):
        abandoned(valkey)
    told = slow.run()
    assert told.state == "refused"
    assert "10 times in a row" in (told.reason or "")
    assert "ended in the middle" in (told.reason or "")


def test_work_that_fails_each_time_is_refused_with_what_went_wrong_last(slow: SlowHouse, valkey: redis.Redis) -> None:
    texts(slow, 3)
    slow.ask()
    slow.until("filling")
    for _ in range(7):
        abandoned(valkey)
    slow.engine.before_write = fail
    told = slow.run()
    assert (told.state, told.tries) == ("refused", 0)
    assert "10 times in a row" in (told.reason or "")
    assert "this text is poison" in (told.reason or "")
    assert slow.roles() == {"live": 3}


def test_fewer_processes_that_are_ended_are_no_reason_to_give_up(slow: SlowHouse, valkey: redis.Redis) -> None:
    texts(slow, 3)
    slow.ask()
    slow.until("filling")
    for _ in range(9):
        abandoned(valkey)
    assert slow.run().state == "live"


def test_a_process_that_wakes_when_another_has_gone_on_changes_nothing(slow: SlowHouse, valkey: redis.Redis) -> None:
    texts(slow, 40)
    slow.ask()
    slow.until("filling")
    written: list[str] = []

    def another_takes_over(documents: Sequence[Document]) -> None:
        """As if this process had stood still, and another had it by now."""
        if not written:
            valkey.hset("pm:rebuild", mapping={"token": "another", "until": 0})
        written.extend(each.id for each in documents)

    slow.engine.before_write = another_takes_over
    slow.rebuilding.slice(60)
    assert (len(written), slow.last().done) == (20, 0)
    told = slow.run()
    assert (told.state, told.copied) == ("live", 40)


@pytest.mark.parametrize("cancelled", [True, False])
def test_going_live_that_was_cut_at_its_end_is_gone_through_again(slow: SlowHouse, cancelled: bool) -> None:
    texts(slow, 3)
    slow.ask()
    slow.until("filling")
    calls = itertools.count(1)

    def cut_the_first_time() -> None:
        if next(calls) == 1:
            raise DependencyUnavailable("index", "away")

    slow.engine.after_going_live = cut_the_first_time
    slow.until("checking")
    while slow.rebuilding.slice():
        pass
    assert slow.last().trouble
    if cancelled:
        slow.ledger.rebuilds.cancel()
    assert slow.run().state == "live"
    assert next(calls) == 3
