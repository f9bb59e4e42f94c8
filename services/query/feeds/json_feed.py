"""JSON Feed 1.1 (jsonfeed.org)."""

import json
from typing import Any, Final

from services.query.feeds.atom import instant
from services.query.feeds.feed import Entry, Feed
from services.query.feeds.legal import legal, line

MEDIA_TYPE: Final = "application/feed+json"
_VERSION: Final = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """The feed in JSON."""
    told = {
        "version": _VERSION,
        "title": line(feed.title),
        "home_page_url": legal(feed.home),
        "feed_url": legal(feed.address),
        "description": line(feed.description),
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _item(entry: Entry) -> dict[str, Any]:
    """What is not known is left out: readers know no null."""
    told = {
        "id": entry.id,
        "url": legal(entry.url),
        "title": line(entry.title),
        "content_html": legal(entry.summary),
        "date_published": instant(entry.published) if entry.published else None,
        "date_modified": instant(entry.updated),
        "authors": [{"name": name} for name in filter(None, map(line, entry.authors))],
        "tags": list(filter(None, map(line, entry.tags))),
        "language": entry.language,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}
