"""Rows 1, 2 and 15: processes that are killed, and processes that are asked to end, while pages walk."""

from collections.abc import Iterator

import pytest

from tests.chaos import length, report
from tests.chaos.house import House, house
from tests.chaos.rows.killing import asked_to_end, killed_children, killed_while_ending, killed_workers, standing_still
from tests.chaos.rows.leases import AFAR, Gone, outlived_lease
from tests.chaos.trees import tree

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 300)]


@pytest.fixture(scope="module")
def lending() -> Iterator[House]:
    """A house that a worker of another machine has pages of."""
    with tree() as root, house(machine=True, root=root, **AFAR) as made:
        yield made


def test_killed_pool_processes_lose_nothing_and_write_nothing_twice(embedded: House) -> None:
    report.note(killed_children(embedded))


def test_killed_workers_lose_nothing_and_their_pages_go_on(embedded: House) -> None:
    row = killed_workers(embedded)
    report.note(row)
    lease = float(embedded.environment["PAGEMILL_LEASE_SECONDS"])
    assert row.slowest < lease + 40, "leases run out, and workers begin anew, as behind a lost broker"


@pytest.mark.parametrize("gone", ["killed", "stopped"])
def test_a_worker_afar_that_outlives_its_lease_has_its_page_taken_again_and_writes_nothing(
    lending: House, gone: Gone
) -> None:
    report.note(outlived_lease(lending, gone))


def test_a_worker_that_is_asked_to_end_under_load_ends_in_time_and_loses_nothing(embedded: House) -> None:
    report.note(asked_to_end(embedded))


def test_a_worker_that_is_killed_while_it_ends_loses_nothing(embedded: House) -> None:
    report.note(killed_while_ending(embedded))


def test_a_worker_that_stands_still_is_started_again_and_the_log_says_so(embedded: House) -> None:
    report.note(standing_still(embedded))
    assert '"stands still"' in (embedded.data / "up.log").read_text()
