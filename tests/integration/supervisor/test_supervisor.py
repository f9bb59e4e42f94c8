import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs

from services.supervisor.asked_to_stop import AskedToStop
from services.supervisor.orphans import left_over
from services.supervisor.program import Place
from services.supervisor.supervisor import NotStarting, Supervisor
from tests.integration.supervisor.small_programs import kept_up, python, until

pytestmark = pytest.mark.processes

WRITES_ITS_PID = """
import os, sys, time
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
time.sleep(600)
"""
TELLS_ITS_END = """
import signal, sys, time
def end(*_):
    open(sys.argv[1], "a").write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
open(sys.argv[3], "w").write("ready")
time.sleep(600)
"""
HEARS_NOTHING = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").write("ready")
time.sleep(600)
"""
LEAVES_CHILDREN = """
import subprocess, sys, time
beside = subprocess.Popen(["sleep", "600"])
apart = subprocess.Popen(["sleep", "600"], start_new_session=True)
open(sys.argv[1], "w").write(f"{beside.pid}\\n{apart.pid}\\n")
time.sleep(600)
"""


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def written(path: Path) -> Callable[[], bool]:
    return lambda: bool(lines(path))


def alive(pid: int | str) -> bool:
    try:
        return bool(psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_program_that_was_killed_runs_again(place: Place, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with kept_up(place, [python("one", WRITES_ITS_PID, pids, ready=written(pids))]):
        os.kill(int(lines(pids)[0]), signal.SIGKILL)
        until(lambda: len(lines(pids)) == 2)
        first, second = lines(pids)
        assert first != second
        assert alive(second)
    assert not alive(second)


def test_an_exit_is_told_with_its_signal_and_its_last_words(place: Place, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = "print('about to wait', flush=True)\n" + WRITES_ITS_PID
    with capture_logs() as told, kept_up(place, [python("one", code, pids, ready=written(pids))]):
        os.kill(int(lines(pids)[0]), signal.SIGKILL)
        until(lambda: len(lines(pids)) == 2)
    exits: list[Any] = [line for line in told if line["event"] == "exited"]
    assert [(line["program"], line["how"], line["last_line"]) for line in exits] == [
        ("one", "SIGKILL", "about to wait")
    ]


def test_a_crash_loop_is_told_as_one(place: Place, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    code = "import sys; open(sys.argv[1], 'a').write('x\\n'); sys.exit(7)"
    stop = AskedToStop()

    def enough() -> None:
        if len(lines(starts)) == 4:
            stop.ask()

    with capture_logs() as told:
        Supervisor([[python("one", code, starts)]], place, each_round=enough, tries=100).run(stop)
    exits = [line["event"] for line in told if line["event"] in {"exited", "crash loop"}]
    assert exits[:3] == ["exited", "exited", "crash loop"]
    loop: Any = next(line for line in told if line["event"] == "crash loop")
    assert (loop["how"], loop["exits_in_a_row"]) == ("exit 7", 3)


def test_a_program_that_stands_still_is_started_again_and_told(place: Place, tmp_path: Path) -> None:
    pids, stuck = tmp_path / "pids", tmp_path / "stuck"

    def still() -> str:
        return "pages wait and it takes none" if stuck.exists() and len(lines(pids)) == 1 else ""

    with (
        capture_logs() as told,
        kept_up(place, [python("one", WRITES_ITS_PID, pids, ready=written(pids), still=still)]),
    ):
        stuck.touch()
        until(lambda: len(lines(pids)) == 2)
    alarms: list[Any] = [line for line in told if line["event"] == "stands still"]
    assert [(line["log_level"], line["program"], line["why"]) for line in alarms] == [
        ("error", "one", "pages wait and it takes none")
    ]


def test_a_program_that_never_gets_ready_is_given_up_with_its_last_words(place: Place) -> None:
    broken = python("one", "raise SystemExit('no such index')", ready=lambda: False)
    with pytest.raises(NotStarting, match="one does not start: no such index"):
        Supervisor([[broken]], place, tries=2).run(AskedToStop())


def test_a_program_that_cannot_be_run_says_why(place: Place) -> None:
    missing = python("one", "", ready=lambda: False)
    missing = type(missing)(**{**vars(missing), "argv": ("/nowhere/valkey-server",)})
    with pytest.raises(NotStarting, match="/nowhere/valkey-server: No such file or directory"):
        Supervisor([[missing]], place, tries=2).run(AskedToStop())


def test_the_rest_starts_when_the_gate_is_ready(place: Place, tmp_path: Path) -> None:
    gate, seen = tmp_path / "gate", tmp_path / "seen"
    slow = "import sys, time; time.sleep(.5); open(sys.argv[1], 'w').write('open'); time.sleep(600)"
    looks = "import os, sys, time; open(sys.argv[2], 'w').write(str(os.path.exists(sys.argv[1]))); time.sleep(600)"
    first = python("first", slow, gate, ready=written(gate), gate=True)
    then = python("then", looks, gate, seen, ready=written(seen))
    with kept_up(place, [first], [then]):
        assert lines(seen) == ["True"]


def test_programs_end_in_the_opposite_order_of_their_start(place: Place, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    names = ["ledger", "worker", "door"]
    files = {name: tmp_path / f"{name}.ready" for name in names}
    waves = [[python(name, TELLS_ITS_END, ends, name, files[name], ready=written(files[name]))] for name in names]
    with kept_up(place, *waves):
        pass
    assert lines(ends) == ["door", "worker", "ledger"]


def test_a_program_that_does_not_end_is_killed_after_its_grace(place: Place, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = python("deaf", HEARS_NOTHING, ready, ready=written(ready), grace=0.2)
    with capture_logs() as told, kept_up(place, [deaf]):
        pass
    assert [line["why"] for line in told if line["event"] == "killed"] == ["did not end within 0.2 s"]
    assert left_over(place.data) == []


def test_a_second_request_ends_everything_at_once(place: Place, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = python("deaf", HEARS_NOTHING, ready, ready=written(ready), grace=600)
    with capture_logs() as told, kept_up(place, [deaf]) as stop:
        stop.ask()
    assert [line["why"] for line in told if line["event"] == "killed"] == ["asked a second time to stop"]
    assert left_over(place.data) == []


def test_what_a_program_has_started_ends_with_everything_else(place: Place, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with kept_up(place, [python("one", LEAVES_CHILDREN, pids, ready=written(pids))]):
        assert all(map(alive, lines(pids)))
    assert not any(map(alive, lines(pids)))


def test_what_a_killed_program_has_left_beside_it_is_gone_when_it_runs_again(place: Place, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with kept_up(place, [python("one", LEAVES_CHILDREN, pids, ready=lambda: len(lines(pids)) == 2)]):
        beside = lines(pids)[0]
        os.kill(psutil.Process(int(beside)).ppid(), signal.SIGKILL)
        until(lambda: len(lines(pids)) == 2 and lines(pids)[0] != beside)
        assert not alive(beside)


def test_a_stop_while_starting_leaves_nothing(place: Place, tmp_path: Path) -> None:
    stop, ready = AskedToStop(), []
    never = python("never", WRITES_ITS_PID, tmp_path / "pids", ready=lambda: False)

    def asked_when_it_runs() -> None:
        if lines(tmp_path / "pids"):
            stop.ask()

    Supervisor([[never]], place, each_round=asked_when_it_runs).run(stop, lambda: ready.append(True))
    assert ready == []
    assert left_over(place.data) == []


def test_ctrl_c_in_a_terminal_does_not_reach_the_programs(place: Place, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with kept_up(place, [python("one", WRITES_ITS_PID, pids, ready=written(pids))]):
        pid = int(lines(pids)[0])
        assert os.getpgid(pid) == pid
        assert os.getsid(pid) != os.getsid(0)


def test_what_the_last_ones_need_to_end_is_kept_running_until_then(place: Place, tmp_path: Path) -> None:
    pids, asked, ready = (tmp_path / name for name in ("pids", "asked", "ready"))
    code = """
import os, signal, sys, time
pids, asked, ready = sys.argv[1:]
def end(*_):
    open(asked, "w").write("yes")
    os.kill(int(open(pids).read().split()[0]), signal.SIGKILL)
    while len(open(pids).read().split()) < 2:
        time.sleep(0.01)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
open(ready, "w").write("yes")
time.sleep(600)
"""
    ledger = python("ledger", WRITES_ITS_PID, pids, ready=written(pids))
    worker = python("worker", code, pids, asked, ready, ready=written(ready))
    with capture_logs() as told, kept_up(place, [ledger], [worker]):
        pass
    assert lines(asked) == ["yes"]
    assert [line for line in told if line["event"] == "killed"] == []
    assert len(lines(pids)) == 2
