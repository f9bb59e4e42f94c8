"""Rows 3, 4, 17 and 18: the embedded broker is killed, loses what it had not synced, has a full disk, loses bells."""

import pytest

from tests.chaos import length, report
from tests.chaos.house import House
from tests.chaos.rows.broker import full_disk, killed_broker, lost_bells, power_cut

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 300)]


def test_a_killed_broker_loses_nothing_and_the_door_says_503_meanwhile(embedded: House) -> None:
    row = killed_broker(embedded, "3 kill -9 of the broker", "row3", int(length.of(short=3, long=15)))
    report.note(row)
    assert row.slowest < 40


def test_a_power_cut_of_the_broker_loses_nothing(embedded: House) -> None:
    report.note(power_cut(embedded))


def test_a_full_disk_under_the_broker_stops_the_intake_and_loses_nothing(embedded: House) -> None:
    report.note(full_disk(embedded))


def test_all_that_is_celery_s_own_may_vanish(embedded: House) -> None:
    report.note(lost_bells(embedded))
