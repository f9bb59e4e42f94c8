"""Given something asked of the index over HTTP, then it stands in the ledger, and the answer says how far it is."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.http import make_app
from services.monitor.index_routes import make_index_routes
from shared.ledger.ledger import Ledger
from shared.models.rebuild import Progress
from shared.search.format import FORMAT
from shared.search.generations import Generation
from shared.settings import Settings
from tests.integration.query.conftest import Service, problem_in

INDEX = "/v1/monitor/index"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture
def service(ledger: Ledger, rung: list[str]) -> Iterator[Service]:
    opened = Service(make_app("monitor", Settings(), routers=[make_index_routes(ledger, rung.append)]))
    yield opened
    opened.close()


def post(service: Service, verb: str, **body: object) -> dict[str, object]:
    answer = service.ask("POST", f"{INDEX}/{verb}", json=body)
    assert answer.status_code == 202, answer.text
    told: dict[str, object] = answer.json()["rebuild"]
    return told


def test_before_anything_was_asked_there_is_nothing_to_tell(service: Service) -> None:
    assert service.get(INDEX).json() == {"rebuild": None, "generations": [], "generations_at": None}


def test_a_rebuild_is_asked_and_the_index_room_is_rung(service: Service, ledger: Ledger, rung: list[str]) -> None:
    told = post(service, "rebuild", from_raw=True)
    assert (told["number"], told["kind"], told["from_raw"], told["state"]) == (1, "rebuild", True, "asked")
    assert rung == ["index"]
    taken = ledger.rebuilds.take()
    assert taken is not None
    assert taken.from_raw


@pytest.mark.parametrize("verb", ["rebuild", "rollback", "retire"])
def test_a_second_one_is_told_that_one_runs(service: Service, verb: str) -> None:
    post(service, "rebuild")
    problem = problem_in(service.ask("POST", f"{INDEX}/{verb}", json={}))
    assert (problem["status"], problem["code"]) == (409, "rebuild-running")


def test_what_runs_can_be_cancelled_and_nothing_else(service: Service, ledger: Ledger) -> None:
    assert problem_in(service.ask("POST", f"{INDEX}/cancel", json={}))["code"] == "no-rebuild"
    post(service, "rebuild")
    post(service, "cancel")
    taken = ledger.rebuilds.take()
    assert taken is not None
    assert taken.cancelled


def test_progress_and_generations_are_told_as_the_index_room_left_them(service: Service, ledger: Ledger) -> None:
    post(service, "rebuild")
    ledger.rebuilds.take()
    ledger.rebuilds.reject({"a": "empty"})
    ledger.rebuilds.save(Progress(state="filling", done=5, total=9, broken={"crashed": 1}, trouble="the disk"))
    ledger.rebuilds.show([Generation(name="g", role="live", documents=3, format=FORMAT)], NOW)
    told = service.get(INDEX).json()
    rebuild = told["rebuild"]
    assert (rebuild["state"], rebuild["done"], rebuild["total"], rebuild["trouble"]) == ("filling", 5, 9, "the disk")
    assert (rebuild["rejected"], rebuild["broken"], rebuild["ended_at"]) == ({"empty": 1}, {"crashed": 1}, None)
    shown = {name: value for name, value in told["generations"][0].items() if value is not None}
    assert shown == {"name": "g", "role": "live", "documents": 3, "format": FORMAT, "current": True}
    assert told["generations_at"] == "2026-01-01T00:00:00Z"


def test_what_is_not_known_is_refused(service: Service) -> None:
    assert problem_in(service.ask("POST", f"{INDEX}/rebuild", json={"raw": True}))["code"] == "invalid"
    assert problem_in(service.ask("POST", f"{INDEX}/rollback?to=1", json={}))["code"] == "invalid"
