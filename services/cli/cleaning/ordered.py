"""Lines through several lanes at once, and their answers in the order of the lines."""

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from services.cli.cleaning.lane import Lane


def in_order(lines: Iterable[bytes | None], lanes: Sequence[Lane]) -> Iterator[bytes]:
    """An answer for each line, as soon as it and those before it are there.

    The lines are read in a thread: an answer is not held back by a reader that waits for the next line, so a program
    can write a line and wait for its answer.
    """
    free: queue.SimpleQueue[Lane] = queue.SimpleQueue()
    for lane in lanes:
        free.put(lane)
    waiting: queue.Queue[Future[bytes] | None] = queue.Queue(maxsize=2 * len(lanes))
    pool = ThreadPoolExecutor(len(lanes))
    try:
        threading.Thread(target=_feed, args=(lines, pool, free, waiting), daemon=True).start()
        while (answer := waiting.get()) is not None:
            yield answer.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _feed(
    lines: Iterable[bytes | None],
    pool: ThreadPoolExecutor,
    free: "queue.SimpleQueue[Lane]",
    waiting: "queue.Queue[Future[bytes] | None]",
) -> None:
    def clean(line: bytes | None) -> bytes:
        lane = free.get()
        try:
            return lane.clean(line)
        finally:
            free.put(lane)

    try:
        for line in lines:
            waiting.put(pool.submit(clean, line))
    except RuntimeError:  # the pool is gone: nobody reads the answers any more
        return
    waiting.put(None)
