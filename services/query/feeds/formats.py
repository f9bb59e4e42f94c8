"""What a feed can be written as."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from services.query.feeds import atom, json_feed, rss
from services.query.feeds.feed import Feed

FeedName = Literal["rss", "atom", "json"]


class Format(NamedTuple):
    """One kind of feed: its name for people, its Content-Type, its writer."""

    title: str
    media_type: str
    write: Callable[[Feed], bytes]


FORMATS: Final[Mapping[FeedName, Format]] = {
    "rss": Format("RSS 2.0", rss.MEDIA_TYPE, rss.rss),
    "atom": Format("Atom 1.0", atom.MEDIA_TYPE, atom.atom),
    "json": Format("JSON Feed 1.1", json_feed.MEDIA_TYPE, json_feed.json_feed),
}
