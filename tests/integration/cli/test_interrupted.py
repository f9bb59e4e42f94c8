"""Given a command that is interrupted while it is still being loaded, then it ends without a traceback."""

import signal
import subprocess
import sys
import time

_BEGIN = """
import sys
from services.cli.entry import main
sys.argv = ["pagemill", "--version"]
print("begun", file=sys.stderr, flush=True)
main()
"""
_LOADED = """
import signal, sys
import services.cli.main
from services.cli.entry import main
sys.argv = ["pagemill", "--version"]
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, float("{wait}"))
main()
"""


def test_ctrl_c_while_the_command_reads_what_it_is_given_is_no_error() -> None:
    seen = set()
    for wait in (0.001, 0.002, 0.004, 0.008):
        script = _LOADED.format(wait=wait)
        ended = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=30, check=False)
        assert b"Traceback" not in ended.stderr
        seen.add(ended.returncode)
    assert 130 in seen


def test_ctrl_c_in_the_first_moments_is_no_error() -> None:
    seen = set()
    for wait in (0.05, 0.1, 0.15, 0.2, 0.3, 0.4):
        process = subprocess.Popen([sys.executable, "-c", _BEGIN], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        assert process.stderr.readline() == b"begun\n"
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
        assert b"Traceback" not in told
        seen.add(process.returncode)
    assert 130 in seen
