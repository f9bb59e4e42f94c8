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
