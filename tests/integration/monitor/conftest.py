"""A ledger in which every fate of a page has come up once or more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.monitor.standing import Standings
from shared.ledger.carried import Done, Offer
from shared.ledger.ledger import Ledger
from shared.search.tantivy import TantivyIndex
from shared.settings import Settings
from tests.silent import Silent


def standings(ledger: Ledger) -> Standings:
    """Of this ledger and of an index where nothing is yet."""
    index = TantivyIndex(Path("no-such-folder"), cursor_idle_seconds=60, snapshots_max=1)
    return Standings(Settings(), ledger, index)


@pytest.fixture
def silent() -> Iterator[Silent]:
    server = Silent()
    yield server
    server.close()


@pytest.fixture
def walked(ledger: Ledger) -> Ledger:
    """Ten pages: two searchable, three ended otherwise, two in workers' hands, three waiting."""
    offers = [Offer(id=f"p{n}", frame=b"x" * 10, content_key=str(n), source="feed") for n in range(10)]
    assert len(ledger.accept(offers)) == 10
    taken = ledger.take("clean", 6)
    ledger.reject(taken[0], reason="empty", detail="nothing in it")
    ledger.advance([Done(lease=lease, frame=b"made", ms=1) for lease in taken[1:5]], "enrich")
    taken = ledger.take("enrich", 4)
    ledger.advance([Done(lease=lease, frame=b"made", ms=1) for lease in taken[:3]], "index")
    first, second, third = ledger.take("index", 3)
    ledger.finish(
        [Done(lease=first, ms=1), Done(lease=second, ms=1), Done(lease=third, ms=1, dropped_for="superseded")]
    )
    ledger.forget(["p9"])
    return ledger
