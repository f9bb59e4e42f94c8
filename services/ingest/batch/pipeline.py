"""A body on its way to the ledger: while it still comes, what has come is read on all cores, group after group."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Executor
from typing import Final, NamedTuple

from services.ingest.acceptor import GROUP_PAGES
from services.ingest.batch.item import Item
from services.ingest.batch.run import BatchRun, Read
from shared.errors import Refused

_SLICE_BYTES: Final = 256 * 1024
"""Bytes of items that one thread reads: little enough for the cores to share a group, enough to be worth a thread."""
_GROUP_BYTES: Final = 4 * 1024 * 1024
"""Bytes of items in a group; two groups are in memory at once."""


class Slice(NamedTuple):
    """Items for one thread; `last` of those that share a transaction."""

    items: Sequence[Item]
    last: bool


async def slices_of(items: AsyncIterator[Item]) -> AsyncIterator[Slice]:
    """Items side by side; what came before a failure of the source is handed on before it is raised."""
    held: list[Item] = []
    size = count = total = 0
    try:
        async for item in items:
            held.append(item)
            count, size, total = count + 1, size + item.size, total + item.size
            last = count >= GROUP_PAGES or total >= _GROUP_BYTES
            if last or size >= _SLICE_BYTES:
                yield Slice(held, last)
                held, size = [], 0
                count, total = (0, 0) if last else (count, total)
    except Refused:
        if count:
            yield Slice(held, last=True)
        raise
    if count:
        yield Slice(held, last=True)


async def drive(run: BatchRun, slices: AsyncIterator[Slice], readers: Executor) -> None:
    """Takes a batch in: the next group is received and read while the one before is on its way to the ledger."""
    reading: list[asyncio.Future[list[Read]]] = []
    taking: asyncio.Task[None] | None = None
    try:
        async for part in slices:
            reading.append(asyncio.get_running_loop().run_in_executor(readers, run.read, part.items))
            if part.last:
                if taking is not None:
                    await taking
                    taking = None
                    if run.stopped:
                        return
                taking = asyncio.create_task(_take(run, reading))
                reading = []
    except Refused as refused:
        if taking is not None:
            await taking
        if not run.stopped:
            run.stop(refused)
        return
    if taking is not None:
        await taking


async def _take(run: BatchRun, reading: Sequence[asyncio.Future[list[Read]]]) -> None:
    group = [read for part in reading for read in await part]
    await asyncio.to_thread(run.take, group)
