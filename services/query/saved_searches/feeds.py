"""An inbox as a feed."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from services.http.base import base_of
from services.http.problems import problems
from services.query.feeds import FORMATS, Feed, FeedName, answered, entry_of
from services.query.saved_searches.room import SearchRoom
from shared.models.saved_search import SEARCH_ID_PATTERN, NewestAsked

_HELD: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "What If-None-Match or If-Modified-Since names"}}


def add_inbox_feeds(router: APIRouter, room: SearchRoom) -> None:
    """Adds a route for each kind of feed."""
    for name in FORMATS:
        _add(router, room, name)


def _add(router: APIRouter, room: SearchRoom, name: FeedName) -> None:
    form = FORMATS[name]
    schema = {"type": "object"} if name == "json" else {"type": "string"}
    described: dict[int | str, dict[str, Any]] = {
        200: {"description": "The feed", "content": {form.media_type: {"schema": schema}}}
    }

    @router.get(
        f"/v1/saved-searches/{{search_id}}/inbox/{name}",
        response_class=Response,
        responses={**described, **_HELD, **problems("saved-search-not-found", "unavailable")},
        summary=f"Its alerts as {form.title}",
        name=f"inbox_{name}",
    )
    def feed(
        request: Request,
        search_id: Annotated[str, Path(pattern=SEARCH_ID_PATTERN)],
        asked: Annotated[NewestAsked, Query()],
    ) -> Response:
        """The newest of what it has found; the id of an entry is the alert's."""
        return answered(request, _feed(request, room, search_id, asked.size), name)


def _feed(request: Request, room: SearchRoom, search_id: str, size: int) -> Feed:
    base, asked = base_of(request), request.url.query
    search, alerts = room.newest(search_id, size)
    return Feed(
        id=f"urn:pagemill:saved-search:{search_id}",
        title=f"Pagemill: {search.name}",
        description=f"Pages that the saved search has found: {search.query.q or search.name}",
        home=f"{base}/v1/saved-searches/{search_id}/inbox",
        address=f"{base}{request.url.path}" + (f"?{asked}" if asked else ""),
        entries=tuple(
            entry_of(document, base).model_copy(update={"id": f"urn:pagemill:alert:{alert.id}", "updated": alert.at})
            for alert, document in alerts
        ),
    )
