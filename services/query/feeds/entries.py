"""A document as an entry of a feed."""

from datetime import UTC, datetime
from html import escape
from typing import Final
from urllib.parse import quote, urlsplit

from services.query.feeds.feed import Entry
from services.query.feeds.legal import line
from shared.models.document import Document

_TITLE_CHARS: Final = 100
_WEB: Final = frozenset({"http", "https"})
_OF_URLS: Final = "!#$%&'()*+,/:;=?@[]~"
"""Signs that a URI may have (RFC 3986, section 2); all others are written as bytes."""


def entry_of(document: Document, base: str, snippet: str | None = None) -> Entry:
    """The entry.

    Args:
        document: what was found.
        base: the address of this service, which links to pages without a URL of their own lead to.
        snippet: safe HTML; absent: the standfirst, else the beginning of the text.
    """
    beginning = document.standfirst or document.text[: 3 * _TITLE_CHARS]
    return Entry(
        id=f"urn:pagemill:page:{document.id}",
        url=_link(document, base),
        title=_title(document),
        summary=escape(line(beginning)) if snippet is None else snippet,
        published=_moment(document.published),
        updated=document.indexed_at or document.fetched_at,
        authors=document.authors,
        tags=document.tags,
        language=document.language,
    )


def _title(document: Document) -> str:
    """A feed's entry has one in any case: pages without are known by how they begin, or where they are."""
    title = line(document.title or "")
    if title:
        return title
    text = line(document.text[: 4 * _TITLE_CHARS])
    cut = text if len(text) <= _TITLE_CHARS else f"{text[:_TITLE_CHARS].rpartition(' ')[0] or text[:_TITLE_CHARS]}…"
    return cut or document.url or document.id


def _link(document: Document, base: str) -> str:
    """Addresses of the web alone: a reader opens what it is given."""
    url = document.url or ""
    return quote(url, safe=_OF_URLS) if urlsplit(url).scheme in _WEB else f"{base}/documents/{document.id}"


def _moment(published: str | None) -> datetime | None:
    """A bare date is its midnight, UTC: feeds have no dates without a time."""
    if published is None:
        return None
    moment = datetime.fromisoformat(published)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
