"""What was found, as a feed: pure writers of RSS 2.0, Atom 1.0 and JSON Feed 1.1, and the answer that carries one.

`Feed` and `Entry` say what is in a feed, `entry_of` makes an entry of a document, `FORMATS` has a writer by name, and
`answered` is the HTTP answer, 304 where the reader has it already.
"""

from services.query.feeds.answering import answered
from services.query.feeds.entries import entry_of
from services.query.feeds.feed import Entry, Feed
from services.query.feeds.formats import FORMATS, FeedName, Format

__all__ = ["FORMATS", "Entry", "Feed", "FeedName", "Format", "answered", "entry_of"]
