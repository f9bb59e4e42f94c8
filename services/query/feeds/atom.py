"""Atom 1.0 (RFC 4287)."""

from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, tostring

from services.query.feeds.feed import Entry, Feed
from services.query.feeds.legal import add, line

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/atom+xml"
_XML_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(feed: Feed) -> bytes:
    """The feed in Atom."""
    top = Element("feed", {"xmlns": NAMESPACE})
    add(top, "id", feed.id)
    add(top, "title", line(feed.title))
    add(top, "subtitle", line(feed.description))
    add(top, "updated", instant(feed.updated))
    add(top, "link", rel="self", type=MEDIA_TYPE, href=feed.address)
    add(top, "link", rel="related", href=feed.home)
    add(top, "generator", "Pagemill")
    add(add(top, "author"), "name", "Pagemill")
    for entry in feed.entries:
        _add_entry(top, entry)
    written: bytes = tostring(top, "utf-8", xml_declaration=True)
    return written


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _add_entry(top: Element, entry: Entry) -> None:
    made = add(top, "entry", **({_XML_LANGUAGE: entry.language} if entry.language else {}))
    add(made, "id", entry.id)
    add(made, "title", line(entry.title))
    add(made, "link", rel="alternate", href=entry.url)
    add(made, "updated", instant(entry.updated))
    if entry.published:
        add(made, "published", instant(entry.published))
    for name in filter(None, map(line, entry.authors)):
        add(add(made, "author"), "name", name)
    for tag in filter(None, map(line, entry.tags)):
        add(made, "category", term=tag)
    add(made, "summary", entry.summary, type="html")
