"""A Document as the engine holds it, and back."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

import tantivy
from pydantic_core import from_json

from shared.models.document import Document
from shared.moments import published_ms, to_us
from shared.packing import expand, freeze, thaw
from shared.search.analysis.written import Written, written
from shared.search.fields import FIELDS, Field, values
from shared.search.keywords import indexed_keywords
from shared.search.labels import labels
from shared.search.tantivy.schema import DAY, STORY_KEY

_DAY_MS = 86_400_000
_MATCHED = tuple(field for field in FIELDS if field.name not in {"external_version", "suggest", "band", "document"})
"""What a query can ask for."""


def to_engine(document: Document) -> tantivy.Document:
    """The engine's form of a document.

    Raises:
        ValueError, OverflowError: a value has no such form.
    """
    made = tantivy.Document()
    words = _words(document)
    for field in FIELDS:
        _add(made, field, document, words)
    if document.story:
        made.add_unsigned(STORY_KEY, _story_key(document.story))
    if document.published:
        made.add_integer(DAY, published_ms(document.published) // _DAY_MS)
    return made


def to_match(document: Document, place: int) -> tantivy.Document:
    """The same for an index that is only asked what matches: nothing that is read back, compared or suggested.

    Args:
        document: what is indexed.
        place: what such an index gives back, as the external version.
    """
    made = tantivy.Document()
    words = _words(document)
    for field in _MATCHED:
        _add(made, field, document, words)
    made.add_integer("external_version", place)
    if document.published:
        made.add_integer(DAY, published_ms(document.published) // _DAY_MS)
    return made


def from_engine(found: tantivy.Document) -> Document:
    """The document that `to_engine` was given."""
    return thaw(Document, _packed(found))


def parts_from_engine(found: tantivy.Document) -> dict[str, Any]:
    """The same as plain JSON, without the fields that have their default values: for those who need one or two."""
    parts: dict[str, Any] = from_json(expand(_packed(found)))
    return parts


def _packed(found: tantivy.Document) -> bytes:
    packed = found.get_first("document")
    assert isinstance(packed, bytes)
    return packed


def _add(made: tantivy.Document, field: Field, document: Document, words: dict[str, Written]) -> None:
    match field.kind:
        case "text":
            for text in _indexed(field, words):
                made.add_text(field.name, text)
        case "keyword":
            for keyword in indexed_keywords(field, document):
                made.add_text(field.name, keyword)
        case "date" | "number":
            found = values(field, document)
            if found:
                made.add_integer(field.name, _number(found[0]))
        case "labels":
            for text in labels(document):
                made.add_text(field.name, text)
        case "stored":
            made.add_bytes(field.name, freeze(document))


def _words(document: Document) -> dict[str, Written]:
    """Every text of a document, analysed once, by the attribute that holds it."""
    sources = {source for field in FIELDS if field.kind == "text" for source in field.source}
    texts = {source: getattr(document, source) for source in sorted(sources)}
    return {source: written(text, document.language) for source, text in texts.items() if text}


def _indexed(field: Field, words: dict[str, Written]) -> Iterator[str]:
    """The words of each text, then those that stand for several or for part of one; no phrase spans two of these."""
    found = [words[source] for source in field.source if source in words]
    for text in found:
        yield text.stems if field.stems else text.exact
    joined = [text.joined_stems if field.stems else text.joined_exact for text in found]
    if any(joined):
        yield " ".join(joined)


def _number(found: Any) -> int:
    """Dates as microseconds, which sort as they are; numbers as they are."""
    if isinstance(found, str):
        return published_ms(found) * 1000
    return to_us(found) if isinstance(found, datetime) else found


def _story_key(story: str) -> int:
    return int.from_bytes(blake2b(story.encode(), digest_size=8).digest(), "big")
