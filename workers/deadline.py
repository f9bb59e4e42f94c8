"""The kernel as watchdog: a page that holds its process too long ends the process, in native code too."""

import faulthandler
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

MIB = 1024 * 1024


@contextmanager
def page_deadline(seconds: float) -> Iterator[None]:
    """Kills this process by SIGALRM unless the block is left within `seconds`; in the main thread only.

    No handler of Python's could end a parser that hangs in C. The pool starts a new process, and the parent learns
    from the note of the dead one (workers/at_hand.py) which page it was, and where it was then.
    """
    if signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # what `last_words` registered stands beside it, and stays
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def last_words(file: int) -> None:
    """From here on, a process that ends itself over a page writes first where in its code it was.

    That is at its deadline (SIGALRM) and where native code fails (SIGSEGV, SIGABRT and their like); of SIGKILL nobody
    hears.

    Args:
        file: a descriptor that stays open.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    faulthandler.enable(file, all_threads=False)
    faulthandler.register(signal.SIGALRM, file, all_threads=False, chain=True)


def limit_memory(grow_mib: int) -> None:
    """Lets this process's address space grow by so much from here; beyond it allocations fail with MemoryError."""
    limit = psutil.Process().memory_info().vms + grow_mib * MIB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
