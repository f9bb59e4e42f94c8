"""Rows 11, 12 and 13: pages that bring down what works on them, that come often, and that arrive out of order."""

from collections import Counter

import pytest

from tests.chaos import length, report
from tests.chaos.house import House
from tests.chaos.rows.pages import _TRAPS, _TRIES, all_at_once, poison, reversed_versions

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 300)]


def test_poison_ends_as_dead_letters_and_its_neighbours_are_indexed(embedded: House) -> None:
    row, letters = poison(embedded)
    report.note(row)
    assert len(letters) >= len(_TRAPS)
    assert all(letter["attempts"] <= _TRIES + (letter["stage"] == "index") for letter in letters), (
        "tries in the rooms of its death, and the one that it was cleaned in before it came to the index"
    )
    reasons = [letter["reason"] for letter in letters]
    assert reasons.count("crashed") == 2, "one raises, one recurses"
    assert reasons.count("worker-lost") == 4, "two hang, one kills, one kills the index process"
    assert reasons.count("out-of-memory") == 1
    told = [embedded.get(f"/v1/dead-letters/{letter['id']}") for letter in letters]
    assert all(letter["detail"] for letter in told)
    where = Counter(letter["reason"] for letter in told if letter["traceback"])
    assert (where["crashed"], where["out-of-memory"]) == (2, 1)
    assert where["worker-lost"] >= 1, "one that hangs and hears the alarm says where"


def test_one_page_at_once_a_hundred_times_is_one_document(embedded: House) -> None:
    report.note(all_at_once(embedded))


def test_the_newer_of_two_versions_stands_whichever_arrives_first(embedded: House) -> None:
    report.note(reversed_versions(embedded))
