"""Rows 1, 2 and 15: processes that are killed, and processes that are asked to end, while pages walk."""

import pytest

from tests.chaos import length, report
from tests.chaos.house import House
from tests.chaos.rows.killing import asked_to_end, killed_children, killed_while_ending, killed_workers, standing_still

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 300)]


def test_killed_pool_processes_lose_nothing_and_write_nothing_twice(embedded: House) -> None:
    report.note(killed_children(embedded))


def test_killed_workers_lose_nothing_and_their_pages_go_on(embedded: House) -> None:
    row = killed_workers(embedded)
    report.note(row)
    lease = float(embedded.environment["PAGEMILL_LEASE_SECONDS"])
    assert row.slowest < lease + 40, "leases run out, and workers begin anew, as behind a lost broker"


def test_a_worker_that_is_asked_to_end_under_load_ends_in_time_and_loses_nothing(embedded: House) -> None:
    report.note(asked_to_end(embedded))


def test_a_worker_that_is_killed_while_it_ends_loses_nothing(embedded: House) -> None:
    report.note(killed_while_ending(embedded))


def test_a_worker_that_stands_still_is_started_again_and_the_log_says_so(embedded: House) -> None:
    report.note(standing_still(embedded))
    assert '"stands still"' in (embedded.data / "up.log").read_text()
