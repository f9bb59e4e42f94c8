"""The index room without its Celery task."""

import time

from shared.ledger.carried import Done, Offer
from shared.ledger.ledger import Ledger
from shared.packing import freeze
from tests.contracts.search_engines import page
from workers.index import room
from workers.runtime import Runtime


def waiting(ledger: Ledger, *names: str) -> None:
    """Puts documents in the index room's line."""
    ledger.accept([Offer(id=name, frame=b"x", content_key=name) for name in names])
    for lease in ledger.take("clean", len(names)):
        document = page(lease.id, f"Text of {lease.id}.", version=lease.version)
        ledger.advance([Done(lease=lease, frame=freeze(document))], "index")


def drained(runtime: Runtime, *, rounds: int = 200) -> None:
    """Works until nothing waits."""
    for _ in range(rounds):
        room.index_room(runtime)
        counts = runtime.ledger.counts()
        if counts.waiting + counts.working == 0:
            return
        time.sleep(0.05)
    raise AssertionError(f"pages still wait: {counts}")


def leave() -> None:
    """Closes what the room keeps open for the life of its process."""
    for desk in room._desks:
        desk.rebuilding.close()
        desk.writer.close()
        desk.archive.close()
    room._desks.clear()
