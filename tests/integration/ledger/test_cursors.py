"""Cursors of what is kept in order: whatever they say, the answer is what stands behind or before."""

import pytest
import redis

from shared.ledger.ledger import Ledger
from shared.ledger.stream_ids import after_id, before_id
from shared.settings import Settings

_MOST = 2**64 - 1
FAR = f"{10**20 - 1}-{10**20 - 1}"


@pytest.mark.parametrize(
    ("cursor", "before", "after"),
    [
        ("5-3", "5-2", "5-4"),
        ("5-0", f"4-{_MOST}", "5-1"),
        ("0-0", None, "0-1"),
        (f"5-{_MOST}", f"5-{_MOST - 1}", "6-0"),
        (FAR, f"{_MOST}-{_MOST - 1}", None),
    ],
)
def test_the_neighbours_of_a_cursor(cursor: str, before: str | None, after: str | None) -> None:
    assert (before_id(cursor), after_id(cursor)) == (before, after)


def test_cursors_from_the_ends_of_time_are_answered(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings())
    entry = ledger.audit.note("pause", "clean")
    assert ledger.audit.newest(10, "0-0") == []
    assert ledger.audit.newest(10, entry) == []
    assert [deed.cursor for deed in ledger.audit.newest(10, FAR)] == [entry]
    assert ledger.receipts.outcomes(FAR).items == ()
    assert ledger.receipts.outcomes("0-0").next == "0-0"
