"""What every request passes, in one layer of plain ASGI: request id, who may call, slow clients, headers, faults."""

import asyncio
import re
import secrets
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Final
from urllib.parse import urlencode

import structlog
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.callers import Callers
from services.http.figures import Figures
from services.http.keys.guard import COOKIE, Caller, Guard
from services.http.problems import as_refused, internal, problem_response
from shared.errors import Refused
from shared.settings import Settings
from shared.validation import shown

SANE_ID = re.compile(rb"[\x21-\x7e]{1,128}")
_SAFETY: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # with no-referrer, forms of our own would come with `Origin: null`
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_NOTHING_LOADS: Final = (
    b"content-security-policy",
    b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
"""For answers that set no policy of their own."""
_CACHE: Final = (b"cache-control", b"no-store")
"""Answers tell what is true now; those that may be kept say so themselves."""
_EXPOSED: Final = (
    b"X-Request-Id, Retry-After, ETag, X-Next-Cursor, Idempotency-Replayed, Content-Disposition, "
    b"Pagemill-Export, Pagemill-Export-Count, Pagemill-Export-Offset, Pagemill-Index"
)
_METHODS: Final = b"GET, HEAD, POST, PUT, DELETE"
_SINGLE: Final = frozenset(
    {b"content-type", b"content-encoding", b"transfer-encoding", b"idempotency-key", b"authorization"}
)
_EVENTS: Final = b"text/event-stream"
_PREFLIGHT_SECONDS: Final = b"600"

log = structlog.get_logger(__name__)


class Door:
    """The outermost layer of a service.

    Args:
        app: what answers.
        settings: hosts, origins, how slow a client may be.
        figures: counts requests.
        guard: asks for keys.
    """

    def __init__(self, app: ASGIApp, settings: Settings, figures: Figures, guard: Guard) -> None:
        self._app = app
        self._callers = Callers(settings)
        self._guard = guard
        self._figures = figures
        self._slow_seconds = settings.slow_client_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()
        asked = _Asked(scope)
        scope["request_id"] = asked.request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=asked.request_id)
        answer = _Answer(send, self._headers(asked), bodiless=scope["method"] == "HEAD")
        try:
            await self._answer(scope, asked, self._patient(receive), answer)
        except ClientDisconnect:
            log.debug("client went away")
        except _EnoughError:
            log.debug("headers were all that was asked for")
        except _RevokedError:
            log.info("an answer ended in the middle: its key was revoked")
        except Exception as error:  # noqa: BLE001  (the last resort of every route)
            await _own_up(error, scope, receive, answer)
        finally:
            self._figures.observe(scope, answer.status, perf_counter() - begun)

    async def _answer(self, scope: Scope, asked: "_Asked", receive: Receive, answer: "_Answer") -> None:
        try:
            self._callers.refuse_stranger(asked.hosts, asked.origin)
            asked.refuse_doubled()
            asked.refuse_coded()
            if scope["method"] == "OPTIONS" and asked.preflight:  # browsers send no key with it
                await _allow(asked, answer)
                return
            self._admit(scope, asked, answer)
        except Refused as refused:
            if refused.code == "unauthorized" and asked.for_reading and scope["method"] == "GET":
                await _sign_in(scope)(scope, receive, answer)
            else:
                await problem_response(refused, scope)(scope, receive, answer)
            return
        await self._app({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope, receive, answer)

    def _admit(self, scope: Scope, asked: "_Asked", answer: "_Answer") -> None:
        """Raises Refused where this needs another key; the log and the routes are told whose key it is."""
        own_page = asked.origin is not None and self._callers.own(asked.origin, asked.hosts[0])
        caller = Caller(scope["method"], scope["path"], asked.authorization, asked.cookie, own_page)
        scope["api_key"] = key = self._guard.admit(caller)
        if key is not None:
            answer.goes_on = lambda: self._guard.holds(key)
            structlog.contextvars.bind_contextvars(key=key.id)

    def _headers(self, asked: "_Asked") -> list[tuple[bytes, bytes]]:
        headers = [*_SAFETY, (b"x-request-id", asked.request_id.encode())]
        if self._callers.vary:
            headers.append((b"vary", b"Origin"))
            if asked.origin is not None and self._callers.allowed(asked.origin):
                headers += [
                    (b"access-control-allow-origin", asked.origin.encode("latin-1")),
                    (b"access-control-expose-headers", _EXPOSED),
                ]
        return headers

    def _patient(self, receive: Receive) -> Receive:
        """Waits so long for each piece of the body and no longer; for what comes behind it, without an end."""
        whole = False

        async def next_message() -> Message:
            nonlocal whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout(self._slow_seconds):
                    message = await receive()
            except TimeoutError:
                detail = f"No byte of the body came for {self._slow_seconds:g} seconds."
                raise Refused("slow-client", detail, limit="PAGEMILL_SLOW_CLIENT_SECONDS") from None
            whole = not message.get("more_body", False)
            return message

        return next_message


class _EnoughError(Exception):
    """HEAD was answered, and the body that would follow has no end."""


class _RevokedError(Exception):
    """The key of a request was revoked while it was being answered."""


class _Asked:
    """What the door reads of a request's headers."""

    def __init__(self, scope: Scope) -> None:
        self.hosts: list[str] = []
        self.request_id = ""
        self.doubled = ""
        told: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _SINGLE and name in told:
                self.doubled = name.decode()
            if name == b"host":
                self.hosts.append(value.decode("latin-1"))
            elif name == b"x-request-id" and SANE_ID.fullmatch(value):
                self.request_id = value.decode("ascii")
            else:
                told[name] = value
        self.request_id = self.request_id or secrets.token_hex(12)
        self.origin = _text(told.get(b"origin"))
        self.authorization = _text(told.get(b"authorization"))
        self.cookie = cookie_parser(told.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
        self.for_reading = b"text/html" in told.get(b"accept", b"")
        """Whether a browser asks, for a page to show."""
        self.preflight = told.get(b"access-control-request-method", b"")
        self.coding = told.get(b"transfer-encoding", b"chunked").decode("latin-1")
        self.wanted_headers = told.get(b"access-control-request-headers", b"")

    def refuse_doubled(self) -> None:
        """Raises Refused where a header that says one thing is there twice: the one not read may be the one meant."""
        if self.doubled:
            detail = f"The {self.doubled} header is given more than once."
            raise Refused("invalid", detail, pointer=f"/header/{self.doubled}")

    def refuse_coded(self) -> None:
        """Raises Refused where the body comes in another coding than chunks (RFC 9112, section 6.1)."""
        if self.coding.strip().lower() != "chunked":
            detail = f"Transfer-Encoding is {shown(self.coding)}; known here is: chunked."
            raise Refused("unsupported-transfer-encoding", detail, pointer="/header/transfer-encoding")


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


class _Answer:
    """`send`, with the headers that every answer has, and a note of how it went.

    HEAD is asked of the route for GET (RFC 9110, section 9.3.2), and what follows the headers is left out here.
    """

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]], *, bodiless: bool) -> None:
        self._send = send
        self._headers = headers
        self._bodiless = bodiless
        self.status = 0
        """0 until the answer has begun."""
        self.goes_on: Callable[[], bool] = lambda: True
        """Asked before each part of an answer in parts."""
        self._events = False

    async def __call__(self, message: Message) -> None:
        """Hands one message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own: list[tuple[bytes, bytes]] = message.setdefault("headers", [])
            message["headers"] = [*own, *_not_set(own, self._headers)]
            self._events = any(name == b"content-type" and value.startswith(_EVENTS) for name, value in own)
        elif self._bodiless:
            if message.get("more_body", False):
                raise _EnoughError
            return
        elif message.get("more_body", False) and not self.goes_on():
            if self._events:  # anything else would look as if it were whole
                await self._send({"type": "http.response.body", "body": b""})
            raise _RevokedError
        await self._send(message)
        if self._bodiless:
            await self._send({"type": "http.response.body", "body": b""})


def _not_set(own: Iterable[tuple[bytes, bytes]], headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    names = {name for name, _ in own}
    return [pair for pair in (*headers, _NOTHING_LOADS, _CACHE) if pair[0] not in names or pair[0] == b"vary"]


async def _allow(asked: _Asked, answer: _Answer) -> None:
    """A preflight: the origin has been checked, so what it asks for is allowed."""
    headers = [
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", asked.wanted_headers or b"Content-Type"),
        (b"access-control-max-age", _PREFLIGHT_SECONDS),
        (b"content-length", b"0"),
    ]
    await answer({"type": "http.response.start", "status": 204, "headers": headers[:-1]})
    await answer({"type": "http.response.body", "body": b""})


def _sign_in(scope: Scope) -> RedirectResponse:
    """Where a browser that has brought no key can bring one; it comes back to where it was."""
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"/sign-in?{urlencode({'next': wanted})}", status_code=303)


async def _own_up(error: Exception, scope: Scope, receive: Receive, answer: _Answer) -> None:
    """A fault that no route has told of: logged, and told as a problem where the answer has not begun."""
    refused = as_refused(error)
    if refused is None:
        log.error("request failed", method=scope["method"], path=scope["path"], exc_info=error)
        refused = internal()
    if answer.status:
        raise error
    await problem_response(refused, scope)(scope, receive, answer)
