"""`POST /v1/pages`: one page in."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from services.http.problems import problems
from services.http.query_model import asked_of, described
from services.http.reading import media_type, read_body
from services.ingest.acceptor import Acceptor
from services.ingest.asked import Post
from services.ingest.offers import offer_of, sent_by
from services.ingest.parts import Parts
from services.ingest.wire import Taken, TakenReceipt
from shared.errors import DependencyUnavailable, Refused
from shared.intake import Page, PageItem, submission_from_body, submission_from_json
from shared.json_reading import read_json
from shared.ledger.carried import Accepted, Offer
from shared.ledger.idempotency import Try
from shared.models.receipt import FINAL_STATES, Receipt
from shared.settings import Settings

JSON: Final = "application/json"
PAGE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": PageItem.model_json_schema()},
            **{
                kind: {}  # any bytes at all
                for kind in ("text/html", "application/xhtml+xml", "text/markdown", "text/plain")
            },
            "application/octet-stream": {},
        },
    }
}
PAGE_PROBLEMS: Final = ("page-too-large", "fetched-in-the-future")
_LARGE: Final = 128 * 1024
"""Bytes from which reading a page is left to a thread, lest others wait for it."""
_KEY: Final = "Idempotency-Key"
KEY_MAX: Final = 255
_KEY_DESCRIBED: Final[dict[str, Any]] = {
    "name": _KEY,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX},
    "description": "A name for this request: sent again with it, it gets the same answer.",
}
_FIRST_LOOK: Final = 0.02
_LONGEST: Final = 0.2


class Answer(NamedTuple):
    """A status and a JSON body."""

    status: int
    body: bytes


def add_posting(router: APIRouter, parts: Parts, acceptor: Acceptor) -> None:
    """Adds the route."""

    @router.post(
        "/v1/pages",
        status_code=202,
        response_model=Taken,
        responses={
            200: {"model": TakenReceipt, "description": "Waited for: the page has come to its end"},
            **problems(*PAGE_PROBLEMS, "idempotency-running", "idempotency-mismatch", "line-full", "unavailable"),
        },
        openapi_extra={**PAGE_BODY, "parameters": [*described(Post), _KEY_DESCRIBED]},
        summary="A page in",
    )
    async def post_page(request: Request) -> Response:
        """One page, as JSON or as its own bytes with its own Content-Type; it is on disk when this answers."""
        asked = asked_of(request, Post)
        seconds = asked.seconds(parts.settings)
        body = await read_body(request, parts.settings)

        async def answer() -> Answer:
            with parts.tracing.request("POST /v1/pages", request.headers.get("traceparent")) as trace:
                offer = await read_offer(request, body, asked.item(parts.settings), parts.settings, trace)
                accepted = await acceptor.accept(offer)
            receipt = await _settled(parts, accepted, seconds) if asked.wait else None
            return _answer(accepted, receipt)

        key = request.headers.get(_KEY)
        if key is None:
            return _response(await answer())
        return await _once(parts, _checked_key(key), _digest(request, body), answer)


async def read_offer(
    request: Request, body: bytes, said: PageItem, settings: Settings, trace: str | None = None
) -> Offer:
    """The page in a request, as the ledger takes it.

    Args:
        request: its headers and its id.
        body: its bytes.
        said: what else is said of the page.
        settings: limits.
        trace: what is done for the page goes under this traceparent.

    Raises:
        Refused: it cannot be taken.
    """
    sent = sent_by(request, trace)
    if len(body) < _LARGE:
        return offer_of(read_page(request, body, said, settings), sent)
    return await run_sync(lambda: offer_of(read_page(request, body, said, settings), sent))


def read_page(request: Request, body: bytes, said: PageItem, settings: Settings) -> Page:
    """The page in a request.

    Raises:
        Refused: it cannot be taken.
    """
    if media_type(request) == JSON:
        return submission_from_json(read_json(body, settings.json_max_depth), settings, defaults=said)
    return submission_from_body(body, request.headers.get("content-type", ""), said, settings)


def _answer(accepted: Accepted, receipt: Receipt | None) -> Answer:
    link = f"/v1/pages/{accepted.id}"
    if receipt is None:
        told = {"id": accepted.id, "version": accepted.version, "status": accepted.status, "receipt": link}
        return Answer(202, to_json(told))
    return Answer(200, to_json({**receipt.model_dump(mode="json"), "status": accepted.status, "receipt": link}))


def _response(answer: Answer, headers: dict[str, str] | None = None) -> Response:
    return Response(answer.body, status_code=answer.status, media_type=JSON, headers=headers)


async def _settled(parts: Parts, accepted: Accepted, seconds: float) -> Receipt | None:
    """The page's receipt once the version that was taken has come to an end; None where that took too long.

    None, too, where the page's receipt is that of a newer version, or cannot be asked for until then.
    """
    until = anyio.current_time() + seconds
    pause = _FIRST_LOOK
    while True:
        with suppress(DependencyUnavailable):  # the page is on disk, whatever does not answer by now
            if not await run_sync(parts.ledger.receipts.walking, accepted.id, accepted.version):
                receipt = await run_sync(parts.receipt, accepted.id, accepted.version)
                if receipt is not None and receipt.version != accepted.version:
                    return None  # a newer version's: it would tell of a page that was not posted here
                if receipt is not None and receipt.state in FINAL_STATES:
                    return receipt
        left = until - anyio.current_time()
        if left <= 0:
            return None
        await anyio.sleep(min(pause, left))
        pause = min(_LONGEST, pause * 1.4)


async def _once(parts: Parts, key: str, digest: str, answer: Callable[[], Awaitable[Answer]]) -> Response:
    """Answers, unless the same request was answered before."""
    tried = await run_sync(parts.idempotency.begin, key, digest)
    if tried.state == "replay":
        return _response(Answer(int(tried.answer[:3]), tried.answer[3:]), {"Idempotency-Replayed": "true"})
    if tried.state == "mismatch":
        detail = "The Idempotency-Key was used for other bytes or parameters."
        raise Refused("idempotency-mismatch", detail, pointer="/header/Idempotency-Key")
    if tried.state == "running":
        detail = "The first request with this Idempotency-Key has not been answered yet."
        raise Refused("idempotency-running", detail, pointer="/header/Idempotency-Key", retry_after=1)
    return _response(await _kept(parts, tried, answer))


async def _kept(parts: Parts, tried: Try, answer: Callable[[], Awaitable[Answer]]) -> Answer:
    """What was answered, kept for the next time; a request that fails may be sent again."""
    holding = asyncio.create_task(_hold(parts, tried))
    try:
        given = await answer()
    except BaseException:
        with anyio.CancelScope(shield=True), suppress(DependencyUnavailable):
            await run_sync(parts.idempotency.forget, tried)
        raise
    finally:
        holding.cancel()
    with suppress(DependencyUnavailable):  # the page is in: a key that is not kept costs a duplicate at most
        await run_sync(parts.idempotency.keep, tried, str(given.status).encode() + given.body)
    return given


async def _hold(parts: Parts, tried: Try) -> None:
    """Keeps the key taken while the request is being answered, and no longer: this process may be killed meanwhile."""
    while True:
        await anyio.sleep(parts.idempotency.try_seconds / 3)
        with suppress(DependencyUnavailable):
            await run_sync(parts.idempotency.hold, tried)


def _checked_key(key: str) -> str:
    if 0 < len(key) <= KEY_MAX and key.isascii() and key.isprintable():
        return key
    detail = f"An Idempotency-Key has 1 to {KEY_MAX} characters of printable ASCII."
    raise Refused("invalid", detail, pointer="/header/Idempotency-Key")


def _digest(request: Request, body: bytes) -> str:
    """Of all that makes a page what it is; how long is waited for it is no part of that."""
    said = [(name, value) for name, value in request.query_params.multi_items() if name not in {"wait", "timeout"}]
    kind = media_type(request)
    kind = kind if kind == JSON else request.headers.get("content-type", "")  # of JSON a charset says nothing
    digest = blake2b(to_json([said, kind]), digest_size=16)
    digest.update(body)
    return digest.hexdigest()
