"""The process that previews are made in: one page after the other, each under a deadline and a memory limit.

Started by `pool` as `python -m services.ingest.preview.child`. In: a length, a version and another length, then as many
bytes as the first says, as `shared.packing.pack` makes them, and what the page's site repeats as JSON. Out: a length,
then a mark and JSON. No pickle, so nothing in a page can be run.
"""

import json
import os
import resource
import signal
import struct
import sys
from typing import BinaryIO, Final

import psutil

from shared.errors import PageRejected
from shared.models.raw_page import RawPage, Submission
from shared.packing import pack, unpack
from shared.sites import NO_BLOCKS, SiteBlocks
from workers.clean import CleanLimits, clean
from workers.enrich import enrich

ASKED: Final = struct.Struct(">IQI")
ANSWERED: Final = struct.Struct(">I")
MADE: Final = b"M"
REJECTED: Final = b"R"
FAILED: Final = b"F"
_MIB: Final = 1024 * 1024
_GRACE_SECONDS: Final = 2.0
_FIRST_PAGE: Final = b"<title>Warm</title><p>The first page loads what the others share.</p>"


def main(page_max_bytes: int, text_max_chars: int, memory_mib: int, seconds: float) -> None:
    """Answers until the pipe ends; the kernel ends it where a page takes too long, whatever it is at."""
    pages, answers = _pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    limits = CleanLimits(page_max_bytes=page_max_bytes, text_max_chars=text_max_chars)
    _answer(unpack(pack(Submission(id="warm"), _FIRST_PAGE), 1_000_000), limits, NO_BLOCKS)
    _limit_memory(memory_mib)
    _send(answers, MADE)
    while head := pages.read(ASKED.size):
        length, version, known = ASKED.unpack(head)
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)
        page = unpack(pages.read(length), version)
        answer = _answer(page, limits, SiteBlocks.model_validate_json(pages.read(known)))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, answer)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our pipes, out of reach of libraries that print."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _limit_memory(mib: int) -> None:
    """What the process may grow by from now on."""
    limit = psutil.Process().memory_info().vms + mib * _MIB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _answer(page: RawPage, limits: CleanLimits, site: SiteBlocks) -> bytes:
    try:
        cleaned = clean(page, limits, site)
        document = enrich(cleaned)
    except PageRejected as rejected:
        return REJECTED + json.dumps({"reason": rejected.reason, "detail": rejected.detail}).encode()
    except Exception as error:  # noqa: BLE001  (whatever a page breaks is told, and the next page is worked on)
        return FAILED + json.dumps({"detail": type(error).__name__}).encode()
    told = f'{{"clean":{cleaned.clean.model_dump_json()},"document":{document.model_dump_json()}}}'
    return MADE + told.encode()


def _send(answers: BinaryIO, answer: bytes) -> None:
    answers.write(ANSWERED.pack(len(answer)) + answer)
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
