"""Row 14: a broker that is full."""

from collections.abc import Iterator

import pytest

from tests.chaos import length, report
from tests.chaos.house import House, house
from tests.chaos.rows.memory import full_memory, over_full_memory

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 400)]


@pytest.fixture(scope="module")
def small() -> Iterator[House]:
    """A house with as little memory as may be."""
    with house(redis_memory_mib=64) as made:
        yield made


def test_a_broker_that_may_not_write_lets_workers_drain_it_and_recovers_without_a_hand(small: House) -> None:
    report.note(over_full_memory(small))


def test_a_broker_at_its_high_water_mark_is_a_429_and_recovers_without_a_hand(small: House) -> None:
    report.note(full_memory(small))
