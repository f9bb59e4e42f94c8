"""Given processes that come and go, then their pool's figures go on where they were."""

import os

from workers.pool_table import PoolTable


def test_a_pool_has_the_sum_of_its_processes() -> None:
    table = PoolTable(2)
    for place, pages in ((0, 3), (1, 16)):
        table.row(place).batch("clean", pages)
    assert table.total("pages:clean") == 19
    assert (table.total("batch:clean:5"), table.total("batch:clean:20")) == (1, 1)
    assert table.active == 2


def test_a_process_that_takes_anothers_place_goes_on_with_its_sums_and_holds_nothing() -> None:
    table = PoolTable(1)
    table.row(0).begin()
    table.row(0).batch("clean", 16)
    table.row(0).begin()
    assert table.total("pages:clean") == 16
    assert (table.active, table.restarts) == (0, 1)


def test_what_a_forked_process_counts_is_seen_by_its_parent() -> None:
    table = PoolTable(1)
    if (child := os.fork()) == 0:
        table.row(0).wrote(0.02)
        os._exit(0)
    os.waitpid(child, 0)
    assert table.total("write:0.025") == 1
    assert table.total("write_seconds") == 0.02


def test_more_processes_than_places_share_the_last_one() -> None:
    table = PoolTable(1)
    table.row(7).failed("index")
    table.row(0).failed("a word nobody knows")
    assert (table.total("failed:index"), table.total("failed:other")) == (1, 1)


def test_a_batch_beyond_the_last_bound_is_counted_too() -> None:
    table = PoolTable(1)
    table.row(0).batch("index", 100_000)
    table.row(0).wrote(3600)
    assert (table.total("batch:index:inf"), table.total("write:inf")) == (1, 1)
