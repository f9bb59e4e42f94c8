"""Given an Elasticsearch that was well and then hangs, the control room says so within seconds and does not wait."""

import threading
import time

import pytest

from services.monitor.index_watch import IndexWatch
from shared.search.elasticsearch import ElasticsearchIndex
from tests.elasticsearch.stand_in import Answer, Asked, Forward, StandIn

pytestmark = pytest.mark.elasticsearch


def test_what_it_said_last_holds_for_seconds_and_then_it_gives_no_answer(
    index: ElasticsearchIndex, engine: StandIn
) -> None:
    seconds, goes_on = [0.0], threading.Event()
    watch = IndexWatch(index, lambda: seconds[0])

    def hangs(_: Asked, forward: Forward) -> Answer:
        goes_on.wait(60)
        return forward()

    wait_until_well(watch)
    asked, engine.rule = len(engine.asked), hangs
    for seconds[0] in (10.0, 14.9):
        assert watch.now().ok
    for seconds[0] in (15.0, 100.0):
        assert (watch.now().ok, watch.now().detail) == (False, "no answer in time")
    assert len(engine.asked) == asked + 1
    goes_on.set()
    wait_until_well(watch)


def wait_until_well(watch: IndexWatch) -> None:
    while not watch.now().ok:
        time.sleep(0.05)
