"""Rooms paused and resumed, and the log of who did what."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from services.http.deeds import note_deed
from services.http.problems import problems
from services.http.routes import make_router
from shared.ledger.audit import Deed
from shared.ledger.ledger import Ledger
from shared.models.frozen import Carried
from shared.models.receipt import Room

_JSON: Final = "application/json"
_CURSOR: Final = r"^\d{1,20}-\d{1,20}$"
Note = Annotated[str | None, Query(max_length=1000, description="Why; it stands in the audit log.")]


class RoomPaused(Carried):
    """Whether a room hands pages out, and whether this request changed that."""

    room: Room
    paused: bool
    changed: bool


class AuditReport(Carried):
    """What was done, newest first; `next` is what `before` goes on with, null at the end."""

    items: tuple[Deed, ...]
    next: str | None


def make_room_routes(ledger: Ledger, ring: Callable[[Room], None]) -> APIRouter:
    """The routes.

    Args:
        ledger: where rooms are paused, and what is done is noted.
        ring: tells a room that there is work.
    """
    router = make_router(tags=["monitor"])

    @router.post(
        "/v1/monitor/rooms/{room}/pause",
        response_model=RoomPaused,
        responses=problems("unavailable"),
        summary="A room hands no pages out",
    )
    def pause(room: Room, request: Request, note: Note = None) -> Response:
        """Workers finish what they hold and take nothing more; pages wait, and nothing is lost. Deletes go on."""
        changed = ledger.pauses.pause(room)
        if changed:
            note_deed(ledger.audit, request, "pause", room, note=note)
        return Response(RoomPaused(room=room, paused=True, changed=changed).model_dump_json(), media_type=_JSON)

    @router.post(
        "/v1/monitor/rooms/{room}/resume",
        response_model=RoomPaused,
        responses=problems("unavailable"),
        summary="A room hands pages out again",
    )
    def resume(room: Room, request: Request, note: Note = None) -> Response:
        """Pages that waited are worked on again, at once."""
        changed = ledger.pauses.resume(room)
        if changed:
            note_deed(ledger.audit, request, "resume", room, note=note)
            ring(room)
        return Response(RoomPaused(room=room, paused=False, changed=changed).model_dump_json(), media_type=_JSON)

    @router.get(
        "/v1/monitor/audit", response_model=AuditReport, responses=problems("unavailable"), summary="Who did what"
    )
    def audit(
        size: Annotated[int, Query(ge=1, le=1000, description="Entries at most.")] = 100,
        before: Annotated[str | None, Query(pattern=_CURSOR, description="`next` of the answer before.")] = None,
    ) -> Response:
        """What was done by hand: rooms, dead letters, the index; the newest 10,000 entries are kept."""
        items = ledger.audit.newest(size + 1, before)
        more = len(items) > size
        told = AuditReport(items=tuple(items[:size]), next=items[size - 1].cursor if more else None)
        return Response(told.model_dump_json(), media_type=_JSON)

    return router
