"""Becomes another program that ends when its parent does: `launch.py PARENT_PID PROGRAM ARGUMENT...`.

Run as a script before the program, because what a process asks of the kernel about its parent outlives `exec`, and
because Python code between fork and exec can hang. Where the kernel knows no such wish (macOS) the program is found
by its record instead (orphans.py).
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_CANNOT_RUN = 127


def main() -> None:
    """Replaces this process; exits with 127 where the program cannot be run."""
    parent, argv = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel knew
        sys.exit(_CANNOT_RUN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python had it ignored, and that would be inherited
    try:
        os.execvp(argv[0], argv)  # noqa: S606  (no shell is wanted)
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        sys.exit(_CANNOT_RUN)


if __name__ == "__main__":
    main()
