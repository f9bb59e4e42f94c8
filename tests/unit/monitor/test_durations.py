"""Given durations in buckets, then shares of them stay below what they say."""

import re

import pytest

from shared.ledger.measures import BOUNDS_MS, DAYS_KEPT, Durations
from shared.ledger.scripts import script


def durations(**counts: int) -> Durations:
    """Counts by bucket, such as b10=3 for three of up to 10 ms."""
    told = {float(name[1:]): count for name, count in counts.items() if name != "inf"}
    return Durations(counts=(*(told.get(bound, 0) for bound in BOUNDS_MS), counts.get("inf", 0)))


def test_of_nothing_there_is_no_quantile() -> None:
    assert Durations().quantile(0.5) is None


def test_a_quantile_lies_in_its_bucket_taken_evenly() -> None:
    told = durations(b10=10, b100=10)
    assert told.quantile(0.25) == pytest.approx(0.0075)
    assert told.quantile(0.5) == pytest.approx(0.010)
    assert told.quantile(1) == pytest.approx(0.1)


def test_beyond_the_last_bound_the_last_bound_is_told() -> None:
    assert durations(inf=1).quantile(0.5) == BOUNDS_MS[-1] / 1000


def test_what_came_since_is_the_difference() -> None:
    later = Durations(counts=durations(b10=5, b25=2).counts, seconds=0.5)
    assert later.since(Durations(counts=durations(b10=3).counts, seconds=0.2)).total == 4


def test_a_ledger_that_was_begun_anew_gives_no_negative_counts() -> None:
    assert Durations().since(durations(b10=3)).total == 0


def test_the_bounds_are_those_of_the_script() -> None:
    text = script("take")
    found = re.search(r"BOUNDS = \{(.*?)\}", text)
    assert found
    assert tuple(map(float, found[1].split(","))) == tuple(map(float, BOUNDS_MS))
    assert f"DAYS_KEPT = 2000, {DAYS_KEPT}" in text
