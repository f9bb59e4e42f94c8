"""Raw pages from the archive, cleaned and enriched by the code as it is now, in processes that a page may end."""

import json
import subprocess
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, Final, NamedTuple

from shared.archive.port import ArchivedPage
from shared.children import child_environment, module_command
from shared.models.document import Document
from shared.packing import thaw
from shared.settings import Settings
from shared.sites import NO_BLOCKS, SiteBlocks
from shared.sites.known import KnownSites
from workers.index.cleaning_child import ANSWERED, ASKED, MADE, REJECTED

CHILD: Final = "workers.index.cleaning_child"
_CHILDREN: Final = 4


class Again(NamedTuple):
    """What became of one raw page: a document, or a reason why there is none."""

    document: Document | None
    rejected: str | None = None
    """The page's fault, as a dead letter's reason."""
    broken: str | None = None
    """Ours: `crashed`, `out-of-memory`, or `worker-lost` where it took too long or ended the process."""


class CleaningAgain:
    """Some child processes, each with a thread that waits for it; started at the first page.

    Args:
        settings: limits, and how many processes clean.
        sites: what sites repeat.
        child: the module that the processes run.
    """

    def __init__(self, settings: Settings, sites: KnownSites, child: str = CHILD) -> None:
        self._sites = sites
        limits = (
            settings.page_max_bytes,
            settings.text_max_chars,
            settings.page_memory_mib,
            settings.page_seconds,
        )
        self._command = module_command(child, *map(str, limits))
        self._most = min(_CHILDREN, settings.clean_workers)
        self._threads: ThreadPoolExecutor | None = None
        self._mine = threading.local()
        self._running: list[subprocess.Popen[bytes]] = []

    def begin(self, page: ArchivedPage, site: str | None) -> "Future[Again]":
        """Has a page worked on.

        Args:
            page: as it was archived.
            site: where it is from; what that site repeats is left out.
        """
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="cleaning-again")
        return self._threads.submit(self._work, page, self._sites.of({site}).get(site, NO_BLOCKS))

    def close(self) -> None:
        """Ends the processes; what they were at is not answered."""
        for process in self._running:
            process.kill()
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
        for process in self._running:
            _closed(process)
        self._running.clear()
        self._threads, self._mine = None, threading.local()

    def _work(self, page: ArchivedPage, site: SiteBlocks) -> Again:
        process, known = self._child(), site.model_dump_json().encode()
        try:
            _send(process.stdin, ASKED.pack(len(page.packed), page.version, len(known)) + page.packed + known)
            return _again(_answer(process.stdout))
        except (EOFError, BrokenPipeError):
            process.kill()
            process.wait()
            return Again(None, broken="worker-lost")

    def _child(self) -> "subprocess.Popen[bytes]":
        """This thread's process; a new one where the last page has ended it."""
        process: subprocess.Popen[bytes] | None = getattr(self._mine, "process", None)
        if process is not None and process.poll() is None:
            return process
        if process is not None:
            self._running.remove(process)
            _closed(process)
        process = subprocess.Popen(  # noqa: S603  (our own module)
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=child_environment()
        )
        self._mine.process = process
        self._running.append(process)
        try:
            _answer(process.stdout)
        except EOFError:
            raise RuntimeError(
                f"{' '.join(self._command[2:4])} ends before its first page; see the worker's log"
            ) from None
        return process


def _again(answer: bytes) -> Again:
    mark, told = answer[:1], answer[1:]
    if mark == MADE:
        return Again(thaw(Document, told))
    reason, _ = json.loads(told)
    return Again(None, rejected=reason) if mark == REJECTED else Again(None, broken=reason)


def _send(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None
    pipe.write(data)
    pipe.flush()


def _answer(pipe: IO[bytes] | None) -> bytes:
    (length,) = ANSWERED.unpack(_read(pipe, ANSWERED.size))
    return _read(pipe, length)


def _read(pipe: IO[bytes] | None, length: int) -> bytes:
    assert pipe is not None
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _closed(process: "subprocess.Popen[bytes]") -> None:
    pipes: tuple[Any, ...] = (process.stdin, process.stdout)
    for pipe in pipes:
        with suppress(OSError):
            pipe.close()
    process.wait()
