"""The process that raw pages are cleaned again in, one after the other, each under a deadline and a memory limit.

Started by `workers.index.cleaning_again` as `python -m workers.index.cleaning_child`. In: a length, a version and
another length, then as many bytes as the first says, as `shared.packing.pack` makes them, and what the page's site
repeats as JSON. Out: a length, then a mark and what was made.
"""

import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO, Final

from shared.errors import PageRejected
from shared.models.document import Document
from shared.models.raw_page import RawPage
from shared.packing import freeze, unpack
from shared.sites import SiteBlocks
from workers.clean import CleanLimits, clean
from workers.deadline import limit_memory, page_deadline
from workers.enrich import enrich
from workers.warming import warm

ASKED: Final = struct.Struct(">IQI")
ANSWERED: Final = struct.Struct(">I")
MADE: Final = b"M"
REJECTED: Final = b"R"
BROKEN: Final = b"B"
_NICE: Final = 10
"""Pages that are new go first."""

Work = Callable[[RawPage, SiteBlocks], Document]


def answer_pages(work: Work, *, seconds: float, memory_mib: int) -> None:
    """Says that it is ready, then answers until the pipe ends; the kernel ends it where a page takes too long.

    Args:
        work: what is done with a page, and with what its site repeats.
        seconds: that one page may take.
        memory_mib: that the process may grow by from now on.
    """
    pages, answers = _pipes()
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_stop, signal.SIG_IGN)  # the whole group gets it; the parent's pipe says when to end
    os.nice(_NICE)
    limit_memory(memory_mib)
    _send(answers, b"")
    while head := pages.read(ASKED.size):
        length, version, known = ASKED.unpack(head)
        frame, site = pages.read(length), SiteBlocks.model_validate_json(pages.read(known))
        with page_deadline(seconds):
            answer = _answer(work, frame, version, site)
        _send(answers, answer)


def clean_and_enrich(page_max_bytes: int, text_max_chars: int) -> Work:
    """What the clean and the enrich room do, one after the other."""
    limits = CleanLimits(page_max_bytes=page_max_bytes, text_max_chars=text_max_chars, max_dropped=0)
    return lambda page, site: enrich(clean(page, limits, site))


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our pipes, out of reach of libraries that print."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _send(answers: BinaryIO, answer: bytes) -> None:
    answers.write(ANSWERED.pack(len(answer)) + answer)
    answers.flush()


def _answer(work: Work, frame: bytes, version: int, site: SiteBlocks) -> bytes:
    try:
        return MADE + freeze(work(unpack(frame, version), site))
    except PageRejected as rejected:
        return REJECTED + json.dumps([rejected.reason, rejected.detail]).encode()
    except BaseException as error:  # noqa: BLE001  (also what native extensions raise when they panic)
        reason = "out-of-memory" if isinstance(error, MemoryError) else "crashed"
        return BROKEN + json.dumps([reason, f"{type(error).__name__}: {error}"[:1000]]).encode()


def main(work: Callable[[int, int], Work] = clean_and_enrich) -> None:
    """The process: limits come as arguments."""
    page_max_bytes, text_max_chars, memory_mib, seconds = sys.argv[1:]
    warm({"clean", "enrich"})
    answer_pages(work(int(page_max_bytes), int(text_max_chars)), seconds=float(seconds), memory_mib=int(memory_mib))


if __name__ == "__main__":
    main()
