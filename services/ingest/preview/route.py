"""`POST /v1/preview`: what a page would become, nothing kept."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response

from services.http.problems import problems
from services.http.reading import read_body
from services.ingest.asked import Said
from services.ingest.parts import Parts
from services.ingest.posting import JSON, PAGE_BODY, PAGE_PROBLEMS, read_page
from services.ingest.preview.pool import PreviewPool
from services.ingest.wire import Preview
from shared.sites import NO_BLOCKS
from shared.urls import registered_domain


def add_preview(router: APIRouter, parts: Parts, pool: PreviewPool) -> None:
    """Adds the route."""

    @router.post(
        "/v1/preview",
        response_model=Preview,
        responses=problems(*PAGE_PROBLEMS, "page-rejected", "preview-failed", "unavailable"),
        openapi_extra=PAGE_BODY,
        summary="What a page would become",
    )
    async def preview(request: Request, asked: Annotated[Said, Query()]) -> Response:
        """A page as it would be posted, cleaned and enriched as the workers would; nothing of it is kept.

        What its site repeats is left out, and nothing is learnt from it.
        """
        body = await read_body(request, parts.settings)
        said = asked.item(parts.settings)
        page = await run_sync(read_page, request, body, said, parts.settings)
        site = registered_domain(page.submission.canonical_url or page.submission.url)
        known = await run_sync(parts.sites.of, {site})
        return Response(await pool.preview(page, known.get(site, NO_BLOCKS)), media_type=JSON)
