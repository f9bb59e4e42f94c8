from fastapi import APIRouter, Response

from services.http.problems import problems
from services.http.routes import make_router
from services.monitor.ledger_report import LedgerReport, report
from shared.ledger.ledger import Ledger


def make_monitor(ledger: Ledger) -> APIRouter:
    """The routes of the control room."""
    router = make_router(tags=["monitor"])

    @router.get(
        "/v1/monitor/ledger",
        response_model=LedgerReport,
        responses=problems("unavailable"),
        summary="Where every accepted page is",
    )
    def counts() -> Response:
        """Pages by state and by room: accepted = searchable + dead + dropped + deleted + waiting + working."""
        return Response(report(ledger.counts()).model_dump_json(), media_type="application/json")

    return router
