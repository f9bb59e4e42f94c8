import json
import os
import signal
import subprocess
import time
from pathlib import Path

import httpx
import psutil
import pytest

from services.cli.worker_command import LANES
from services.supervisor.folder_lock import lock_file, owner
from services.supervisor.orphans import INSTANCE, left_over, mark
from tests.conftest import start_valkey
from tests.integration.cli.command import pagemill
from tests.stack import Stack

pytestmark = pytest.mark.processes

PROGRAMS = {"valkey", "services", "clean", "enrich", "index", "solo"}


def pid_of(stack: Stack, program: str) -> int:
    return int(json.loads((stack.data / "run" / f"{program}.pid").read_text())["pid"])


def ready(stack: Stack) -> bool:
    try:
        return httpx.get(f"{stack.url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def seconds_until_back(stack: Stack, program: str, killed: int) -> float:
    """How long it takes until the program runs again and everything is ready; the test's time limit is the guard."""
    began = time.monotonic()
    while not (stack.data / "run" / f"{program}.pid").exists() or pid_of(stack, program) == killed or not ready(stack):
        time.sleep(0.05)
    return time.monotonic() - began


def test_everything_runs_once_and_the_address_is_written_down(stack: Stack) -> None:
    assert {path.stem for path in (stack.data / "run").glob("*.pid")} == PROGRAMS
    assert all(psutil.pid_exists(pid_of(stack, program)) for program in PROGRAMS)
    assert httpx.get(f"{stack.url}/healthz").status_code == 200


def test_it_prints_where_everything_is(stack: Stack) -> None:
    printed = (stack.data / "up.log").read_text()
    for text in (
        stack.url,
        f"{stack.url}/docs",
        f"{stack.url}/monitor",
        str(stack.data),
        str(stack.data / "logs"),
        "clean 1, enrich 1",
    ):
        assert text in printed


@pytest.mark.parametrize("program", ["services", "clean", "index", "valkey"])
def test_a_killed_program_is_back_at_the_same_address(stack: Stack, program: str) -> None:
    url, killed = stack.url, pid_of(stack, program)
    os.kill(killed, signal.SIGKILL)
    seconds_until_back(stack, program, killed)
    assert stack.url == url
    assert ready(stack)
    assert f'"program": "{program}"' in (stack.data / "up.log").read_text()


def test_a_second_one_on_the_same_folder_is_refused(stack: Stack) -> None:
    ran = stack.run("up", "--port", "0")
    assert ran.returncode == 1
    assert stack.process is not None
    assert f"belongs to process {stack.process.pid}, which answers on {stack.url}" in ran.stderr
    assert ready(stack)


def test_the_doctor_tells_a_paused_room_from_one_that_stands_still(stack: Stack) -> None:
    with stack.client() as client:
        client.post("/v1/monitor/rooms/clean/pause").raise_for_status()
        client.post("/v1/pages", json={"content": "A page that waits behind a pause."}).raise_for_status()
        ran = stack.run("doctor", "--json")
        client.post("/v1/monitor/rooms/clean/resume").raise_for_status()
    found = {finding["name"]: finding for finding in json.loads(ran.stdout)["findings"] if finding["status"] != "ok"}
    assert found["rooms"]["detail"] == "paused, so that pages wait: clean (1)"
    assert "workers" not in found


def test_the_doctor_finds_a_healthy_stack_healthy(stack: Stack) -> None:
    ran = stack.run("doctor", "--json")
    told = json.loads(ran.stdout)
    assert [finding for finding in told["findings"] if finding["status"] == "fail"] == []
    assert ran.returncode == 0
    names = {finding["name"] for finding in told["findings"]}
    assert {"python", "packages", "data folder", "owner", "redis", "durability", "ledger", "workers"} <= names


def test_after_a_kill_it_ends_what_was_left_and_after_sigterm_it_leaves_nothing(tmp_path: Path) -> None:
    up = Stack(tmp_path / "data", clean_workers=1).start()
    assert up.process is not None
    posted = httpx.post(f"{up.url}/v1/pages?wait=searchable", json={"content": "A page that is kept. " * 9})
    assert posted.status_code == 200
    os.kill(up.process.pid, signal.SIGKILL)
    up.process.wait()
    assert owner(up.data) is None
    orphan = subprocess.Popen(["sleep", "600"], env={**os.environ, INSTANCE: mark(up.data)})
    before = {process.pid for process in left_over(up.data)}
    assert orphan.pid in before

    up.start()
    assert orphan.wait() == -signal.SIGTERM
    assert "ended what a killed predecessor left running" in (up.data / "up.log").read_text()
    after = {process.pid for process in left_over(up.data)}
    assert len(after) >= len(PROGRAMS)
    assert before.isdisjoint(after)

    assert up.stop() == 0
    assert left_over(up.data) == []
    assert not lock_file(up.data).exists()
    assert not (up.data / "url").exists()
    assert list((up.data / "run").glob("*.pid")) == []
    assert [file.name for file in up.data.glob("archive.sqlite3*")] == ["archive.sqlite3"], "whole without its log"
    told = [line for room in LANES for line in (up.data / "logs" / f"{room}.log").read_text().splitlines()]
    assert [line for line in told if not line.startswith('{"')] == []


def test_a_valkey_that_was_left_without_a_record_is_ended_before_another_starts(tmp_path: Path) -> None:
    up = Stack(tmp_path / "data", clean_workers=1)
    (up.data / "ledger").mkdir(parents=True)
    left, _ = start_valkey(up.data / "ledger")
    try:
        assert f"left {left.pid} running" in pagemill("doctor", folder=tmp_path).stdout
        up.start()
        assert left.wait() == 0
        assert up.stop() == 0
    finally:
        left.kill()
        left.wait()


def test_a_second_signal_ends_everything_at_once(tmp_path: Path) -> None:
    up = Stack(tmp_path / "data", clean_workers=1).start()
    assert up.process is not None
    up.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait() == 0
    assert left_over(up.data) == []
    assert not lock_file(up.data).exists()


def test_what_keeps_it_from_starting_is_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "ledger" / "appendonlydir").mkdir(parents=True)
    (data / "ledger" / "appendonlydir" / "appendonly.aof.manifest").write_text("no manifest")
    with pytest.raises(RuntimeError, match="valkey does not start"):
        Stack(data).start()
    assert left_over(data) == []
    assert not lock_file(data).exists()
