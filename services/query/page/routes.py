"""The addresses of the search page. Asked for by a browser they give HTML; `/` tells a program what there is."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response, params
from starlette.responses import HTMLResponse, JSONResponse

from services.http.assets import Assets
from services.http.problems import as_refused, internal
from services.http.routes import refuse_unknown
from services.query.page.asked import FACETS, Asked, asked_for
from services.query.page.facets import label, wanted
from services.query.page.pieces import pointed
from services.query.page.policy import headers_for
from services.query.page.reading import reading_of
from services.query.page.results import copies_of, explained, further_facets, results_of
from services.query.page.templating import rendered
from services.query.reading_room import ReadingRoom
from services.query.what_there_is import what_there_is
from shared.models.suggestions import SUGGEST_MAX_CHARS, SuggestQuery

_LENIENT: Final[dict[str, list[str]]] = {"parameters": []}
"""The pages read their parameters themselves: a link with one more than they know must not fail."""
_SUGGESTIONS: Final = 8
Making = Callable[[Request, Asked], Response]


def add_search_page(router: APIRouter, room: ReadingRoom, in_turn: Sequence[params.Depends]) -> None:
    """Adds the routes; `in_turn` is what makes those that search wait for their turn."""
    assets = Assets(Path(__file__).parent / "static")

    @router.get("/", include_in_schema=False, openapi_extra=_LENIENT, dependencies=in_turn)
    def search(request: Request) -> Response:
        if not (_fragment(request) or "text/html" in request.headers.get("accept", "")):
            refuse_unknown(request, {})
            return JSONResponse(what_there_is(request), headers={"Vary": "Accept"})
        return _told(request, partial(_results, room))

    @router.get("/search/why", include_in_schema=False, openapi_extra=_LENIENT, dependencies=in_turn)
    def why(request: Request) -> Response:
        return _told(request, partial(_why, room))

    @router.get("/search/copies/{page_id}", include_in_schema=False, openapi_extra=_LENIENT, dependencies=in_turn)
    def copies(page_id: str, request: Request) -> Response:
        return _told(request, partial(_copies, room, page_id))

    @router.get("/search/facets", include_in_schema=False, openapi_extra=_LENIENT, dependencies=in_turn)
    def facets(request: Request) -> Response:
        return _told(request, partial(_facets, room))

    @router.get("/search/suggestions", include_in_schema=False, openapi_extra=_LENIENT)
    def suggestions(request: Request) -> Response:
        return _told(request, partial(_suggestions, room))

    @router.get("/documents/{page_id}", include_in_schema=False, openapi_extra=_LENIENT)
    def document(page_id: str, request: Request) -> Response:
        return _told(request, partial(_document, room, page_id))

    @router.get("/static/{name}", include_in_schema=False)
    async def asset(name: str, request: Request) -> Response:
        return assets.answer(name, request)


def _told(request: Request, making: Making) -> Response:
    """What was asked for as HTML, and so what went wrong."""
    asked = asked_for(request.query_params)
    try:
        return making(request, asked)
    except Exception as error:
        refused = as_refused(error)
        if refused is None:
            raise
        name = "_trouble.html" if _fragment(request) else "trouble.html"
        values = {"problem": (refused or internal()).problem, **_common(request, asked)}
        headers = headers_for() | ({"Retry-After": "2"} if refused.status == 503 else {})
        return HTMLResponse(rendered(name, values), status_code=refused.status, headers=headers)


def _results(room: ReadingRoom, request: Request, asked: Asked) -> Response:
    """The page; for its own script what stands in it, or the next hits alone."""
    target = request.headers.get("hx-target") if _fragment(request) else None
    typing = target == "found" and request.headers.get("hx-trigger") == "q"
    results = results_of(room, asked, None if target == "more" else wanted(asked.address) if typing else FACETS)
    reasons = explained(room, asked) if results.why and not typing else None
    values = {"results": results, "typing": typing, **_common(request, asked), **_reasons(reasons, asked)}
    if target == "more":
        return _html("_hits.html", values, status=results.status)
    if target == "found":
        kept = "HX-Push-Url" if _is_another(request, asked, typing=typing) else "HX-Replace-Url"
        return _html("_found.html", values, {kept: str(asked.address)}, status=results.status)
    return _html("search.html", values, status=results.status)


def _is_another(request: Request, asked: Asked, *, typing: bool) -> bool:
    """Whether the address has a place of its own in the history: not while one types, unless over what was sent off."""
    here = request.headers.get("hx-current-url", "").endswith(str(asked.address))
    return not here and (not typing or "pagemill-sent" in request.headers)


def _why(room: ReadingRoom, request: Request, asked: Asked) -> Response:
    return _html("_why.html", {**_common(request, asked), **_reasons(explained(room, asked), asked)})


def _reasons(told: Any, asked: Asked) -> dict[str, Any]:
    blame = [pointed(each.detail, asked.query.q, each.position) for each in told.blame] if told else []
    return {"explanation": told, "blame": blame}


def _copies(room: ReadingRoom, page_id: str, request: Request, asked: Asked) -> Response:
    story = request.query_params.get("of", "")
    hits, more = copies_of(room, asked, story, page_id) if story else ([], False)
    values = {"hits": hits, "more": more, "all": str(asked.address.setting(story=story, copies="apart"))}
    return _html("_copies.html", {**_common(request, asked), **values})


def _facets(room: ReadingRoom, request: Request, asked: Asked) -> Response:
    return _html("_facet.html", {"facets": further_facets(room, asked), **_common(request, asked)})


def _suggestions(room: ReadingRoom, request: Request, _asked: Asked) -> Response:
    typed = request.query_params.get("q", "").strip()[:SUGGEST_MAX_CHARS]
    found = room.suggest(SuggestQuery(q=typed, size=_SUGGESTIONS)).suggestions
    return _html("_suggestions.html", {"suggestions": [(each, _as_asked(each.text)) for each in found]})


def _as_asked(text: str) -> str:
    """A suggestion as a query: what is more than one plain word is a phrase, so that no sign in it means anything."""
    return text if text.isalnum() and text not in ("AND", "OR", "NOT") else '"{}"'.format(text.replace('"', " "))


def _document(room: ReadingRoom, page_id: str, request: Request, asked: Asked) -> Response:
    reading = reading_of(room, page_id, asked)
    show = request.query_params.get("images") == "show" and _from_here(request)
    language = label("language", reading.document.language or "")
    values = {"reading": reading, "show": show, "language": language, **_common(request, asked)}
    policy = headers_for(picture.origin for picture in reading.pictures) if show else headers_for()
    return _html("document.html", values, policy)


def _from_here(request: Request) -> bool:
    """Whether the link was on this document's own page: one that came by mail consents to nothing."""
    try:
        came = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return False
    return (came.netloc, came.path) == (request.headers.get("host"), request.url.path)


def _fragment(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def _common(request: Request, asked: Asked) -> dict[str, Any]:
    key = request.scope.get("api_key")
    return {
        "asked": asked,
        "address": asked.address,
        "q": asked.query.q,
        "signed_in": key is not None,
        "may_monitor": key is None or "admin" in key.scopes,
    }


def _html(
    name: str, values: Mapping[str, Any], headers: Mapping[str, str] | None = None, *, status: int = 200
) -> Response:
    return HTMLResponse(rendered(name, values), status, headers={**headers_for(), **(headers or {})})
