"""The routes of exports: whole results as files, that can be gone on with, and what tells whether one is whole."""

from collections.abc import AsyncIterator, Generator
from time import monotonic
from typing import Annotated, Any, Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from services.http.problems import problems
from services.query.exports.desk import ExportDesk, Open
from services.query.exports.formats import FORMATS
from shared.models.export_manifest import ExportManifest
from shared.models.export_query import ExportQuery, ManifestQuery
from shared.models.search_query import CURSOR_MAX_CHARS

_THREADS: Final = 2
"""Exports that are worked at in the same moment: searches have the other threads."""
_STEP_SECONDS: Final = 0.5
_NOT_FOUND: Final = ("export-expired", "export-mismatch")
_PROBLEMS: Final = problems("query-too-long", "query-syntax", *_NOT_FOUND, "exports-full", "unavailable")
_HEADERS: Final = {
    "Pagemill-Export": "What to go on with, and to ask the manifest by.",
    "Pagemill-Export-Count": "Documents that match; those that are deleted meanwhile are left out.",
    "Pagemill-Export-Offset": "The place of the first byte.",
    "Pagemill-Index": "The index that it is read from.",
}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, from the byte at `offset` on",
        "content": {form.media_type.partition(";")[0]: {"schema": {"type": "string"}} for form in FORMATS.values()},
        "headers": {name: {"description": told, "schema": {"type": "string"}} for name, told in _HEADERS.items()},
    }
}


def add_exports(router: APIRouter, desk: ExportDesk) -> None:
    """Adds the routes."""
    threads = CapacityLimiter(_THREADS)

    @router.get(
        "/v1/export", response_class=Response, responses={**_FILE, **_PROBLEMS}, summary="A whole result as a file"
    )
    async def export(query: Annotated[ExportQuery, Query()]) -> Response:
        """Every document that a search finds, as NDJSON, CSV or Parquet, from one state of the index.

        An answer that was cut is gone on with by the same parameters and `export` and `offset`: the token of the
        answer, and the bytes that are there already. The manifest tells whether they are right.
        """
        held = await run_sync(desk.find if query.export is not None else desk.begin, query, limiter=threads)
        pieces = held.export.pieces(query.offset)
        first = await run_sync(_next, pieces, limiter=threads)
        name = f"export.{FORMATS[query.format].suffix}"
        headers = {
            "Pagemill-Export": held.token,
            "Pagemill-Export-Count": str(held.ticket.total),
            "Pagemill-Export-Offset": str(query.offset),
            "Pagemill-Index": held.ticket.index,
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Accel-Buffering": "no",
        }
        body = _streamed(desk, held, first, pieces, threads)
        return StreamingResponse(body, media_type=FORMATS[query.format].media_type, headers=headers)

    @router.get(
        "/v1/export/manifest",
        response_model=ExportManifest,
        responses=_PROBLEMS,
        summary="What tells whether an export is whole",
    )
    async def manifest(query: Annotated[ManifestQuery, Query()]) -> Response:
        """Query, index, count and, once all of it has been worked out, the checksum.

        Takes the parameters of the export, with `export`; where it is not complete, `wait` works it out for a while.
        """
        held = await run_sync(desk.find, query, limiter=threads)
        until = monotonic() + query.wait
        with desk.reading(held):
            while not held.export.complete and (left := until - monotonic()) > 0:
                await run_sync(held.export.work, min(left, _STEP_SECONDS), limiter=threads)
        return Response(held.manifest().model_dump_json(), media_type="application/json")

    @router.delete(
        "/v1/export", status_code=204, responses=problems("export-expired", "unavailable"), summary="Let an export go"
    )
    def release(
        export: Annotated[str, Query(max_length=CURSOR_MAX_CHARS, description="`Pagemill-Export` of the answer.")],
    ) -> Response:
        """It is not gone on with: its state of the index is let go at once."""
        desk.release(export)
        return Response(status_code=204)


async def _streamed(
    desk: ExportDesk, held: Open, first: bytes | None, pieces: Generator[bytes], threads: CapacityLimiter
) -> AsyncIterator[bytes]:
    """The pieces, each worked out in a thread when the one before has been sent."""
    with desk.reading(held) as sent:
        try:
            piece = first
            while piece is not None:
                yield piece
                sent(piece)
                piece = await run_sync(_next, pieces, limiter=threads)
        finally:
            pieces.close()


def _next(pieces: Generator[bytes]) -> bytes | None:
    return next(pieces, None)
