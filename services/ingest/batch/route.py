"""`POST /v1/pages/batch`: many pages in, streamed."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from services.http.problems import problems, retry_after
from services.http.reading import media_type, stream_body
from services.ingest.acceptor import Acceptor
from services.ingest.asked import PostBatch
from services.ingest.batch.array import ArraySplitter
from services.ingest.batch.item import Form, Item, Splitter
from services.ingest.batch.lines import LineSplitter
from services.ingest.batch.pipeline import drive, slices_of
from services.ingest.batch.records import page_of
from services.ingest.batch.run import BatchRun
from services.ingest.batch.warc import RecordSplitter
from services.ingest.offers import sent_by
from services.ingest.parts import Parts
from services.ingest.wire import BatchAnswer
from shared.errors import Refused
from shared.intake import PageItem, submission_from_json
from shared.json_reading import read_json
from shared.settings import Settings
from shared.validation import shown

_LINES: Final = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
_ITEMS_LIMIT: Final = "PAGEMILL_BATCH_MAX_ITEMS"
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {},
            "application/json": {"schema": {"type": "array", "items": PageItem.model_json_schema()}},
            "application/warc": {},
        },
    }
}


def add_batch(router: APIRouter, parts: Parts, acceptor: Acceptor) -> None:
    """Adds the route."""

    @router.post(
        "/v1/pages/batch",
        status_code=202,
        response_model=BatchAnswer,
        responses=problems("batch-too-large", "too-many-items", "line-full", "unavailable", "fetched-in-the-future"),
        openapi_extra=_BODY,
        summary="Many pages in",
    )
    async def post_batch(request: Request, asked: Annotated[PostBatch, Query()]) -> Response:
        """Pages as NDJSON, as a JSON array or as WARC. A bad item never costs its neighbours."""
        form = form_of(media_type(request), asked.item(parts.settings), parts.settings)
        pieces = stream_body(
            request, parts.settings, parts.settings.batch_max_bytes, "batch-too-large", "PAGEMILL_BATCH_MAX_BYTES"
        )
        with parts.tracing.request("POST /v1/pages/batch", request.headers.get("traceparent")) as trace:
            run = BatchRun(
                form,
                acceptor.accept_all,
                parts.line_full,
                errors_only=asked.results == "errors",
                sent=sent_by(request, trace),
            )
            await drive(run, slices_of(_items(form.splitter, pieces)), acceptor.readers)
        return Response(run.answer(), status_code=202, media_type="application/json", headers=retry_after(run.stopped))


def form_of(kind: str, defaults: PageItem, settings: Settings) -> Form:
    """The form that a Content-Type names.

    Raises:
        Refused: it is none that is known here.
    """

    def json(data: bytes) -> Any:
        return submission_from_json(read_json(data, settings.json_max_depth), settings, defaults=defaults)

    splitter: Splitter
    if kind in _LINES:
        splitter = LineSplitter(settings.request_max_bytes)
        return Form(splitter, json, settings.batch_max_items, _ITEMS_LIMIT)
    if kind == "application/json":
        splitter = ArraySplitter(settings.request_max_bytes)
        most = min(settings.array_max_items, settings.batch_max_items)
        limit = _ITEMS_LIMIT if most == settings.batch_max_items else "PAGEMILL_ARRAY_MAX_ITEMS"
        return Form(splitter, json, most, limit)
    if kind == "application/warc":
        splitter = RecordSplitter(settings.page_max_bytes, settings.batch_max_bytes, settings.inflate_max_ratio)
        read = lambda record: page_of(record, defaults, settings)  # noqa: E731  (the form's other half)
        return Form(splitter, read, settings.batch_max_items, _ITEMS_LIMIT)
    known = "application/x-ndjson, application/json, application/warc"
    raise Refused("unsupported-media-type", f"Content-Type is {shown(kind)}; batches are read as {known}.")


async def _items(splitter: Splitter, pieces: AsyncIterator[bytes]) -> AsyncIterator[Item]:
    async for piece in pieces:
        for item in splitter.feed(piece):
            yield item
    for item in splitter.end():
        yield item
