"""One document, made ready for its template."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from services.query.page.address import Address
from services.query.page.asked import Asked
from services.query.page.facets import TITLES, label
from services.query.page.outward import linked, picture_origin
from services.query.page.results import ShownHit, copies_of, shown_hit
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.clean_page import Image
from shared.models.document import Document
from shared.models.search_query import SearchQuery
from shared.models.suggestions import SimilarQuery
from shared.validation import shown

_PICTURES_MAX: Final = 24
_SIMILAR: Final = 5
_PARTING: Final = re.compile(r"\n\s*\n")


class Picture(NamedTuple):
    """A picture that the page has, and where it would be loaded from."""

    image: Image
    origin: str


class Named(NamedTuple):
    """What a document says of itself under one name; each value with the search that finds more of it."""

    title: str
    values: list[tuple[str, str]]


class Reading(NamedTuple):
    """Everything that is shown of one document.

    Args:
        document: it.
        asked: the search that it was opened from.
        paragraphs: of its text.
        outward: where the page itself is, if that may be linked.
        pictures: those that may be loaded, once somebody has asked for it.
        unloaded: how many others it has.
        named: authors, names, keywords, tags.
        copies: near copies.
        more_copies: whether there are more of these.
        story: the search for all of them.
        similar: documents that speak of the same.
    """

    document: Document
    asked: Asked
    paragraphs: list[str]
    outward: str | None
    pictures: list[Picture]
    unloaded: int
    named: list[Named]
    copies: Sequence[ShownHit]
    more_copies: bool
    story: str
    similar: Sequence[ShownHit]


def reading_of(room: ReadingRoom, page_id: str, asked: Asked) -> Reading:
    """The document and what stands beside it.

    Raises:
        Refused: `document-not-found`.
        DependencyUnavailable: the engine is away.
    """
    document = room.document(page_id)
    if document is None:
        raise Refused("document-not-found", f"No document {shown(page_id)} is searchable.")
    everything = asked._replace(query=SearchQuery(sort="newest"))
    copies, more = copies_of(room, everything, document.story, page_id) if document.story else ([], False)
    alike = room.similar(page_id, SimilarQuery(size=_SIMILAR))
    pictures = pictures_of(document)
    return Reading(
        document=document,
        asked=asked,
        paragraphs=[part for part in _PARTING.split(document.text) if part.strip()],
        outward=linked(document.url),
        pictures=pictures,
        unloaded=len(document.images) - len(pictures),
        named=[_named(name, values) for name, values in _values(document) if values],
        copies=copies,
        more_copies=more,
        story=str(Address((("story", document.story or ""), ("copies", "apart")))),
        similar=[shown_hit(hit, asked) for hit in (alike.hits if alike else ())],
    )


def pictures_of(document: Document) -> list[Picture]:
    """The pictures that may be loaded, the leading one first; icons are nothing to look at."""
    images = sorted(document.images, key=lambda image: image.role != "lead")
    found = [
        Picture(image, origin) for image in images if image.role != "icon" and (origin := picture_origin(image.url))
    ]
    return found[:_PICTURES_MAX]


def _values(document: Document) -> list[tuple[str, Sequence[str]]]:
    names = document.names
    return [
        ("author", document.authors),
        ("person", names.people),
        ("place", names.places),
        ("organisation", names.organisations),
        ("keyword", document.keywords),
        ("tag", document.tags),
    ]


def _named(name: str, values: Sequence[str]) -> Named:
    return Named(TITLES[name], [(label(name, value), str(Address(((name, value),)))) for value in values])
