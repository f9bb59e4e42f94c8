"""Feeds as their readers see them."""

import json
from typing import NamedTuple

import feedparser


class ReadEntry(NamedTuple):
    """One entry."""

    id: str
    title: str
    link: str
    author: str
    day: tuple[int, ...] | None
    summary: str


class ReadFeed(NamedTuple):
    """A whole feed; `version` as feedparser calls it."""

    version: str
    title: str
    entries: list[ReadEntry]


def read_feed(content: bytes) -> ReadFeed:
    """A feed that has no fault in it."""
    if content.startswith(b"{"):
        return _json(content)
    told = feedparser.parse(content)
    assert not told.bozo, told.bozo_exception
    entries = [
        ReadEntry(
            each.id,
            each.title,
            each.link,
            each.get("author", ""),
            tuple(each.published_parsed[:3]) if "published_parsed" in each else None,
            each.get("summary", ""),
        )
        for each in told.entries
    ]
    return ReadFeed(told.version, told.feed.title, entries)


def _json(content: bytes) -> ReadFeed:
    told = json.loads(content)
    entries = [
        ReadEntry(
            each["id"],
            each["title"],
            each["url"],
            ", ".join(author["name"] for author in each.get("authors", ())),
            tuple(int(part) for part in each["date_published"][:10].split("-")) if "date_published" in each else None,
            each["content_html"],
        )
        for each in told["items"]
    ]
    return ReadFeed(told["version"], told["title"], entries)
