"""What the mill does, as it does it, and what it did in the last day."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from services.http.problems import problems
from services.http.routes import make_router
from services.monitor.mill import Mill, MillState
from services.monitor.sites_report import SitesReport, sites_report
from shared.errors import DependencyUnavailable
from shared.ledger.history import KEPT, Sample
from shared.ledger.ledger import Ledger
from shared.ledger.measures import DAYS_KEPT
from shared.models.frozen import Carried

_JSON: Final = "application/json"
_EVENTS: Final = "text/event-stream"
_EVERY_SECONDS: Final = 2.0
_LONGEST_SECONDS: Final = 3600.0
"""Then the stream ends, and a browser comes back by itself."""


class HistoryReport(Carried):
    """Samples, one a minute, oldest first."""

    samples: tuple[Sample, ...]


def make_live_routes(ledger: Ledger, mill: Mill) -> APIRouter:
    """The routes.

    Args:
        ledger: history and calendar.
        mill: what is so now.
    """
    router = make_router(tags=["monitor"])

    @router.get(
        "/v1/monitor/state", response_model=MillState, responses=problems("unavailable"), summary="What the mill does"
    )
    def state() -> Response:
        """Rooms, rates, durations, workers, the intake, Redis and the index, at one moment."""
        return Response(mill.state().model_dump_json(), media_type=_JSON)

    @router.get(
        "/v1/monitor/live",
        response_class=Response,
        responses={200: {"description": "Events", "content": {_EVENTS: {}}}},
        summary="What the mill does, as it does it",
    )
    async def live() -> Response:
        """The same as server-sent events, every two seconds: `state`, or `away` while the ledger does not answer."""
        return StreamingResponse(_events(mill), media_type=_EVENTS, headers={"X-Accel-Buffering": "no"})

    @router.get(
        "/v1/monitor/history",
        response_model=HistoryReport,
        responses=problems("unavailable"),
        summary="What the mill did in the last day",
    )
    def history(
        minutes: Annotated[int, Query(ge=1, le=KEPT, description="How far back.")] = KEPT,
    ) -> Response:
        """A sample a minute, kept for a day, whatever was started again meanwhile."""
        samples = tuple(ledger.history.samples(minutes))
        return Response(HistoryReport(samples=samples).model_dump_json(), media_type=_JSON)

    @router.get(
        "/v1/monitor/sites",
        response_model=SitesReport,
        responses=problems("unavailable"),
        summary="Pages by day and site",
    )
    def sites(days: Annotated[int, Query(ge=3, le=DAYS_KEPT, description="How far back.")] = 28) -> Response:
        """A calendar (UTC), and which sites went quiet or fail of late; those stand first."""
        now = datetime.now(UTC)
        told = sites_report(ledger.measures.sites(days, now), days, now)
        return Response(told.model_dump_json(), media_type=_JSON)

    return router


async def _events(mill: Mill) -> AsyncIterator[str]:
    """Server-sent events (WHATWG HTML, section 9.2)."""
    ends = anyio.current_time() + _LONGEST_SECONDS
    while anyio.current_time() < ends:
        yield await run_sync(_event, mill)
        await anyio.sleep(_EVERY_SECONDS)


def _event(mill: Mill) -> str:
    try:
        told: Any = mill.state().model_dump_json()
    except DependencyUnavailable:
        return "event: away\ndata: {}\n\n"
    return f"event: state\ndata: {told}\n\n"
