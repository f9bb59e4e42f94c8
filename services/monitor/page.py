"""The control room's page: a shell for each view, and what it loads, all from here."""

from html import escape
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from services.http.assets import Assets
from services.http.routes import make_router
from shared.errors import Refused

VIEWS: Final = {
    "": "Now",
    "page": "Where is my page?",
    "letters": "Dead letters",
    "sites": "Sites",
    "audit": "Who did what",
}
"""The views, by the last part of their addresses."""
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""Nothing from elsewhere, nothing inline, and no text is ever read as HTML: what pages hold is shown as text."""
_HEADERS: Final = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "no-cache"}

_ANY: Final[dict[str, list[str]]] = {"parameters": []}
"""Parameters are the script's to read: a link with one more than it knows must not fail."""
_SIGN_OUT: Final = '<li><form action="/sign-out" method="post"><button>Sign out</button></form></li>'


def make_page() -> APIRouter:
    """The routes of the page."""
    router = make_router(include_in_schema=False)
    assets = Assets(Path(__file__).parent / "static")

    @router.get("/monitor", openapi_extra=_ANY)
    async def now(request: Request) -> Response:
        return HTMLResponse(_shell("", request), headers=_HEADERS)

    @router.get("/monitor/static/{name}")
    async def asset(name: str, request: Request) -> Response:
        return assets.answer(name, request)

    @router.get("/monitor/{view}", openapi_extra=_ANY)
    async def other(view: str, request: Request) -> Response:
        if view not in VIEWS:
            raise Refused("not-found", "The control room has no such page.")
        return HTMLResponse(_shell(view, request), headers=_HEADERS)

    return router


def _shell(view: str, request: Request) -> str:
    """A view before its script has filled it; whoever has come with a key can leave it here."""
    title = escape(VIEWS[view])
    links = "".join(_link(name, told, here=name == view) for name, told in VIEWS.items())
    out = _SIGN_OUT if request.scope.get("api_key") else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · Pagemill</title>"
        '<link rel="icon" href="/monitor/static/mill.svg"><link rel="stylesheet" href="/monitor/static/style.css">'
        '<script type="module" src="/monitor/static/app.js"></script></head>'
        f'<body data-view="{view or "now"}"><a class="skip" href="#main">To the content</a>'
        '<header><p class="mark"><img src="/monitor/static/mill.svg" alt="" width="24" height="24"> Pagemill</p>'
        f'<nav aria-label="Control room"><ul>{links}<li><a href="/">Search</a></li>{out}</ul></nav></header>'
        f'<main id="main" tabindex="-1"><h1>{title}</h1><noscript><p>This page needs JavaScript. In a terminal, '
        "<code>pagemill status</code> and <code>pagemill dead-letters</code> tell the same."
        '</p></noscript></main><p id="said" role="status" aria-live="polite"></p></body></html>'
    )


def _link(name: str, told: str, *, here: bool) -> str:
    current = ' aria-current="page"' if here else ""
    return f'<li><a href="/monitor{"/" + name if name else ""}"{current}>{escape(told)}</a></li>'
