"""A problem for a person: what a browser shows where an address that is no program's alone answers with one."""

from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import Scope

from services.http.docs_page import policy
from shared.errors import Refused
from shared.remedies import REMEDIES

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;overflow-wrap:anywhere}"
    "body{color:#222;background:#fff}a{color:#0b5cad}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}a{color:#8bf}}"
)
_PAGE: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Pagemill: {title}</title><style>{style}</style><main><h1>{title}</h1><p>{detail}</p><p>{remedy}</p>"
    "<p>{ways}</p><p>Request <code>{request_id}</code></p></main>"
)
_HEADERS: Final = {"Content-Security-Policy": policy(_STYLE), "Vary": "Accept"}
_FOR_PROGRAMS: Final = ("/v1/", "/static/", "/monitor/static/")


def wants_page(scope: Scope) -> bool:
    """Whether a browser asks, for a page to show; what lies under `/v1` answers programs, whoever asks."""
    reading = "text/html" in Headers(scope=scope).get("accept", "")
    return reading and scope["method"] in {"GET", "HEAD"} and not scope["path"].startswith(_FOR_PROGRAMS)


def problem_page(refused: Refused, scope: Scope, headers: Mapping[str, str]) -> HTMLResponse:
    """The problem as HTML, with the ways on from it.

    Args:
        refused: what it is.
        scope: of the request that was refused.
        headers: that the answer has in any case.
    """
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    ways = [("/", "Search"), ("/monitor", "Control room")]
    if refused.code == "forbidden":
        ways.insert(0, (f"/sign-in?{urlencode({'next': wanted})}", "Sign in with another key"))
    body = _PAGE.format(
        style=_STYLE,
        title=escape(refused.problem.title),
        detail=escape(refused.problem.detail),
        remedy=escape(REMEDIES[refused.code]),
        ways=" · ".join(f"<a href='{escape(path, quote=True)}'>{told}</a>" for path, told in ways),
        request_id=escape(scope.get("request_id") or "unknown"),
    )
    return HTMLResponse(body, status_code=refused.status, headers={**headers, **_HEADERS})
