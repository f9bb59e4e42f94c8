"""The routes of one document."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Response

from services.http.problems import problems
from services.query.etag import etag_of, matches
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.document import Document
from shared.models.suggestions import Similar, SimilarQuery
from shared.validation import shown

_JSON: Final = "application/json"
_NOT_CHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "The document that If-None-Match names"}}
_REVALIDATE: Final = "private, no-cache"
"""A document may be kept, and is asked for again each time, for which the ETag makes it cheap."""


def add_documents(router: APIRouter, room: ReadingRoom) -> None:
    """Adds the routes."""

    @router.get(
        "/v1/documents/{page_id}",
        response_model=Document,
        responses={**_NOT_CHANGED, **problems("document-not-found", "unavailable")},
        summary="One document",
    )
    def document(page_id: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """One page as it was last made searchable; the ETag changes with its version and its enrichment."""
        found = room.document(page_id)
        if found is None:
            raise _missing(page_id)
        headers = {"ETag": etag_of(found), "Cache-Control": _REVALIDATE}
        if matches(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(found.model_dump_json(), media_type=_JSON, headers=headers)

    @router.get(
        "/v1/documents/{page_id}/similar",
        response_model=Similar,
        responses=problems("document-not-found", "unavailable"),
        summary="Documents like one",
    )
    def similar(page_id: str, query: Annotated[SimilarQuery, Query()]) -> Response:
        """Documents that speak of the same, the nearest first, without the page's near copies."""
        found = room.similar(page_id, query)
        if found is None:
            raise _missing(page_id)
        return Response(found.model_dump_json(), media_type=_JSON)


def _missing(page_id: str) -> Refused:
    return Refused("document-not-found", f"No document {shown(page_id)} is searchable.")
