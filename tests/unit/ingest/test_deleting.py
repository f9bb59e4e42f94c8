from collections.abc import Sequence

import pytest

from services.ingest.deleting import forgotten
from shared.errors import DependencyUnavailable

IDS = [f"p{number}" for number in range(120)]


class Redis:
    """One that is away after some calls."""

    def __init__(self, answers: int) -> None:
        self.left = answers
        self.gone: list[str] = []

    def forget(self, ids: Sequence[str]) -> dict[str, int]:
        if not self.left:
            raise DependencyUnavailable("ledger", "TimeoutError")
        self.left -= 1
        self.gone += ids
        return dict.fromkeys(ids, 1)


def test_what_was_deleted_before_redis_went_away_is_counted() -> None:
    server = Redis(answers=2)
    assert forgotten(server.forget, IDS) == len(server.gone) == 100
    assert server.gone == IDS[:100]


def test_all_is_deleted_where_it_stays() -> None:
    assert forgotten(Redis(answers=3).forget, IDS) == 120
    assert forgotten(Redis(answers=0).forget, []) == 0


def test_where_nothing_was_deleted_that_is_told() -> None:
    with pytest.raises(DependencyUnavailable):
        forgotten(Redis(answers=0).forget, IDS)
