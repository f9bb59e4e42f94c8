"""What is asked of the index's generations. The routes write into the ledger; the index room does the work."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from services.http.deeds import note_deed
from services.http.problems import problems
from services.http.routes import make_router
from services.monitor.index_report import IndexReport, RebuildRequest, index_report
from shared.errors import Refused
from shared.ledger.ledger import Ledger
from shared.models.rebuild import RebuildKind
from shared.models.receipt import Room

_RUNNING = problems("rebuild-running", "unavailable")


def make_index_routes(ledger: Ledger, ring: Callable[[Room], None]) -> APIRouter:
    """The routes of the index's generations.

    Args:
        ledger: where it is asked.
        ring: tells a room that there is work.
    """
    router = make_router(tags=["monitor"])

    def told(status: int = 202) -> Response:
        body = index_report(ledger.rebuilds).model_dump_json()
        return Response(body, status_code=status, media_type="application/json")

    def ask(request: Request, kind: RebuildKind, *, from_raw: bool = False) -> Response:
        if not ledger.rebuilds.ask(kind, from_raw=from_raw):
            last = ledger.rebuilds.last()
            raise Refused("rebuild-running", f"A {last.kind if last else kind} was asked before and has not ended.")
        ring("index")
        note_deed(ledger.audit, request, kind, "the index", note="from raw pages" if from_raw else None)
        return told()

    @router.get(
        "/v1/monitor/index",
        response_model=IndexReport,
        responses=problems("unavailable"),
        summary="The generations of the index, and its rebuild",
    )
    def index() -> Response:
        """What the index room told last: which generations there are, and how far it has got with what was asked."""
        return told(200)

    @router.post(
        "/v1/monitor/index/rebuild",
        status_code=202,
        response_model=IndexReport,
        responses=_RUNNING,
        summary="A new index beside the live one",
    )
    def rebuild(asked: RebuildRequest, request: Request) -> Response:
        """Builds a new index beside the live one, compares both, and makes it the live one in one step."""
        return ask(request, "rebuild", from_raw=asked.from_raw)

    @router.post(
        "/v1/monitor/index/rollback",
        status_code=202,
        response_model=IndexReport,
        responses=_RUNNING,
        summary="Back to the earlier index",
    )
    def rollback(request: Request) -> Response:
        """Makes the index that was live before the live one again. Nothing written since is lost: both have it.

        Where the earlier one lacks pages that the live one has, it ends `refused`.
        """
        return ask(request, "rollback")

    @router.post(
        "/v1/monitor/index/retire",
        status_code=202,
        response_model=IndexReport,
        responses=_RUNNING,
        summary="The earlier index off the disk",
    )
    def retire(request: Request) -> Response:
        """Takes every index but the live one from the disk."""
        return ask(request, "retire")

    @router.post(
        "/v1/monitor/index/cancel",
        status_code=202,
        response_model=IndexReport,
        responses=problems("no-rebuild", "unavailable"),
        summary="Ends a rebuild",
    )
    def cancel(request: Request) -> Response:
        """Ends the rebuild that runs; the live index stays as it is."""
        if not ledger.rebuilds.cancel():
            raise Refused("no-rebuild", "Nothing that was asked of the index is running.")
        ring("index")
        note_deed(ledger.audit, request, "cancel", "the index")
        return told()

    return router
