"""An earlier index that could not go live again is told by `pagemill doctor`, and fails nothing."""

import json
from typing import Any

import pytest

from services.cli.checks.running import running
from shared.settings import Settings
from tests.integration.cli.test_readiness import answering


def findings(*generations: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is found where these generations are told."""
    with answering(200, json.dumps({"checks": [], "generations": generations}).encode()) as url:
        return [(each.status, each.detail, each.remedy) for each in running(Settings(url=url)) if "index" in each.name]


@pytest.mark.parametrize("role", ["live", "aside"])
def test_an_index_that_nobody_goes_back_to_is_not_told(role: str) -> None:
    assert findings({"name": "one", "role": role, "trouble": "broken"}) == []
    assert findings({"name": "one", "role": "kept", "trouble": None}) == []


def test_a_kept_index_that_lacks_pages_is_a_warning_with_what_to_do() -> None:
    ((status, detail, remedy),) = findings({"name": "one", "role": "kept", "trouble": "it has refused 1 pages (c)"})
    assert (status, detail) == ("warn", "no rollback to one: it has refused 1 pages (c)")
    assert "pagemill index retire" in remedy
