"""How many searches are worked at in one moment, so that all else that a process answers has threads of its own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request

from shared.errors import Refused

WAIT_SECONDS: Final = 2.0
"""A search that has had no turn by then is refused: who asked would rather know."""
DEFAULT_MOST: Final = 8


class Gate:
    """Lets so many searches through at once, the others in the order in which they came.

    Args:
        most: searches at once.
        wait_seconds: how long one waits for its turn.
    """

    def __init__(self, most: int = DEFAULT_MOST, wait_seconds: float = WAIT_SECONDS) -> None:
        self._most, self._wait_seconds = most, wait_seconds
        self._turns = asyncio.Semaphore(most)

    async def turn(self, request: Request) -> AsyncIterator[None]:
        """What a route that searches depends on, with the scope `function`: the turn ends before the answer is sent.

        Raises:
            Refused: `searches-full`, after the wait; or nobody is there any more who could read the answer.
        """
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise self._full(f"{self._most} searches are being worked at.") from None
        try:
            if await request.is_disconnected():
                raise self._full("The client went away before its turn had come.")
            yield
        finally:
            self._turns.release()

    def _full(self, detail: str) -> Refused:
        return Refused("searches-full", detail, limit="PAGEMILL_SEARCHES_MAX", retry_after=self._wait_seconds)
