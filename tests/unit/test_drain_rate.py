"""What Retry-After says: how soon a tenth of the line will have drained at the rate of the last half minute."""

import json

from shared.ledger.reading import seconds_to_drain


def samples(*told: tuple[int, int]) -> list[bytes]:
    return [json.dumps([seconds * 1000, ended]).encode() for seconds, ended in told]


def test_a_line_that_drains_is_told_by_its_rate() -> None:
    assert seconds_to_drain(samples((0, 0), (10, 100), (20, 200)), 1000, now_ms=20_000) == 10


def test_a_line_that_has_just_come_to_a_halt_takes_longer() -> None:
    assert seconds_to_drain(samples((0, 0), (10, 100)), 100, now_ms=20_000) == 2


def test_a_line_that_stands_still_has_no_rate_whatever_it_was_before() -> None:
    assert seconds_to_drain(samples((0, 0), (10, 10_000)), 100, now_ms=60_000) == 60


def test_what_ended_longer_ago_does_not_count() -> None:
    assert seconds_to_drain(samples((0, 0), (10, 10_000), (70, 10_300)), 1000, now_ms=80_000) == 10


def test_before_there_is_a_rate_it_is_five_seconds() -> None:
    assert seconds_to_drain(samples((0, 0)), 1000, now_ms=20_000) == 5
