"""One line in the log, and one span of its trace, for each page that leaves a room, tied to its request."""

import structlog

from shared.ledger.carried import Gone, Leased
from shared.models.receipt import Room
from shared.settings import Settings
from shared.tracing.port import Attributes, Tracing

log = structlog.get_logger("workers")


def tell_outcome(  # noqa: PLR0913  (one for each part of the line)
    tracing: Tracing, room: Room, lease: Leased, outcome: str, ms: float | None = None, reason: str | None = None
) -> None:
    """Says how a page left a room.

    Args:
        tracing: what has it, too.
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
    if lease.trace is not None:
        attributes: Attributes = {
            "pagemill.page": lease.id,
            "pagemill.version": lease.version,
            "pagemill.outcome": outcome,
        }
        tracing.worked(room, lease.trace, ms or 0.0, attributes | ({"reason": reason} if reason else {}))


def struck_out(settings: Settings, room: Room, strikes: int) -> Gone | None:
    """How a page leaves a room that has been struck so often there; None where it is tried there again."""
    if room == "solo":
        return "dead" if strikes >= settings.solo_tries else None
    if room == "index":
        return "dead" if strikes >= settings.shared_tries + settings.solo_tries else None
    return "alone" if strikes >= settings.shared_tries else None
