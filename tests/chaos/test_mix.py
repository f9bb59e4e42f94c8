"""Row 21: all of it, by chance."""

import pytest

from tests.chaos import length, report
from tests.chaos.house import House
from tests.chaos.rows.mix import MEMORY_MIB, mix

pytestmark = [pytest.mark.processes, pytest.mark.timeout(5400 if length.LONG else 400)]


def test_a_mix_of_faults_loses_nothing_and_memory_stays_bounded(embedded: House) -> None:
    row, most = mix(embedded)
    report.note(row)
    assert most < MEMORY_MIB
