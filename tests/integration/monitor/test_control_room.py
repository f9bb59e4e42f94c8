"""Given pages on their way, then the control room answers where they are, over HTTP."""

from services.http import make_app
from services.monitor.figures import LedgerFigures
from services.monitor.routes import make_monitor
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.settings import Settings
from tests.integration.monitor.conftest import standings
from tests.integration.query.conftest import Service, problem_in


def control_room(ledger: Ledger) -> Service:
    app = make_app(
        "monitor",
        Settings(),
        routers=[make_monitor(ledger)],
        collectors=[LedgerFigures(ledger, standings(ledger), ledger.ping)],
    )
    return Service(app)


def test_the_ledger_is_told_by_state_and_by_room(walked: Ledger) -> None:
    service = control_room(walked)
    told = service.get("/v1/monitor/ledger").json()
    assert set(told) == {
        *("accepted", "searchable", "dead", "dropped", "deleted", "waiting", "working"),
        *("waiting_bytes", "balanced", "rooms"),
    }
    assert (told["accepted"], told["balanced"], told["dropped"]) == (10, True, {"superseded": 1})
    assert list(told["rooms"]) == ["clean", "enrich", "index", "solo"]
    assert set(told["rooms"]["clean"]) == {
        *(
            "waiting",
            "working",
            "dead",
            "dropped",
            "deleted",
            "entered",
            "left",
            "oldest_seconds",
            "paused",
            "balanced",
        ),
    }
    service.close()


def test_the_ledger_takes_no_parameters(ledger: Ledger) -> None:
    service = control_room(ledger)
    assert problem_in(service.get("/v1/monitor/ledger?room=clean"))["pointer"] == "/query/room"
    service.close()


def test_the_figures_are_among_the_service_s_own(walked: Ledger) -> None:
    service = control_room(walked)
    figures = service.get("/metrics").text
    assert "pagemill_ledger_accepted_total 10.0" in figures
    assert 'pagemill_room_waiting{room="clean"} 3.0' in figures
    service.close()


def test_a_ledger_that_is_away_is_said_to_be_away_and_never_a_fault() -> None:
    service = control_room(Ledger(connect("redis://127.0.0.1:1/0"), Settings()))
    answer = service.get("/v1/monitor/ledger")
    assert (problem_in(answer)["status"], problem_in(answer)["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    figures = service.get("/metrics")
    assert figures.status_code == 200
    assert "pagemill_ledger_up 0.0" in figures.text
    service.close()
