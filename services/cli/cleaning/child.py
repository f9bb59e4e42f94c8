"""The process that `pagemill clean` works in: `python -m services.cli.cleaning.child`, frames in, frames out.

A page that hangs in a parser written in C can be ended by nobody but the kernel, and one that crashes it takes the
process along. Both ways the parent sees the stream end, and starts another process.
"""

import json
import os
import resource
import signal
import sys
from typing import IO, Final

import psutil

from services.cli.cleaning.frames import read_frame, write_frame
from services.cli.cleaning.lines import clean_line
from shared.settings import MIB, Settings

_FIRST_PAGE: Final = b'{"content": "<title>Warm</title><p>The first page loads what the others share.</p>"}'


def main() -> None:
    """Says that it is ready, then answers lines until there are no more; exits with 1 where it can clean nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    answers = _answers()
    settings = Settings()
    _warm(settings)
    _limit_memory(settings.page_memory_mib)
    _quiet()
    write_frame(answers, b"")
    while (line := read_frame(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_REAL, settings.page_seconds)
        answer = clean_line(line, settings)
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_frame(answers, answer)


def _answers() -> IO[bytes]:
    """Where answers go, out of reach of a library that prints."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _warm(settings: Settings) -> None:
    """What no page could get past is told at once, not once for each."""
    if error := json.loads(clean_line(_FIRST_PAGE, settings)).get("error"):
        sys.exit(error["detail"])


def _quiet() -> None:
    """From here on nobody hears what a library prints."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _limit_memory(grow_mib: int) -> None:
    """Beyond this allocations fail, so that one page cannot take the machine's memory."""
    limit = psutil.Process().memory_info().vms + grow_mib * MIB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


if __name__ == "__main__":
    main()
