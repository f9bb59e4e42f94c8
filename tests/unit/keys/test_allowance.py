"""How often a key may be used, given a clock that the test sets."""

from services.http.keys.allowance import Allowance
from shared.keys import ApiKey, fresh, new_key
from shared.keys.store import today


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def key(rate: int | None = None, quota: int | None = None) -> ApiKey:
    return new_key(fresh(), "laptop", ["query"], rate=rate, quota=quota)


def used(allowance: Allowance, times: int) -> int:
    """How many of these uses were allowed."""
    return sum(allowance.wait() is None for _ in range(times))


def test_without_limits_any_number_is_allowed_and_counted() -> None:
    allowance = Allowance(key())
    assert used(allowance, 1000) == 1000
    assert allowance.untold == 1000


def test_a_rate_lets_a_minutes_worth_through_and_then_says_when_there_is_more() -> None:
    clock = Clock()
    allowance = Allowance(key(rate=30), clock)
    assert used(allowance, 40) == 30
    assert allowance.wait() == 2.0
    clock.now += 2
    assert used(allowance, 2) == 1
    clock.now += 3600
    assert used(allowance, 100) == 30


def test_a_quota_ends_with_the_day() -> None:
    allowance = Allowance(key(quota=5))
    assert used(allowance, 9) == 5
    wait = allowance.wait()
    assert wait is not None
    assert 0 < wait <= 86_400


def test_uses_by_other_processes_count_too() -> None:
    clock = Clock()
    allowance = Allowance(key(rate=30, quota=50), clock)
    allowance.noted(today(), 0, 10)
    assert used(allowance, 5) == 5, "what came before this process is no part of its minute"
    allowance.noted(today(), 5, 35)
    assert allowance.untold == 0
    assert used(allowance, 10) == 5, "others took 20 of this minute's 30"
    clock.now += 60
    assert used(allowance, 100) == 10, "35 and 5 of today's 50 are gone"


def test_counts_of_another_day_change_nothing() -> None:
    allowance = Allowance(key(quota=5))
    allowance.noted("20000101", 0, 1000)
    assert used(allowance, 5) == 5
