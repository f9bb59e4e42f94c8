import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from services.supervisor.orphans import INSTANCE, end_left_over, forget, left_over, mark, record
from services.supervisor.program import Place
from services.supervisor.strays import reap_strays
from tests.conftest import start_valkey
from tests.integration.supervisor.small_programs import until

pytestmark = pytest.mark.processes

SUPERVISES = """
import sys
from pathlib import Path
from services.supervisor.asked_to_stop import AskedToStop
from services.supervisor.program import Place
from services.supervisor.strays import reap_strays
from services.supervisor.supervisor import Supervisor
from tests.integration.supervisor.small_programs import python
apart = '''
import subprocess, sys, time
for apart in (False, True):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=apart)
print("running", flush=True)
time.sleep(600)
'''
place = Place(Path(sys.argv[1]))
ready = lambda: "running" in place.log_file("one").read_text()
Supervisor([[python("one", apart, ready=ready)]], place).run(AskedToStop(), lambda: print("ready", flush=True))
"""


@pytest.fixture
def bystander() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


def dead(pid: int) -> bool:
    return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def pids(place: Place) -> list[int]:
    return [process.pid for process in left_over(place.data)]


def test_what_a_killed_supervisor_left_is_found_and_ended(place: Place) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISES, str(place.data)], stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    assert b"ready\n" in iter(supervisor.stdout.readline, b"")
    supervisor.send_signal(signal.SIGKILL)
    supervisor.communicate()
    left = pids(place)
    assert left
    assert len(end_left_over(place.data)) >= len(left)
    assert pids(place) == []


def test_a_process_is_found_by_the_folder_in_its_environment(place: Place) -> None:
    marked = subprocess.Popen(["sleep", "600"], env={**os.environ, INSTANCE: mark(place.data)})
    until(lambda: pids(place) == [marked.pid])
    assert end_left_over(place.data) == [f"{marked.pid} sleep"]
    assert marked.wait() == -signal.SIGTERM


def test_a_process_of_another_folder_is_left_alone(place: Place) -> None:
    other = subprocess.Popen(["sleep", "600"], env={**os.environ, INSTANCE: f"{mark(place.data)}-other"})
    until(lambda: psutil.Process(other.pid).name() == "sleep")
    assert end_left_over(place.data) == []
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_process_is_found_by_its_record(place: Place, bystander: "subprocess.Popen[bytes]") -> None:
    record(place.data, "one", bystander.pid)
    assert pids(place) == [bystander.pid]
    forget(place.data, "one")
    assert pids(place) == []


def test_a_pid_that_was_given_to_another_process_is_left_alone(
    place: Place, bystander: "subprocess.Popen[bytes]"
) -> None:
    record(place.data, "one", bystander.pid)
    path = place.run / "one.pid"
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "began": told["began"] - 60}))
    assert pids(place) == []


def test_a_record_that_came_with_a_copied_folder_is_left_alone(
    place: Place, bystander: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    record(place.data, "one", bystander.pid)
    copy = tmp_path / "copy"
    (copy / "run").mkdir(parents=True)
    (copy / "run" / "one.pid").write_bytes((place.run / "one.pid").read_bytes())
    assert left_over(copy) == []


def test_a_record_that_was_cut_short_names_nobody(place: Place) -> None:
    for name, text in {"a": "", "b": "{", "c": "[]", "d": '{"pid": "x"}', "e": '{"pid": 1}'}.items():
        (place.run / f"{name}.pid").write_text(text)
    assert pids(place) == []


@pytest.fixture
def server(place: Place) -> Iterator["subprocess.Popen[bytes]"]:
    """A Valkey on the ledger of the folder, without a record."""
    ledger = place.data / "ledger"
    ledger.mkdir()
    process, _ = start_valkey(ledger)
    yield process
    process.kill()
    process.wait()


def test_a_valkey_is_found_by_the_ledger_it_works_on(place: Place, server: "subprocess.Popen[bytes]") -> None:
    assert pids(place) == [server.pid]
    assert end_left_over(place.data) == [f"{server.pid} valkey-server"]
    assert server.wait() == 0


def test_a_valkey_is_found_though_its_folder_was_moved(
    place: Place, server: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    (place.data / "ledger").rename(moved / "ledger")
    assert [process.pid for process in left_over(moved)] == [server.pid]


@pytest.mark.parametrize("other", ["ledger/ledger", "ledger2", "other/ledger"])
def test_a_valkey_of_another_folder_is_left_alone(place: Place, other: str) -> None:
    for folder in ("ledger", other):
        (place.data / folder).mkdir(parents=True)
    process, _ = start_valkey(place.data / other)
    try:
        assert end_left_over(place.data) == []
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def test_one_that_does_not_listen_is_killed(place: Place) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    env = {**os.environ, INSTANCE: mark(place.data)}
    deaf = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE)
    assert deaf.stdout is not None
    assert deaf.stdout.readline() == b"deaf\n"
    end_left_over(place.data, grace=0.1)
    deaf.communicate()
    assert deaf.returncode == -signal.SIGKILL


def test_a_folder_is_not_mistaken_for_another_that_had_or_has_its_path(tmp_path: Path) -> None:
    data, moved = tmp_path / "data", tmp_path / "moved"
    data.mkdir()
    first = mark(data)
    data.rename(moved)
    data.mkdir()
    assert mark(data) != first


def test_dead_children_that_nobody_waits_for_do_not_pile_up() -> None:
    awaited, stray = (subprocess.Popen(["true"]) for _ in range(2))
    for process in (awaited, stray):
        until(partial(dead, process.pid))
    reap_strays([awaited.pid])
    assert not psutil.pid_exists(stray.pid)
    assert dead(awaited.pid)
    awaited.wait()
    stray.wait()
