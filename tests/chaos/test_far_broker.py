"""Rows 5 and 19: a broker that cannot be reached, and answers that are lost on the way."""

import pytest

from tests.chaos import length, report
from tests.chaos.broker import Broker
from tests.chaos.house import House
from tests.chaos.rows.far_broker import CUTS, cut_off, lost_answers

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 300)]


@pytest.mark.parametrize("how", CUTS)
def test_a_broker_out_of_reach_is_a_503_and_work_resumes(far: House, line: Broker, how: str) -> None:
    row = cut_off(far, line, how)
    report.note(row)
    assert row.slowest < 40


def test_a_page_that_was_saved_before_ingest_ended_is_a_duplicate_when_it_is_sent_again(
    far: House, line: Broker
) -> None:
    report.note(lost_answers(far, line))
