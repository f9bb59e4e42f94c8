from importlib.metadata import version
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.routing import APIRoute

from services.http.problems import problems
from services.http.routes import make_router
from services.query.beside import add_beside
from services.query.etag import etag_of, matches
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.document import Document
from shared.models.explanation import Explanation
from shared.models.search import SearchResults
from shared.models.search_query import SearchQuery
from shared.validation import shown

_JSON: Final = "application/json"
_SEARCH_PROBLEMS: Final = problems("cursor-mismatch", "query-too-long", "query-syntax", "cursor-expired", "unavailable")
_NOT_CHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "The document that If-None-Match names"}}
_REVALIDATE: Final = "private, no-cache"
"""A document may be kept, and is asked for again each time, for which the ETag makes it cheap."""


def make_query(room: ReadingRoom) -> APIRouter:
    """The routes of the search service.

    Args:
        room: what answers; it is asked in threads.
    """
    router = make_router(tags=["search"])

    @router.get("/v1/search", response_model=SearchResults, responses=_SEARCH_PROBLEMS, summary="Search")
    def search(query: Annotated[SearchQuery, Query()]) -> Response:
        """Documents that have the words, pass the filters and lie in the ranges."""
        return _answered(room.search(query, root="/query"))

    @router.post("/v1/search", response_model=SearchResults, responses=_SEARCH_PROBLEMS, summary="Search, by POST")
    def search_by_post(query: SearchQuery) -> Response:
        """The same parameters as a JSON object, for those that would make a URL too long."""
        return _answered(room.search(query, root=""))

    add_beside(router, room)

    @router.get(
        "/v1/search/explain",
        response_model=Explanation,
        responses=_SEARCH_PROBLEMS,
        summary="How a query is understood",
    )
    def explain(query: Annotated[SearchQuery, Query()]) -> Response:
        """What became of each word, how many documents each part matches, which is to blame for no hits, what has some.

        Takes the parameters of a search.
        """
        return Response(room.explain(query, root="/query").model_dump_json(), media_type=_JSON)

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
            raise Refused("document-not-found", f"No document {shown(page_id)} is searchable.")
        headers = {"ETag": etag_of(found), "Cache-Control": _REVALIDATE}
        if matches(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(found.model_dump_json(), media_type=_JSON, headers=headers)

    @router.get("/", include_in_schema=False)
    async def index(request: Request) -> dict[str, Any]:
        return {
            "name": "pagemill",
            "version": version("pagemill"),
            "links": {"docs": "/docs", "openapi": "/openapi.json", "ready": "/readyz", "metrics": "/metrics"},
            "routes": _public(request),
        }

    return router


def _answered(results: SearchResults) -> Response:
    """Serialised once, by pydantic; FastAPI would check it again and build it twice."""
    return Response(results.model_dump_json(), media_type=_JSON)


def _public(request: Request) -> list[dict[str, str]]:
    """What answers behind this address."""
    return [
        {"method": method, "path": route.path, "summary": route.summary or ""}
        for route in request.app.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in sorted(route.methods or ())
    ]
