from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response

from services.http.problems import problems
from services.http.query_model import asked_of, described
from services.http.routes import make_router
from services.query.documents import add_documents
from services.query.export_routes import add_exports
from services.query.exports.desk import ExportDesk
from services.query.feed_routes import add_feeds
from services.query.gate import Gate
from services.query.page import add_search_page
from services.query.reading_room import ReadingRoom
from shared.models.explanation import Explanation
from shared.models.frozen import Carried
from shared.models.search import SearchResults
from shared.models.search_query import SearchQuery
from shared.models.suggestions import Suggestions, SuggestQuery

_JSON: Final = "application/json"
_SEARCH_PROBLEMS: Final = problems(
    "cursor-mismatch", "query-too-long", "query-syntax", "cursor-expired", "searches-full", "unavailable"
)
_SEARCHED: Final[dict[str, Any]] = {"parameters": described(SearchQuery)}
_SUGGESTED: Final[dict[str, Any]] = {"parameters": described(SuggestQuery)}


def make_query(room: ReadingRoom, exports: ExportDesk, gate: Gate | None = None) -> APIRouter:
    """The routes of the search service.

    Args:
        room: what answers; it is asked in threads.
        exports: hands whole results out.
        gate: lets searches through, so many at once; absent: a fresh one.
    """
    router = make_router(tags=["search"])
    gate = gate or Gate()
    turn, in_turn = asynccontextmanager(gate.turn), [Depends(gate.turn, scope="function")]
    searches: dict[str, Any] = {"responses": _SEARCH_PROBLEMS, "dependencies": in_turn}

    @router.get(
        "/v1/search",
        response_model=SearchResults,
        responses=_SEARCH_PROBLEMS,
        openapi_extra=_SEARCHED,
        summary="Search",
    )
    async def search(request: Request) -> Response:
        """Documents that have the words, pass the filters and lie in the ranges."""
        query = asked_of(request, SearchQuery)
        async with turn(request):  # as a dependency it would lead through the framework's machinery
            return await run_sync(lambda: _answered(room.search(query, root="/query")))

    @router.post("/v1/search", response_model=SearchResults, summary="Search, by POST", **searches)
    def search_by_post(query: SearchQuery) -> Response:
        """The same parameters as a JSON object, for those that would make a URL too long."""
        return _answered(room.search(query, root=""))

    @router.get(
        "/v1/suggest",
        response_model=Suggestions,
        responses=problems("unavailable"),
        openapi_extra=_SUGGESTED,
        summary="Complete",
    )
    async def suggest(request: Request) -> Response:
        """Titles, names and keywords with a word that begins as it was typed, from two characters on."""
        query = asked_of(request, SuggestQuery)
        return await run_sync(lambda: _answered(room.suggest(query)))

    @router.get("/v1/search/explain", response_model=Explanation, summary="How a query is understood", **searches)
    def explain(query: Annotated[SearchQuery, Query()]) -> Response:
        """What became of each word, how many documents each part matches, which is to blame for no hits, what has some.

        Takes the parameters of a search.
        """
        return _answered(room.explain(query, root="/query"))

    add_documents(router, room)
    add_feeds(router, room, in_turn)
    add_exports(router, exports)

    add_search_page(router, room, in_turn)
    return router


def _answered(results: Carried) -> Response:
    """Serialised once, by pydantic; FastAPI would check it again and build it twice."""
    return Response(results.model_dump_json(), media_type=_JSON)
