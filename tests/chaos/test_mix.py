"""Row 21: all of it, by chance."""

import pytest

from tests.chaos import length, report
from tests.chaos.broker import Broker
from tests.chaos.house import House
from tests.chaos.rows.deploying import NEWER
from tests.chaos.rows.mix import MEMORY_MIB, far_mix, mix
from tests.chaos.trees import tree

pytestmark = [pytest.mark.processes, pytest.mark.timeout(5400 if length.LONG else 400)]


def test_a_mix_of_faults_loses_nothing_and_memory_stays_bounded(embedded: House) -> None:
    with tree(*NEWER) as newer:
        row, most = mix(embedded, newer)
    report.note(row)
    assert most < MEMORY_MIB


def test_a_mix_of_faults_with_the_broker_far_away_loses_nothing(far: House, line: Broker) -> None:
    report.note(far_mix(far, line))
