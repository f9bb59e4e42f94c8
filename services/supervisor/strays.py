import os
from collections.abc import Collection
from contextlib import suppress

import psutil


def reap_strays(own: Collection[int]) -> None:
    """Takes leave of dead children that nobody waits for.

    As process 1 of a container this one inherits every orphan, and they would pile up.

    Args:
        own: pids that somebody waits for.
    """
    for child in psutil.Process().children():
        with suppress(psutil.Error, ChildProcessError):
            if child.pid not in own and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)
