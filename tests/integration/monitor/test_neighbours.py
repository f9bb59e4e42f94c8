"""Given services in processes of their own, then the control room answers for all of them as one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from services.together import make_together
from shared.settings import Settings
from tests.silent import Silent
from tests.unit.http.calling import call

pytestmark = pytest.mark.processes
ROOT = "/v1/monitor/services"


class Services:
    """Three processes as they stand behind a gateway."""

    def __init__(self, data: Path, redis_url: str) -> None:
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")},
            "PAGEMILL_DATA": str(data),
            "PAGEMILL_REDIS_URL": redis_url,
        }
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.urls: dict[str, str] = {}

    def start(self, name: str, listen: str = "127.0.0.1:0", *others: str, **settings: str) -> None:
        """One of them; `settings` are PAGEMILL_* without the prefix."""
        added = {"PAGEMILL_LISTEN": listen, "PAGEMILL_SERVICES": str([*others]).replace("'", '"')}
        added |= {f"PAGEMILL_{name.upper()}": value for name, value in settings.items()}
        process = self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "services.cli.main", "serve", name],
            env={**self._environment, **added},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        self.urls[name] = next(line.split()[-1] for line in process.stderr if " listens on " in line)
        with httpx.Client(transport=httpx.HTTPTransport(retries=5), timeout=30) as client:
            client.get(f"{self.urls[name]}/healthz").raise_for_status()

    def end(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0

    def asked(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.urls['monitor']}{ROOT}{path}", timeout=30)


@pytest.fixture
def services(tmp_path: Path, valkey_url: str, valkey: redis.Redis) -> Iterator[Services]:
    made = Services(tmp_path, valkey_url)
    made.start("ingest")
    made.start("query")
    made.start("monitor", "127.0.0.1:0", made.urls["ingest"], made.urls["query"])
    yield made
    for name in list(made.processes):
        made.end(name)


def checks(answer: httpx.Response) -> dict[str, Any]:
    return {check["name"]: check["ok"] for check in answer.json()["checks"]}


def test_health_and_description_are_told_as_one(services: Services, tmp_path: Path) -> None:
    ingest, query = (services.urls[name].removeprefix("http://") for name in ("ingest", "query"))

    lives, ready = services.asked("/healthz"), services.asked("/readyz")
    assert (lives.status_code, checks(lives)) == (200, {ingest: True, query: True})
    whole = {"ledger": True, "workers": True, ingest: True, query: True, "intake": True, "index": True}
    assert (ready.status_code, ready.json()["status"], checks(ready)) == (200, "ok", whole)

    embedded = call(make_together(Settings(data=tmp_path)), "GET", "/openapi.json").json()
    assert services.asked("/openapi.json").json() == embedded
    page = services.asked("/docs").text
    assert "<title>Pagemill</title>" in page
    assert all(path in page for path in ("/v1/pages/batch", "/v1/search", "/v1/monitor/ledger"))

    own = httpx.get(f"{services.urls['monitor']}/readyz").json()
    assert {check["name"] for check in own["checks"]} == {"ledger", "workers"}, "its own readiness stays its own"

    services.end("query")
    lives, ready = services.asked("/healthz"), services.asked("/readyz")
    assert (lives.status_code, checks(lives)) == (503, {ingest: True, query: False})
    assert (ready.status_code, ready.json()["status"]) == (503, "failing")
    assert checks(ready) == {"ledger": True, "workers": True, ingest: True, query: False, "intake": True}
    described = services.asked("/openapi.json")
    assert (described.status_code, described.json()["code"]) == (503, "unavailable")
    assert query in described.json()["detail"]
    assert httpx.get(f"{services.urls['monitor']}/healthz").status_code == 200, "nobody ends it for its neighbour"

    services.start("query", query)
    assert services.asked("/readyz").status_code == 200


def test_a_check_that_fails_at_a_neighbour_fails_as_a_whole(services: Services, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir(exist_ok=True)
    (tmp_path / "index" / "meta.json").write_text("{ broken")
    ready = services.asked("/readyz")
    assert (ready.status_code, ready.json()["status"], checks(ready)["index"]) == (503, "failing", False)


def test_what_hangs_behind_a_neighbour_is_named_and_not_the_neighbour(services: Services) -> None:
    query = services.urls["query"].removeprefix("http://")
    services.end("query")
    silent = Silent()
    services.start("query", query, search_url=f"http://{silent.address}")
    ready = services.asked("/readyz")
    silent.close()
    assert ready.status_code == 503
    assert (checks(ready)["index"], checks(ready)[query]) == (False, True)
