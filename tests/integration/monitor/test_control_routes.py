"""Given a control room, then its state, its history, its sites, pauses and the audit log are had over HTTP."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest

from services.http import make_app
from services.monitor.live_routes import make_live_routes
from services.monitor.mill import Mill
from services.monitor.page import VIEWS, make_page
from services.monitor.room_routes import make_room_routes
from services.monitor.watch import Watch
from shared.ledger.carried import Offer
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.ledger.present import Present
from shared.moments import from_ms
from shared.settings import Settings
from tests.integration.monitor.conftest import standings
from tests.integration.query.conftest import Service, problem_in
from tests.stack import Stack

Opened = Callable[[Ledger], Service]


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture
def control_room(rung: list[str]) -> Iterator[Opened]:
    """Opens a control room of a ledger."""
    rooms: list[Service] = []

    def opened(ledger: Ledger) -> Service:
        mill = Mill(ledger, Watch(ledger), standings(ledger))
        routers = [make_live_routes(ledger, mill), make_room_routes(ledger, rung.append), make_page()]
        rooms.append(Service(make_app("monitor", Settings(), routers=routers)))
        return rooms[-1]

    yield opened
    for room in rooms:
        room.close()


@pytest.fixture
def service(ledger: Ledger, control_room: Opened) -> Service:
    return control_room(ledger)


def worker(name: str, at_ms: int) -> Present:
    at = from_ms(at_ms)
    counts = {"processes": 2, "active": 1, "pages": 16, "memory_bytes": 1000, "restarts": 3}
    return Present(name=name, rooms=("clean",), host="h", pid=1, started_at=at, at=at, **counts)


def test_the_state_has_everything_that_the_page_shows(walked: Ledger, control_room: Opened) -> None:
    told = control_room(walked).get("/v1/monitor/state").json()
    assert set(told) == {"at", "ledger", "pace", "standing", "workers", "reasons"}
    assert told["ledger"]["balanced"]
    assert set(told["pace"]["rooms"]) == {"clean", "enrich", "index", "solo"}
    assert told["standing"]["intake"]["state"] == "open"
    assert told["standing"]["server"]["fsync"] == "always"
    assert told["reasons"] == [{"reason": "empty", "stage": "clean", "count": 1}]


def test_workers_that_fell_silent_are_not_shown(service: Service, ledger: Ledger) -> None:
    now = ledger.presence.now_ms()
    ledger.presence.tell(worker("clean-1@h", now))
    ledger.presence.tell(worker("clean-2@h", now - 61_000))
    assert [each["name"] for each in service.get("/v1/monitor/state").json()["workers"]] == ["clean-1@h"]
    ledger.presence.leave("clean-1@h")
    assert ledger.presence.all() == []


def test_a_room_is_paused_once_and_resumed_with_a_bell(service: Service, ledger: Ledger, rung: list[str]) -> None:
    told = service.ask("POST", "/v1/monitor/rooms/enrich/pause?note=why%20not", headers={"X-Request-Id": "r-1"}).json()
    assert told == {"room": "enrich", "paused": True, "changed": True}
    assert service.ask("POST", "/v1/monitor/rooms/enrich/pause").json()["changed"] is False
    assert service.ask("POST", "/v1/monitor/rooms/enrich/resume").json() == {
        "room": "enrich",
        "paused": False,
        "changed": True,
    }
    assert rung == ["enrich"]
    last, first = service.get("/v1/monitor/audit").json()["items"]
    assert (first["action"], first["target"], first["note"], first["request_id"]) == (
        "pause",
        "enrich",
        "why not",
        "r-1",
    )
    assert (last["action"], last["by"]) == ("resume", None)


def test_there_is_no_other_room(service: Service) -> None:
    assert service.ask("POST", "/v1/monitor/rooms/attic/pause").status_code == 422


def test_the_audit_log_is_read_page_by_page(service: Service, ledger: Ledger) -> None:
    for n in range(5):
        ledger.audit.note("pause", f"room {n}")
    first = service.get("/v1/monitor/audit?size=3").json()
    rest = service.get(f"/v1/monitor/audit?size=3&before={first['next']}").json()
    assert [item["target"] for item in (*first["items"], *rest["items"])] == [f"room {n}" for n in (4, 3, 2, 1, 0)]
    assert rest["next"] is None
    assert service.get("/v1/monitor/audit?before=yesterday").status_code == 422


def test_sites_and_history_of_a_new_mill_are_empty(service: Service) -> None:
    told = service.get("/v1/monitor/sites?days=3").json()
    assert (len(told["days"]), told["sites"]) == (3, [])
    assert service.get("/v1/monitor/history").json() == {"samples": []}


def test_sites_are_those_of_the_ledger(service: Service, ledger: Ledger) -> None:
    ledger.accept([Offer(id="p", frame=b"x", content_key="1", site="a.example")])
    (site,) = service.get("/v1/monitor/sites").json()["sites"]
    assert (site["site"], site["standing"], site["accepted"]) == ("a.example", "well", 1)


def test_without_a_ledger_the_state_is_unavailable(control_room: Opened) -> None:
    away = Ledger(connect("redis://127.0.0.1:1/0"), Settings())
    assert problem_in(control_room(away).get("/v1/monitor/state"))["code"] == "unavailable"


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_loads_from_here_alone_and_runs_no_text_as_script(service: Service, view: str) -> None:
    answer = service.get(f"/monitor/{view}".rstrip("/") + "?utm_source=elsewhere")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "http" not in answer.text.replace("https://", "http://").split("<body")[0]


def test_what_views_load_is_there_and_is_not_sent_twice(service: Service) -> None:
    answer = service.get("/monitor/static/app.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert service.get("/monitor/static/app.js", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert service.get("/monitor/static/..%2Fpage.py").status_code == 404
    assert service.get("/monitor/attic").status_code == 404


@pytest.mark.processes
def test_the_state_comes_as_events(mill: Stack) -> None:
    with httpx.stream("GET", f"{mill.url}/v1/monitor/live", timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        for _ in range(2):
            assert next(lines) == "event: state"
            told = json.loads(next(lines).removeprefix("data: "))
            assert sorted(room for each in told["workers"] for room in each["rooms"]) == [
                "clean",
                "enrich",
                "index",
                "solo",
            ]
            assert next(lines) == ""
