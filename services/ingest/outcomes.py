"""`GET /v1/outcomes`: what ended, in order, to be read once or followed."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, NamedTuple

import anyio
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query, Request, Response
from starlette.responses import StreamingResponse

from services.http.problems import problems
from services.ingest.parts import Parts
from services.ingest.wire import OutcomeLine
from shared.errors import DependencyUnavailable, Refused
from shared.models.receipt import Outcome
from shared.validation import shown

_NDJSON: Final = "application/x-ndjson"
_EVENTS: Final = "text/event-stream"
_CURSOR = re.compile(r"\d{1,20}-\d{1,20}")
_WEIGHT = re.compile(r"[01](?:\.\d{0,3})?")
OUTCOMES_MAX: Final = 100_000
_STEP: Final = 1000
_LOOK_SECONDS: Final = 0.5
_HEARTBEAT_SECONDS: Final = 15.0
"""A comment goes out at least so often, so that gateways do not take the connection for dead."""
_LONGEST_SECONDS: Final = 3600.0
"""Then the stream ends, and a client comes back with its Last-Event-ID."""
_READERS: Final = 2
"""Threads for all streams together: many that catch up at once wait for each other, and nobody else for them."""


def add_outcomes(router: APIRouter, parts: Parts) -> None:
    """Adds the route."""
    readers = CapacityLimiter(_READERS)

    @router.get(
        "/v1/outcomes",
        response_class=Response,
        responses={
            200: {
                "description": "NDJSON: what there is, then the end. Events: what there is, then what comes.",
                "content": {
                    _NDJSON: {"schema": OutcomeLine.model_json_schema(mode="serialization")},
                    _EVENTS: {},
                },
                "headers": {"X-Next-Cursor": {"schema": {"type": "string"}, "description": "Where to go on."}},
            },
            **problems("unavailable"),
        },
        summary="What ended",
    )
    async def outcomes(
        request: Request,
        after: Annotated[str | None, Query(description="A cursor; absent: from the oldest kept.")] = None,
        source: Annotated[str | None, Query(description="Only pages that it sent.")] = None,
        limit: Annotated[
            int,
            Query(
                ge=1,
                le=OUTCOMES_MAX,
                description="Outcomes at most, for NDJSON.",
            ),
        ] = 10_000,
        last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
    ) -> Response:
        """How accepted versions ended, in order, from a cursor on."""
        if _wants_events(request.headers.get("accept", "")):
            cursor = _checked(last_event_id, "/header/Last-Event-ID") or _checked(after, "/query/after")
            first = await run_sync(_told, parts, cursor, source, limiter=readers)
            return StreamingResponse(
                _events(parts, first, source, readers), media_type=_EVENTS, headers={"X-Accel-Buffering": "no"}
            )
        return await run_sync(_listed, parts, _checked(after, "/query/after"), source, limit, limiter=readers)


def _listed(parts: Parts, after: str | None, source: str | None, limit: int) -> Response:
    lines: list[str] = []
    while len(lines) < limit:
        page = parts.ledger.receipts.outcomes(after, _STEP, source)
        taken = page.items[: limit - len(lines)]
        lines += [_line(cursor, outcome) for cursor, outcome in taken]
        if page.next == (after or "0-0"):
            break
        after = page.next if len(taken) == len(page.items) else taken[-1][0]
    body = "".join(line + "\n" for line in lines)
    return Response(body, headers={"Content-Type": _NDJSON, "X-Next-Cursor": after or "0-0"})


class _Told(NamedTuple):
    """Events as text, empty where nothing has come, and where to go on."""

    text: str
    next: str


def _told(parts: Parts, after: str | None, source: str | None) -> _Told:
    page = parts.ledger.receipts.outcomes(after, _STEP, source)
    events = (f"id: {cursor}\nevent: outcome\ndata: {_line(cursor, told)}\n\n" for cursor, told in page.items)
    return _Told("".join(events), page.next)


async def _events(parts: Parts, told: _Told, source: str | None, readers: CapacityLimiter) -> AsyncIterator[str]:
    """Server-sent events (WHATWG HTML, section 9.2); an event's id is its cursor."""
    ends = anyio.current_time() + _LONGEST_SECONDS
    spoke = 0.0
    while anyio.current_time() < ends:
        if told.text:
            yield told.text
            spoke = anyio.current_time()
        elif anyio.current_time() - spoke > _HEARTBEAT_SECONDS:
            yield f": at {told.next}\n\n"
            spoke = anyio.current_time()
        cursor = told.next
        try:
            told = await run_sync(_told, parts, cursor, source, limiter=readers)
        except DependencyUnavailable:
            yield "retry: 2000\n\n"
            return
        if told.next == cursor:
            await anyio.sleep(_LOOK_SECONDS)


def _line(cursor: str, outcome: Outcome) -> str:
    fields: dict[str, Any] = {name: getattr(outcome, name) for name in Outcome.model_fields}
    return OutcomeLine.model_construct(cursor=cursor, **fields).model_dump_json()


def _wants_events(accept: str) -> bool:
    """Whether events are asked for by name, and NDJSON is not liked better (RFC 9110, section 12.5.1)."""
    liked = {_EVENTS: 0.0, _NDJSON: 0.0}
    for part in accept.split(","):
        kind, *parameters = (each.strip().lower() for each in part.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        if kind in liked:
            liked[kind] = float(weight) if _WEIGHT.fullmatch(weight) else 1.0
    return liked[_EVENTS] > 0 and liked[_EVENTS] >= liked[_NDJSON]


def _checked(cursor: str | None, pointer: str) -> str | None:
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise Refused("invalid", f"{shown(cursor)} is no cursor of outcomes", pointer=pointer)
    return cursor
