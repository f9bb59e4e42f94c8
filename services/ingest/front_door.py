"""The front door, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from services.http.health import Check
from services.http.routes import make_router
from services.ingest.acceptor import Acceptor
from services.ingest.batch.route import add_batch
from services.ingest.deleting import add_deleting
from services.ingest.letters import add_letters
from services.ingest.limits import add_limits
from services.ingest.outcomes import add_outcomes
from services.ingest.pages import add_pages
from services.ingest.parts import Parts
from services.ingest.posting import add_posting
from services.ingest.preview.pool import PreviewPool
from services.ingest.preview.route import add_preview


def make_ingest(parts: Parts) -> APIRouter:
    """The routes of intake; its lifespan starts and ends the accepting thread and the preview processes.

    Args:
        parts: what they work with; stays open as long as the routes are served, and is closed by its maker.
    """
    acceptor, pool = Acceptor(parts), PreviewPool(parts.settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        acceptor.start()
        yield
        acceptor.close()
        await pool.close()

    router = make_router(tags=["intake"], lifespan=lifespan)
    add_posting(router, parts, acceptor)
    add_batch(router, parts, acceptor)
    add_deleting(router, parts)
    add_pages(router, parts)
    add_outcomes(router, parts)
    add_preview(router, parts, pool)
    add_limits(router, parts.settings)
    add_letters(router, parts, acceptor)
    return router


def ingest_checks(parts: Parts) -> list[Check]:
    """What intake needs: the ledger, and that nothing keeps new pages out.

    Without index and archive pages are taken in all the same, until the engine is about to refuse what it is given. A
    line that is full is no failure, nor is memory at its mark: they drain. At its own limit Redis refuses
    more than pages.
    """

    def ledger() -> tuple[bool, str]:
        parts.ledger.ping()
        return True, "answers"

    def intake() -> tuple[bool, str]:
        if held := parts.ledger.held_off():
            return False, f"new pages get 429: {held}"
        if not parts.ledger.server.takes_more():
            return False, "new pages get 429: Redis is at its memory limit, and takes only what frees some"
        if memory := parts.memory_full():
            return True, f"new pages get 429 until it drains: {memory}"
        return True, "takes pages"

    return [Check("ledger", ledger), Check("intake", intake)]
