"""`/sign-in`: where a person brings a key, and the browser keeps a cookie that opens the pages in its place."""

from html import escape
from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.http.docs_page import policy
from services.http.keys.guard import COOKIE, Guard
from services.http.reading import read_body
from services.http.routes import make_router
from shared.errors import Refused
from shared.keys import read_key
from shared.settings import Settings

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:12vh auto;padding:0 1rem}"
    "body{color:#222;background:#fff}label,input,button{display:block;font:inherit}"
    "input{width:100%;box-sizing:border-box;padding:.4rem;margin:.3rem 0 1rem}"
    "button{padding:.4rem 1.2rem}[role=alert]{color:#a00}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}[role=alert]{color:#f99}}"
)
_PAGE: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Pagemill: sign in</title><style>{style}</style><main><h1>Sign in</h1>{alert}"
    "<form method=post action='/sign-in'><input type=hidden name=next value='{next}'>"
    "<label for=key>API key</label>"
    "<input id=key name=key type=password autocomplete=current-password spellcheck=false required autofocus>"
    "<button>Sign in</button></form>"
    "<p>Whoever runs this service makes keys with <code>pagemill keys add</code>.</p></main>"
)
_HEADERS: Final = {"Content-Security-Policy": policy(_STYLE, form_action="'self'")}


def make_sign_in(guard: Guard, settings: Settings) -> APIRouter:
    """The routes.

    Args:
        guard: knows the keys.
        settings: how large a body may be.
    """
    router = make_router(include_in_schema=False)

    @router.get("/sign-in")
    async def ask(wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
        return HTMLResponse(_page(wanted), headers=_HEADERS)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = _form(await read_body(request, settings))
        wanted, shown = form.get("next", "/"), read_key(form.get("key", "").strip())
        try:
            cookie = guard.cookie_for(shown)
        except Refused as refused:
            return HTMLResponse(_page(wanted, refused.detail), status_code=401, headers=_HEADERS)
        answer = RedirectResponse(_local(wanted), status_code=303)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=_encrypted(request))
        return answer

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        answer = RedirectResponse("/sign-in", status_code=303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_encrypted(request))
        return answer

    return router


def _page(wanted: str, alert: str = "") -> str:
    told = f"<p role=alert>{escape(alert)}</p>" if alert else ""
    return _PAGE.format(style=_STYLE, alert=told, next=escape(_local(wanted), quote=True))


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form, each as it was given last."""
    try:
        told = parse_qs(body.decode("ascii"), max_num_fields=8)
    except ValueError:
        raise Refused("unreadable", "The body is no form such as the sign-in page sends.") from None
    return {name: values[-1] for name, values in told.items()}


def _local(wanted: str) -> str:
    """A path of this service; the root in place of whatever could lead elsewhere."""
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else "/"


def _encrypted(request: Request) -> bool:
    """Whether the browser speaks TLS, be it with a proxy in front: then the cookie is for that alone."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https:")
