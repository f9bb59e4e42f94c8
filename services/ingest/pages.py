"""Where pages are, their bytes, and their end."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from services.http.problems import problems
from services.ingest.parts import Parts
from services.ingest.wire import Deleted
from shared.errors import Refused
from shared.models.frozen import PAGE_ID_PATTERN
from shared.models.raw_page import RawPage
from shared.models.receipt import Receipt
from shared.packing import unpack
from shared.urls import canonical_url
from shared.urls import page_id as id_of

Id = Annotated[str, Path(pattern=PAGE_ID_PATTERN, description="A page's id.")]
JSON: Final = "application/json"
_SUFFIXES: Final = {"text/html": ".html", "text/markdown": ".md", "text/plain": ".txt", None: ".bin"}


def add_pages(router: APIRouter, parts: Parts) -> None:
    """Adds the routes of one page."""

    @router.get(
        "/v1/pages",
        response_model=Receipt,
        responses=problems("page-not-found", "unavailable"),
        summary="The receipt of the page at a URL",
    )
    def find(url: Annotated[str, Query(description="Any spelling of it.")]) -> Response:
        """Where the page at this URL is, and what became of it."""
        try:
            canonical = canonical_url(url)
        except ValueError as error:
            raise Refused("invalid", str(error), pointer="/query/url") from None
        return _receipt(parts, id_of(canonical))

    @router.get(
        "/v1/pages/{page_id}",
        response_model=Receipt,
        responses=problems("page-not-found", "unavailable"),
        summary="The receipt of a page",
    )
    def show(page_id: Id) -> Response:
        """Where a page is, and what became of it; `state` is its newest accepted version's."""
        return _receipt(parts, page_id)

    @router.get(
        "/v1/pages/{page_id}/raw",
        response_class=Response,
        responses={
            200: {"description": "The bytes, with the Content-Type they came with", "content": {"*/*": {}}},
            **problems("page-not-found", "raw-not-kept", "unavailable"),
        },
        summary="A page as it was sent",
    )
    def raw(page_id: Id) -> Response:
        """The bytes of a page's newest version that is kept: a stranger's content, so an attachment in a sandbox."""
        found = raw_page(parts, page_id)
        if found is None:
            if parts.receipt(page_id) is None:
                raise _not_found(page_id)
            raise Refused("raw-not-kept", f"The bytes of page {page_id} are not kept.")
        return _attachment(found)

    @router.delete(
        "/v1/pages/{page_id}",
        status_code=202,
        response_model=Deleted,
        responses=problems("page-not-found", "unavailable"),
        summary="A page out",
    )
    def delete(page_id: Id) -> Response:
        """Deletes a page: found no more within two seconds. A page fetched later comes back, an older one never."""
        if not is_known(parts, page_id):
            raise _not_found(page_id)
        version = parts.ledger.forget([page_id])[page_id]
        parts.wake("index")
        told = Deleted(id=page_id, version=version, receipt=f"/v1/pages/{page_id}")
        return Response(told.model_dump_json(), status_code=202, media_type=JSON)


def is_known(parts: Parts, page: str) -> bool:
    """Whether anything is kept of a page."""
    return parts.receipt(page) is not None or parts.archive.get(page) is not None


def raw_page(parts: Parts, page: str) -> RawPage | None:
    """The newest version whose bytes are kept: in the ledger until they are in the archive."""
    receipt = parts.receipt(page)
    if receipt is not None and receipt.state == "deleted":
        return None
    held = parts.ledger.receipts.raw(page)
    if held is not None:
        version, frame = held
        return unpack(frame, version)
    archived = parts.archive.get(page)
    return None if archived is None else unpack(archived.packed, archived.version)


def _receipt(parts: Parts, page: str) -> Response:
    receipt = parts.receipt(page)
    if receipt is None:
        raise _not_found(page)
    return Response(receipt.model_dump_json(), media_type=JSON)


def _not_found(page: str) -> Refused:
    return Refused("page-not-found", f"Nothing is known of a page {page}.")


def _attachment(page: RawPage) -> Response:
    envelope = page.envelope
    kind = envelope.content_type or "application/octet-stream"
    charset = f"; charset={envelope.charset}" if envelope.charset and envelope.content_type else ""
    return Response(
        page.body,
        headers={
            "Content-Type": kind + charset,
            "Content-Disposition": f'attachment; filename="{envelope.id}{_SUFFIXES[envelope.content_type]}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "ETag": f'"{envelope.version}"',
        },
    )
