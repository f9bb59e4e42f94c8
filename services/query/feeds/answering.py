"""The answer that carries a feed: readers ask again and again, and mostly have it already."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.query.etag import matches
from services.query.feeds.feed import NOTHING_YET, Feed
from services.query.feeds.formats import FORMATS, FeedName

_REVALIDATE: Final = "private, no-cache"
"""A feed may be kept, and is asked for again each time, for which its validators make it cheap."""
_SETTLED: Final = timedelta(seconds=2)
"""A second that is over: until then another page may come in it, and would be missed by Last-Modified."""


def answered(request: Request, feed: Feed, name: FeedName) -> Response:
    """The feed, or 304 where the request's validators (RFC 9110, section 13) say that the reader has it."""
    form = FORMATS[name]
    body = form.write(feed)
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": _REVALIDATE}
    if feed.updated > NOTHING_YET and feed.updated <= datetime.now(UTC) - _SETTLED:
        headers["Last-Modified"] = format_datetime(feed.updated.replace(microsecond=0), usegmt=True)
    if _held(request, headers):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{form.media_type}; charset=utf-8", headers=headers)


def _held(request: Request, headers: dict[str, str]) -> bool:
    """If-Modified-Since counts only where no If-None-Match was sent."""
    tag, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if tag is not None or since is None or "Last-Modified" not in headers:
        return matches(tag, headers["ETag"])
    try:
        return parsedate_to_datetime(headers["Last-Modified"]) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
