"""Row 16: wall clocks of workers that are wrong."""

import pytest

from tests.chaos import length, report
from tests.chaos.house import House
from tests.chaos.rows.clocks import wrong_clocks

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 300)]


def test_wrong_and_jumping_clocks_of_workers_have_no_effect(embedded: House) -> None:
    report.note(wrong_clocks(embedded))
