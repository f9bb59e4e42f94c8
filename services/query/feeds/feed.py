"""A feed, whatever it is written as."""

from datetime import UTC, datetime
from typing import Final

from shared.models.frozen import Carried, Moment

NOTHING_YET: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without an entry was changed last: it is the same each time, as its bytes are."""


class Entry(Carried):
    """One page in a feed."""

    id: str
    """Stays the same through all versions of the page, wherever the service is reached."""
    url: str
    title: str
    summary: str = ""
    """Safe HTML."""
    published: Moment | None = None
    updated: Moment
    """When it came into the feed, or came anew."""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None


class Feed(Carried):
    """What a reader subscribes to."""

    id: str
    """An IRI that stays the same wherever the service is reached."""
    title: str
    description: str
    home: str
    """Where the same can be seen otherwise."""
    address: str
    """Where the feed itself is, for its self link."""
    entries: tuple[Entry, ...] = ()

    @property
    def updated(self) -> datetime:
        """When its newest entry came."""
        return max((entry.updated for entry in self.entries), default=NOTHING_YET)
