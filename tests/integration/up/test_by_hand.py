import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from shared.redis_urls import redis_url
from shared.settings import Settings
from tests.stack import Stack

pytestmark = pytest.mark.processes


@contextmanager
def by_hand(stack: Stack, *arguments: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """A `pagemill` process beside a running stack; it has to end well when it is asked to."""
    added = {f"PAGEMILL_{name.upper()}": value for name, value in {"listen": "127.0.0.1:0", **settings}.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli.main", *arguments],
        env={**stack.environment, **added},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def address_of(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    return next(line.split()[-1] for line in process.stderr if " listens on " in line)


@pytest.mark.parametrize("service", ["ingest", "query", "monitor"])
def test_a_service_of_its_own_joins_the_stack_and_ends_well(stack: Stack, service: str) -> None:
    with by_hand(stack, "serve", service) as process:
        url = address_of(process)
        assert httpx.get(f"{url}/healthz", timeout=60).status_code == 200
        ready = httpx.get(f"{url}/readyz", timeout=60).json()
        assert [check for check in ready["checks"] if not check["ok"]] == []


def test_a_service_of_its_own_answers_its_own_routes_only(stack: Stack) -> None:
    with by_hand(stack, "serve", "monitor") as process:
        url = address_of(process)
        assert httpx.get(f"{url}/v1/monitor/ledger", timeout=60).json()["balanced"]
        assert httpx.get(f"{url}/v1/search").status_code == 404


def test_a_worker_by_hand_joins_the_stack_and_ends_well(stack: Stack, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with by_hand(stack, "work", "clean", "--concurrency", "1", ready_file=str(ready)) as process:
        while not ready.exists():
            assert process.poll() is None
            time.sleep(0.05)


def test_a_second_index_worker_with_a_folder_of_its_own_takes_no_page(stack: Stack, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    settings = {"data": str(tmp_path), "redis_url": redis_url(Settings(data=stack.data)), "ready_file": str(ready)}
    with by_hand(stack, "work", "index", **settings) as process, stack.client() as client:
        while not ready.exists():
            assert process.poll() is None
            time.sleep(0.05)
        for n in range(20):
            page = {"url": f"https://twins.example/{n}", "content": "One of the pages that two would index."}
            told = client.post("/v1/pages", params={"wait": "searchable"}, json=page).raise_for_status()
            assert told.json()["state"] == "searchable"
        assert client.get("/v1/search", params={"site": "twins.example"}).json()["total"]["value"] == 20
        assert not (tmp_path / "index" / "meta.json").exists()
