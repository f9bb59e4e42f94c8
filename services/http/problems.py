"""Every error as RFC 9457 `application/problem+json`."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final, cast

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from services.http.problem_page import problem_page, wants_page
from shared.errors import CODES, DependencyFull, DependencyUnavailable, Refused
from shared.remedies import REMEDIES
from shared.validation import refused_for

MEDIA_TYPE: Final = "application/problem+json"
_BY_STATUS: Final = {400: "unreadable", 404: "not-found", 405: "method-not-allowed", 413: "request-too-large"}

_FULL_SECONDS: Final = 10.0
"""Memory drains with the line: that takes longer than an outage that is over."""

log = structlog.get_logger(__name__)


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """What a route declares as `responses`: these problems, by status."""
    told: dict[int, list[str]] = {}
    for code in codes:
        status, title = CODES[code]
        told.setdefault(status, []).append(f"`{code}`: {title}")
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": ". ".join(titles), "content": schema} for status, titles in told.items()}


def problem_fields(refused: Refused, request_id: str | None = None) -> dict[str, Any]:
    """The problem as it goes over the wire; fields that do not apply are left out."""
    fields = refused.problem.model_dump(exclude_none=True)
    return {**fields, "request_id": request_id} if request_id else fields


def problem_response(refused: Refused, scope: Scope | None, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that was refused, None where it could not be read; a page where a browser wants one."""
    headers = {**(headers or {}), **retry_after(refused)}
    if refused.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="pagemill"'
    if scope and wants_page(scope):
        return problem_page(refused, scope, headers)
    body = json.dumps(problem_fields(refused, (scope or {}).get("request_id"))).encode()
    return Response(body, status_code=refused.status, media_type=MEDIA_TYPE, headers=headers)


def retry_after(refused: Refused | None) -> dict[str, str]:
    """The header that says when to come again, where that is known."""
    if refused is None or refused.retry_after is None:
        return {}
    return {"Retry-After": str(max(1, math.ceil(refused.retry_after)))}


def as_refused(error: Exception) -> Refused | None:
    """The problem that an exception stands for; None where it is a fault of ours."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, DependencyFull):
        detail = f"The {error.name} answers, but has no memory left for more."
        return Refused("unavailable", detail, retry_after=_FULL_SECONDS)
    if isinstance(error, DependencyUnavailable):
        return Refused("unavailable", f"The {error.name} does not answer.", retry_after=error.retry_after)
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _told_by_framework(error)
    return None


def internal() -> Refused:
    """What a client is told of a fault of ours: nothing but that it was one."""
    return Refused("internal", "This is a fault of the service, not of the request. Its log has more under request_id.")


def add_problem_handlers(app: FastAPI) -> None:
    """Makes every exception of a route a problem, and gives each code its page."""
    for kind in (Refused, DependencyUnavailable, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)

    @app.get("/problems/{code}", include_in_schema=False)
    async def explain(code: str) -> PlainTextResponse:
        if code not in CODES:
            raise Refused("not-found", "There is no problem of this name.")
        status, title = CODES[code]
        return PlainTextResponse(f"{title}\n{status} {code}\n\n{REMEDIES[code]}\n")


async def _answer(request: Request, error: Exception) -> Response:
    refused = as_refused(error) or internal()
    if isinstance(error, DependencyUnavailable):
        log.warning("dependency unavailable", dependency=error.name, detail=error.detail)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if refused.code == "method-not-allowed":
        headers["Allow"] = ", ".join(_methods_of(request))
    return problem_response(refused, request.scope, headers)


def _methods_of(request: Request) -> list[str]:
    """The methods of an address, of all the routes that it has; one that is spelt out goes before one that fits."""
    path = request.scope["path"]
    routes = [route for route in request.app.routes if isinstance(route, Route) and route.path_regex.match(path)]
    routes = [route for route in routes if route.path == path] or routes
    methods = {method for route in routes for method in route.methods or ()}
    return sorted({*methods, "HEAD"} if "GET" in methods else methods)


def _invalid(error: RequestValidationError) -> Refused:
    errors = cast("list[dict[str, Any]]", error.errors())
    errors.sort(key=lambda each: each["loc"][0] != "path")
    place = str(errors[0]["loc"][0])
    root = "" if place == "body" else f"/{place}"
    return refused_for(errors, root, skip=1)


def _told_by_framework(error: HTTPException) -> Refused:
    """Starlette's own refusals. FastAPI hides what reading a body raised behind a 400: it is the cause then."""
    if isinstance(error.__cause__, Exception) and (cause := as_refused(error.__cause__)):
        return cause
    code = _BY_STATUS.get(error.status_code)
    if code is None:
        return Refused("internal", f"{error.status_code}: {error.detail}")
    return Refused(code, str(error.detail))
