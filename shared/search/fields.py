"""The one table of fields.

Engines build their schema or mapping from it; the query language and the facets take their names from it.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Literal

from shared.models.document import Document

Kind = Literal["text", "keyword", "date", "number", "labels", "stored"]

KEYWORD_MAX_CHARS: Final = 1024
"""Longer keywords are cut there, in documents and in filters alike."""


@dataclass(frozen=True)
class Field:
    """One field of the index.

    Args:
        name: what engines and queries call it.
        kind: `text` is analysed by `shared.search.analysis`; a `keyword` is matched whole; a `date` is an instant;
            `labels` are what `shared.search.labels` makes of other fields.
        source: attributes of Document, dotted; several are read one after the other.
        stems: whether text is indexed by its stems; else as it is written.
        stored: whether a hit can give it back.
        facet: whether its values can be counted, by the same name.
        filter: whether a search can be narrowed to values or a range of it.
        sort: whether hits can be put in its order.
        query: whether the query language knows it by this name.
        boost: times that a word found here counts.
    """

    name: str
    kind: Kind
    source: tuple[str, ...]
    stems: bool = False
    stored: bool = False
    facet: bool = False
    filter: bool = False
    sort: bool = False
    query: bool = True
    boost: float = 1.0


def _name(name: str, source: str) -> Field:
    """A keyword that is counted, filtered by and asked for."""
    return Field(name, "keyword", (source,), facet=True, filter=True)


FIELDS: Final = (
    Field("id", "keyword", ("id",), filter=True, query=False),
    Field("external_version", "number", ("external_version",), query=False),
    Field("title", "text", ("title",), stems=True, boost=1.1),
    Field("text", "text", ("standfirst", "text"), stems=True),
    Field("exact", "text", ("title", "standfirst", "text"), boost=0.2),
    Field("url", "text", ("url",)),
    _name("language", "language"),
    _name("site", "site"),
    _name("source", "source"),
    _name("author", "authors"),
    _name("tag", "tags"),
    _name("person", "names.people"),
    _name("place", "names.places"),
    _name("organisation", "names.organisations"),
    _name("keyword", "keywords"),
    Field("story", "keyword", ("story",), facet=True, filter=True, query=False),
    Field("date", "date", ("published",), filter=True, sort=True),
    Field("indexed", "date", ("indexed_at",), filter=True, sort=True, query=False),
    Field("words", "number", ("word_count",), filter=True),
    Field("labels", "labels", (), query=False),
    Field("suggest", "keyword", (), query=False),
    Field("band", "keyword", ("fingerprint",), filter=True, query=False),
    Field("document", "stored", (), stored=True, query=False),
)
"""docs/relevance.md tells how boosts were chosen.

`suggest` holds the entries of `shared.search.suggesting`; `band` the bands of the fingerprint, which near copies share;
`document` is the whole DOCUMENT, packed.
"""

FACETS: Final = tuple(field.name for field in FIELDS if field.facet)
QUERY_FIELDS: Final = tuple(field.name for field in FIELDS if field.query)
_GETTERS: Final = {source: attrgetter(source) for field in FIELDS for source in field.source}
BY_NAME: Final = {field.name: field for field in FIELDS}


def keywords(field: Field, document: Document) -> list[str]:
    """The values of a keyword field, each once, as they are indexed."""
    found = values(field, document)
    return list(dict.fromkeys(filter(None, map(keyword, found)))) if found else found


def keyword(written: str) -> str:
    """A keyword as it is indexed and filtered by: cut, and without what UTF-8 cannot write."""
    return written[:KEYWORD_MAX_CHARS].encode(errors="ignore").decode()


def values(field: Field, document: Document) -> list[Any]:
    """What a document has for a field, all its sources one after the other."""
    return [value for source in field.source for value in values_of(source, document)]


def values_of(source: str, document: Document) -> tuple[Any, ...]:
    """What a document has under one attribute, dotted."""
    value = _GETTERS[source](document)
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)
