"""What a worker's parent knows of its pool, and tells the control room."""

import os
import platform
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime

import psutil

from shared.ledger.present import Present
from shared.moments import from_ms
from workers.pool_table import PoolTable


class Pool:
    """One worker: this process and those that it forked.

    Args:
        rooms: those that it serves.
        table: what its processes count.
        metrics: where its figures are served; None where they are not.
    """

    def __init__(self, rooms: Collection[str], table: PoolTable, metrics: str | None = None) -> None:
        self.rooms = tuple(rooms)
        self.table = table
        self._metrics = metrics
        self._process = psutil.Process()
        self._started_at = datetime.now(UTC)
        self._host = platform.node()
        self.name = f"{'+'.join(self.rooms)}-{os.getpid()}@{self._host}"

    def present(self, now_ms: int | None = None) -> Present:
        """What is so now; `now_ms` by the ledger's clock, this machine's where it is not given."""
        progress = self.table.highest("progress")
        memory, processes = self._memory()
        return Present(
            name=self.name,
            rooms=self.rooms,
            host=self._host,
            pid=os.getpid(),
            started_at=self._started_at,
            at=datetime.now(UTC) if now_ms is None else from_ms(now_ms),
            processes=processes,
            active=self.table.active,
            pages=int(self.table.total("held")),
            memory_bytes=memory,
            restarts=self.table.restarts,
            progress_at=from_ms(int(progress * 1000)) if progress else None,
            metrics=self._metrics,
        )

    def _memory(self) -> tuple[int, int]:
        """Resident bytes of all, and how many pool processes live."""
        total, processes = self._process.memory_info().rss, 0
        for child in self._process.children():
            with suppress(psutil.NoSuchProcess):
                total += child.memory_info().rss
                processes += 1
        return total, processes
