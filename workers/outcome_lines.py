"""One line in the log for each page that leaves a room, with what ties it to its request."""

from shared.ledger.carried import Leased
from shared.models.receipt import Room
from workers.runtime import log


def tell_outcome(room: Room, lease: Leased, outcome: str, ms: float | None = None, reason: str | None = None) -> None:
    """Says how a page left a room.

    Args:
        room: the one that it left.
        lease: of the page.
        outcome: `done`, `dead` or `dropped`; `alone` where it goes to the solo room.
        ms: milliseconds of work.
        reason: why, where it is not done.
    """
    told: dict[str, object] = {"page": lease.id, "version": lease.version, "stage": lease.stage, "room": room}
    if ms is not None:
        told["ms"] = round(ms, 2)
    if reason is not None:
        told["reason"] = reason
    if lease.request_id is not None:
        told["request_id"] = lease.request_id
    if lease.trace is not None:
        told["trace_id"] = lease.trace.split("-")[1]
    log.info("page left room", outcome=outcome, **told)
