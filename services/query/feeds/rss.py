"""RSS 2.0, with the self link of Atom and the authors of Dublin Core, as its board advises."""

from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.etree.ElementTree import Element, tostring

from services.query.feeds.atom import NAMESPACE as ATOM
from services.query.feeds.feed import Entry, Feed
from services.query.feeds.legal import add, line

MEDIA_TYPE: Final = "application/rss+xml"
_DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"


def rss(feed: Feed) -> bytes:
    """The feed in RSS."""
    top = Element("rss", {"version": "2.0", "xmlns:atom": ATOM, "xmlns:dc": _DUBLIN_CORE})
    channel = add(top, "channel")
    add(channel, "title", line(feed.title))
    add(channel, "link", feed.home)
    add(channel, "description", line(feed.description))
    add(channel, "atom:link", rel="self", type=MEDIA_TYPE, href=feed.address)
    add(channel, "lastBuildDate", moment(feed.updated))
    add(channel, "generator", "Pagemill")
    for entry in feed.entries:
        _add_item(channel, entry)
    written: bytes = tostring(top, "utf-8", xml_declaration=True)
    return written


def moment(at: datetime) -> str:
    """RFC 822 with a year of four digits."""
    return format_datetime(at.replace(microsecond=0), usegmt=True)


def _add_item(channel: Element, entry: Entry) -> None:
    item = add(channel, "item")
    add(item, "title", line(entry.title))
    add(item, "link", entry.url)
    add(item, "guid", entry.id, isPermaLink="false")
    add(item, "pubDate", moment(entry.published or entry.updated))
    for name in filter(None, map(line, entry.authors)):
        add(item, "dc:creator", name)
    for tag in filter(None, map(line, entry.tags)):
        add(item, "category", tag)
    add(item, "description", entry.summary)
