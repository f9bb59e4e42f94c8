from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from services.http.problems import problems
from services.http.routes import make_router
from services.query.saved_searches.feeds import add_inbox_feeds
from services.query.saved_searches.room import SearchRoom
from shared.models.frozen import Carried
from shared.models.saved_search import (
    SEARCH_ID_PATTERN,
    Inbox,
    InboxAsked,
    NewestAsked,
    Redriven,
    SavedSearchAsked,
    SavedSearchesAsked,
    SavedSearchList,
    SavedSearchShown,
    Trial,
    TrialAsked,
)

_JSON: Final = "application/json"
_ROOT: Final = "/v1/saved-searches"
_ONE: Final = f"{_ROOT}/{{search_id}}"
_READ: Final = ("query-too-long", "query-syntax", "query-too-complex")
_MISSING: Final = problems("saved-search-not-found", "unavailable")
Id = Annotated[str, Path(pattern=SEARCH_ID_PATTERN)]


def make_saved_searches(room: SearchRoom) -> APIRouter:
    """The routes of saved searches.

    Args:
        room: what answers; it is asked in threads.
    """
    router = make_router(tags=["saved searches"])

    @router.post(
        _ROOT,
        status_code=201,
        response_model=SavedSearchShown,
        responses={
            201: {"headers": {"Location": {"schema": {"type": "string"}, "description": "Where it is."}}},
            **problems(*_READ, "saved-searches-full", "unavailable"),
        },
        summary="Save a search",
    )
    def save(asked: SavedSearchAsked) -> Response:
        """From now on each page that becomes searchable and matches is told, in the inbox and to the webhook."""
        made = room.add(asked)
        return _answered(made, 201, {"Location": f"{_ROOT}/{made.id}"})

    @router.get(_ROOT, response_model=SavedSearchList, responses=problems("unavailable"), summary="Saved searches")
    def listed(asked: Annotated[SavedSearchesAsked, Query()]) -> Response:
        """All saved searches, oldest first."""
        return _answered(room.listed(asked))

    _add_one(router, room)
    _add_alerts(router, room)
    add_inbox_feeds(router, room)
    return router


def _add_one(router: APIRouter, room: SearchRoom) -> None:
    @router.get(_ONE, response_model=SavedSearchShown, responses=_MISSING, summary="A saved search")
    def show(search_id: Id) -> Response:
        """One saved search, and how its webhook does."""
        return _answered(room.get(search_id))

    @router.put(
        _ONE,
        response_model=SavedSearchShown,
        responses=problems(*_READ, "saved-search-not-found", "unavailable"),
        summary="A saved search, changed",
    )
    def change(search_id: Id, asked: SavedSearchAsked) -> Response:
        """Puts another in its place. The inbox stays; without a webhook what waits for one is let go."""
        return _answered(room.replace(search_id, asked))

    @router.delete(
        _ONE, status_code=204, response_class=Response, responses=_MISSING, summary="A saved search, deleted"
    )
    def delete(search_id: Id) -> Response:
        """Takes it away with its inbox; what waits for its webhook is not sent any more."""
        room.remove(search_id)
        return Response(status_code=204)


def _add_alerts(router: APIRouter, room: SearchRoom) -> None:
    @router.get(f"{_ONE}/inbox", response_model=Inbox, responses=_MISSING, summary="Its alerts")
    def inbox(search_id: Id, asked: Annotated[InboxAsked, Query()]) -> Response:
        """What it has found since it was saved. Pages that were deleted are left out."""
        return _answered(room.inbox(search_id, asked))

    @router.get(
        f"{_ONE}/test",
        response_model=Trial,
        responses=problems("saved-search-not-found", "document-not-found", "unavailable"),
        summary="A saved search, tried",
    )
    def test(search_id: Id, asked: Annotated[TrialAsked, Query()]) -> Response:
        """Whether it matches a document, or which of the newest; nothing is told of it."""
        return _answered(room.trial(search_id, asked))

    @router.get(f"{_ONE}/undelivered", response_model=Inbox, responses=_MISSING, summary="Alerts put aside")
    def undelivered(search_id: Id, asked: Annotated[NewestAsked, Query()]) -> Response:
        """The newest alerts that its webhook did not take after PAGEMILL_ALERTS_TRIES calls."""
        return _answered(room.undelivered(search_id, asked.size))

    @router.post(f"{_ONE}/redrive", response_model=Redriven, responses=_MISSING, summary="Alerts sent once more")
    def redrive(search_id: Id) -> Response:
        """Sends what was put aside to the webhook once more."""
        return _answered(room.redrive(search_id))


def _answered(told: Carried, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(told.model_dump_json(by_alias=True), status_code=status, headers=headers, media_type=_JSON)
