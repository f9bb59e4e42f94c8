"""Queries made to hurt are refused with the limit that they meet; `python -m tests.bench bombs` times them."""

import pytest

from services.together import make_together
from shared.settings import Settings
from tests.integration.query.bombs import ENDURED, REFUSED, Bomb
from tests.integration.query.conftest import Service, problem_in
from tests.unit.http.calling import call


@pytest.mark.parametrize("bomb", REFUSED.values(), ids=list(REFUSED))
def test_a_query_made_to_hurt_is_refused_and_its_setting_named(service: Service, bomb: Bomb) -> None:
    problem = problem_in(service.ask("POST", "/v1/search", json={**bomb.asked, "mode": "strict"}))
    assert problem["status"] in {410, 422}
    assert problem.get("limit") == bomb.limit


@pytest.mark.parametrize("bomb", REFUSED.values(), ids=list(REFUSED))
def test_in_lenient_mode_it_is_cut_and_that_is_told(service: Service, bomb: Bomb) -> None:
    answer = service.ask("POST", "/v1/search", json=bomb.asked)
    assert answer.status_code in {200, 410, 422}
    if answer.status_code == 200:
        assert answer.json()["warnings"]
        assert len(answer.json()["warnings"]) < 200
        assert len(answer.content) < 100_000


@pytest.mark.parametrize("asked", ENDURED.values(), ids=list(ENDURED))
def test_what_only_looks_dangerous_is_answered(service: Service, asked: dict[str, object]) -> None:
    assert service.ask("POST", "/v1/search", json=asked).status_code == 200


def test_every_limit_that_a_query_meets_is_told_beforehand() -> None:
    told = call(make_together(Settings(redis_url="redis://127.0.0.1:1")), "GET", "/v1/limits").json()["limits"]
    settings = {limit["setting"] for limit in told}
    assert {bomb.limit for bomb in REFUSED.values()} <= settings
