"""Bodies, read as they come: inflated, counted, and refused as soon as they are too large."""

from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import Request

from services.http.inflate import ENCODINGS, Inflater
from shared.errors import Refused
from shared.settings import Settings
from shared.validation import shown

_REQUEST_LIMIT: Final = "PAGEMILL_REQUEST_MAX_BYTES"


def media_type(request: Request) -> str:
    """The Content-Type without its parameters, lower case; empty where there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, settings: Settings) -> bytes:
    """The whole body of a single request, inflated.

    Raises:
        Refused: it is larger than `request_max_bytes`, sent or inflated, or cannot be read.
    """
    most = settings.request_max_bytes
    parts = [part async for part in stream_body(request, settings, most, "request-too-large", _REQUEST_LIMIT)]
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def stream_body(request: Request, settings: Settings, most: int, code: str, limit: str) -> AsyncIterator[bytes]:
    """The body piece by piece, inflated, up to the limit; what was sent and what it inflates to are both counted.

    Args:
        request: whose body.
        settings: has the ratio that inflating stops at.
        most: bytes.
        code: what a larger body is refused as, behind the last byte that is within the limit.
        limit: the setting behind `most`.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(code, most, limit)
    inflater = inflater_for(request, settings)
    sent = inflated = 0
    async for chunk in request.stream():
        sent += len(chunk)
        for piece in (chunk,) if inflater is None else inflater.feed(chunk):
            inflated += len(piece)
            if within := piece[: len(piece) - max(0, inflated - most)]:
                yield within
            if inflated > most:
                raise _too_large(code, most, limit)
        if sent > most:
            raise _too_large(code, most, limit)
    if inflater is not None:
        inflater.end()


def _too_large(code: str, most: int, limit: str) -> Refused:
    return Refused(code, f"The body is larger than {most} bytes.", limit=limit)


def inflater_for(request: Request, settings: Settings) -> Inflater | None:
    """What the Content-Encoding asks for; None where the body is sent as it is.

    Raises:
        Refused: it is none that is known here, or several.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return None
    if encoding not in {*ENCODINGS, "x-gzip"}:
        known = ", ".join(ENCODINGS)
        raise Refused("unsupported-encoding", f"Content-Encoding is {shown(encoding)}; known here are: {known}.")
    return Inflater(encoding, settings.inflate_max_ratio)
