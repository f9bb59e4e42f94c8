"""Processes that previews are made in, started when one is asked for and kept for the next."""

import asyncio
import json
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog

from services.ingest.preview.child import ANSWERED, ASKED, FAILED, REJECTED
from shared.children import child_environment, module_command
from shared.errors import DependencyUnavailable, Refused
from shared.intake import Page
from shared.packing import pack
from shared.settings import Settings
from shared.sites import NO_BLOCKS, SiteBlocks

_MODULE: Final = "services.ingest.preview.child"
_START_SECONDS: Final = 60.0
_PROCESSES: Final = 2

log = structlog.get_logger(__name__)


class PreviewPool:
    """At most two processes; a page that hangs or breaks one costs nobody else's preview.

    Args:
        settings: how long a preview may take, how much memory, how large a page may be.
        module: what the processes run.
    """

    def __init__(self, settings: Settings, *, module: str = _MODULE) -> None:
        self._seconds = settings.preview_seconds
        limits = (
            settings.page_max_bytes,
            settings.text_max_chars,
            settings.page_memory_mib,
            settings.preview_seconds,
        )
        self._command = module_command(module, *map(str, limits))
        self._free = asyncio.Semaphore(_PROCESSES)
        self._idle: list[Process] = []

    async def preview(self, page: Page, site: SiteBlocks = NO_BLOCKS) -> bytes:
        """Clean and document of a page, as JSON.

        Args:
            page: as it came.
            site: what its site repeats.

        Raises:
            Refused: the page is rejected, takes too long or breaks the process.
            DependencyUnavailable: all processes are busy, or none starts.
        """
        async with self._process() as process:
            mark, told = await self._asked(process, page, site)
        if mark == REJECTED:
            rejected = json.loads(told)
            detail = rejected["detail"] or f"The page is {rejected['reason']}."
            raise Refused("page-rejected", detail, reason=rejected["reason"])
        if mark == FAILED:
            raise Refused("preview-failed", f"The page broke the work on it: {json.loads(told)['detail']}.")
        return told

    async def close(self) -> None:
        """Ends every process."""
        while self._idle:
            await _end(self._idle.pop())

    @asynccontextmanager
    async def _process(self) -> AsyncIterator[Process]:
        """A process of one's own; given back unless something went wrong with it."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise DependencyUnavailable("preview", "all processes are busy") from None
        process: Process | None = None
        try:
            process = self._reusable() or await self._start()
            yield process
        except BaseException:
            if process is not None:
                await _end(process)
            raise
        else:
            self._idle.append(process)
        finally:
            self._free.release()

    def _reusable(self) -> Process | None:
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
        return None

    async def _start(self) -> Process:
        process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, env=child_environment())
        try:
            async with asyncio.timeout(_START_SECONDS):
                await _read(process)
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await _end(process)
            raise DependencyUnavailable("preview", f"the process did not start: {type(error).__name__}") from error
        return process

    async def _asked(self, process: Process, page: Page, site: SiteBlocks) -> tuple[bytes, bytes]:
        frame, known = pack(*page), site.model_dump_json().encode()
        try:
            async with asyncio.timeout(self._seconds):
                pipe: Any = process.stdin
                pipe.write(ASKED.pack(len(frame), time.time_ns() // 1000, len(known)) + frame + known)
                await pipe.drain()
                answer = await _read(process)
        except TimeoutError:
            log.warning("preview took too long", page=page.submission.id)
            detail = f"The page took longer than {self._seconds:g} seconds."
            raise Refused("preview-failed", detail, limit="PAGEMILL_PREVIEW_SECONDS") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            log.warning("preview ended its process", page=page.submission.id, status=process.returncode)
            raise Refused("preview-failed", "The page ended the process that worked on it.") from None
        return answer[:1], answer[1:]


async def _read(process: Process) -> bytes:
    pipe: Any = process.stdout
    (length,) = ANSWERED.unpack(await pipe.readexactly(ANSWERED.size))
    answer: bytes = await pipe.readexactly(length)
    return answer


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()
