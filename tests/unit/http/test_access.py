"""The table of scopes: every address is in it, and says what docs/keys.md says."""

import pytest
from fastapi.routing import APIRoute

from services.http.keys.access import RULES, rule_for
from services.together import make_together
from shared.settings import Settings

ROUTES = sorted(
    {
        (method, route.path)
        for route in make_together(Settings(services=["http://127.0.0.1:1"])).routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
)


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[" ".join(route) for route in ROUTES])
def test_each_address_has_a_rule_of_its_own(method: str, path: str) -> None:
    assert rule_for(method, path) in RULES


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("GET", "/healthz", set()),
        ("GET", "/sign-in", set()),
        ("POST", "/v1/pages", {"ingest"}),
        ("POST", "/v1/pages/batch", {"ingest"}),
        ("DELETE", "/v1/pages/x", {"ingest"}),
        ("HEAD", "/v1/search", {"query"}),
        ("GET", "/v1/documents/x", {"query"}),
        ("GET", "/metrics", {"query"}),
        ("GET", "/v1/dead-letters", {"ingest"}),
        ("PUT", "/v1/dead-letters/x", {"admin"}),
        ("POST", "/v1/dead-letters/redrive", {"admin"}),
        ("GET", "/v1/monitor/ledger", {"ingest", "query"}),
        ("POST", "/v1/monitor/index/rebuild", {"admin"}),
        ("POST", "/v1/monitor/rooms/clean/pause", {"admin"}),
        ("GET", "/monitor", {"admin"}),
        ("POST", "/healthz", {"admin"}),
        ("GET", "/healthz/../v1/pages", {"admin"}),
        ("GET", "/V1/SEARCH", {"admin"}),
        ("PATCH", "/v1/pages/x", {"admin"}),
        ("GET", "/nothing/here", {"admin"}),
    ],
)
def test_an_address_needs_its_scope_and_what_is_not_in_the_table_needs_admin(
    method: str, path: str, scopes: set[str]
) -> None:
    assert rule_for(method, path).scopes == scopes
