"""Row 20: a newer version beside this one, as during a deploy."""

import pytest

from tests.chaos import length, report
from tests.chaos.house import House, house
from tests.chaos.rows.deploying import NEWER, side_by_side
from tests.chaos.trees import tree

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 300)]


def test_two_versions_side_by_side_lose_nothing_and_ignore_what_they_do_not_know(embedded: House) -> None:
    with tree(*NEWER) as newer:
        report.note(side_by_side(embedded, newer))


@pytest.mark.skipif(not length.LONG, reason="the same faults as above, with the sides changed: make chaos")
def test_a_house_that_is_newer_than_its_workers_loses_nothing(embedded: House) -> None:
    with tree(*NEWER) as newer, house(root=newer) as made:
        report.note(side_by_side(made, embedded.root)._replace(fault="20 two versions, the other way round"))
