"""The routes of feeds: any search, newest first as pages became searchable."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response, params

from services.http.base import base_of
from services.http.problems import problems
from services.query.feeds import FORMATS, Feed, FeedName, answered, entry_of
from services.query.reading_room import ReadingRoom
from shared.models.feed_query import FeedQuery
from shared.models.search import FILTERS
from shared.search.port import EngineAnswer

_PROBLEMS: Final = problems("query-too-long", "query-syntax", "searches-full", "unavailable")
_HELD: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "What If-None-Match or If-Modified-Since names"}}
_TITLE_CHARS: Final = 120


def add_feeds(router: APIRouter, room: ReadingRoom, in_turn: Sequence[params.Depends]) -> None:
    """Adds a route for each kind of feed; `in_turn` is what makes them wait for their turn."""
    for name in FORMATS:
        _add(router, room, name, in_turn)


def _add(router: APIRouter, room: ReadingRoom, name: FeedName, in_turn: Sequence[params.Depends]) -> None:
    form = FORMATS[name]
    schema = {"type": "object"} if name == "json" else {"type": "string"}
    described: dict[int | str, dict[str, Any]] = {
        200: {"description": "The feed", "content": {form.media_type: {"schema": schema}}}
    }

    @router.get(
        f"/v1/feeds/{name}",
        response_class=Response,
        responses={**described, **_HELD, **_PROBLEMS},
        dependencies=in_turn,
        summary=f"A search as {form.title}",
        name=f"feed_{name}",
    )
    def feed(request: Request, query: Annotated[FeedQuery, Query()]) -> Response:
        """The pages that became searchable last, of those that a search finds.

        The ETag changes with the feed, and an id of an entry never does.
        """
        answer = room.first(query.search, root="/query")
        return answered(request, _feed(request, query, answer), name)


def _feed(request: Request, query: FeedQuery, answer: EngineAnswer) -> Feed:
    base, asked = base_of(request), request.url.query
    about = _about(query)
    return Feed(
        id=f"urn:pagemill:search:{_digest(query)}",
        title=f"Pagemill: {about}",
        description=f"Pages that became searchable last: {about}",
        home=f"{base}/?{_search(query)}",
        address=f"{base}{request.url.path}" + (f"?{asked}" if asked else ""),
        entries=tuple(entry_of(hit.document, base, hit.snippet) for hit in answer.hits),
    )


def _about(query: FeedQuery) -> str:
    """What the feed is of, for people."""
    filters = [f"{name} {' or '.join(values)}" for name in FILTERS if (values := getattr(query, name))]
    told = ", ".join(filter(None, (query.q.strip(), *filters))) or "all pages"
    return told if len(told) <= _TITLE_CHARS else f"{told[:_TITLE_CHARS]}…"


def _search(query: FeedQuery) -> str:
    """The same search as the search page is asked for it."""
    told = query.search.model_dump(mode="json", by_alias=True, include=set(query.sought) | {"sort", "match"})
    apart = {} if query.fold else {"copies": "apart"}
    return urlencode({name: value for name, value in (told | apart).items() if value is not None}, doseq=True)


def _digest(query: FeedQuery) -> str:
    """The same for all readers that ask the same, and for all kinds of feed."""
    return hashlib.blake2b(query.model_dump_json(exclude={"size"}).encode(), digest_size=12).hexdigest()
