"""Routes beside the search: completions of what is typed, and documents like another."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.http.problems import problems
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.suggestions import Similar, SimilarQuery, Suggestions, SuggestQuery
from shared.validation import shown

_JSON = "application/json"


def add_beside(router: APIRouter, room: ReadingRoom) -> None:
    """Puts them on the search service's router."""

    @router.get("/v1/suggest", response_model=Suggestions, responses=problems("unavailable"), summary="Complete")
    def suggest(query: Annotated[SuggestQuery, Query()]) -> Response:
        """Titles, names and keywords with a word that begins as it was typed, from two characters on."""
        return Response(room.suggest(query).model_dump_json(), media_type=_JSON)

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
            raise Refused("document-not-found", f"No document {shown(page_id)} is searchable.")
        return Response(found.model_dump_json(), media_type=_JSON)
