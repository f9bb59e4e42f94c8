"""Who did it: what a request did to the mill, noted for the audit log."""

import structlog
from fastapi import Request

from shared.errors import DependencyUnavailable
from shared.keys.known import ApiKey
from shared.ledger.audit import Audit

log = structlog.get_logger(__name__)


def note_deed(  # noqa: PLR0913  (one keyword per part of an entry)
    audit: Audit, request: Request, action: str, target: str, *, note: str | None = None, done: int | None = None
) -> None:
    """Notes what a request did, in the audit log and in this service's own.

    Args:
        audit: where it is kept.
        request: whose id, and whose key's name, where keys are used.
        action: one word.
        target: what it was done to.
        note: why, in the words of whoever did it.
        done: how many pages it concerned.
    """
    key: ApiKey | None = request.scope.get("api_key")
    by, request_id = key.name if key else None, request.scope.get("request_id")
    try:
        audit.note(action, target, by=by, note=note, done=done, request_id=request_id)
    except DependencyUnavailable as error:  # it is done already, and the log below has it
        log.warning("not in the audit log", detail=error.detail)
    log.info("done by hand", action=action, target=target, by=by, note=note, done=done)
