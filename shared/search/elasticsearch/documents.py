"""A Document as the engine holds it, and back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic_core import from_json, to_json

from shared.models.document import Document
from shared.moments import to_us
from shared.search.analysis.analyzers import OTHER, analyzed_as
from shared.search.analysis.characters import folded
from shared.search.analysis.languages import KEPT, stemmed_as
from shared.search.analysis.written import Written, written
from shared.search.elasticsearch.mapping import FOLD
from shared.search.fields import FIELDS, Field, keyword, values
from shared.search.keywords import indexed_keywords
from shared.search.labels import labels

SOURCE: Final = ("document", "text")
"""What of a hit's source `from_engine` needs."""
_EXACT: Final = "exact"
_TEXT: Final = "text"


class TooLarge(ValueError):
    """A document that no request may hold."""


def to_engine(document: Document, bytes_most: int) -> bytes:
    """The engine's form of a document, as JSON in one line.

    Where it would be larger than `bytes_most`, the forms as written end where there is no room for more. A language's
    analyzer gets the whole text; pairs that are made here, as of Thai, end where there is no room for more of them.

    Raises:
        ValueError: a value has no such form, or the text alone is larger.
    """
    source = _source(document)
    made = to_json(source)
    if len(made) > bytes_most:
        spare = bytes_most - len(to_json({**source, _EXACT: []})) - 64
        source[_EXACT] = list(_cut(source[_EXACT], spare))
        made = to_json(source)
    if len(made) > bytes_most and OTHER in source.get(_TEXT, {}):
        spare = bytes_most - len(to_json({**source, _TEXT: {OTHER: []}})) - 64
        source[_TEXT] = {OTHER: list(_cut(source[_TEXT][OTHER], spare))}
        made = to_json(source)
    if len(made) > bytes_most:
        raise TooLarge(f"the document has {len(made)} bytes as it is indexed, and {bytes_most} are the most")
    return made


def from_engine(source: Mapping[str, Any]) -> Document:
    """The document that `to_engine` was given, from the fields in `SOURCE`."""
    return Document.model_validate(parts_from_engine(source))


def parts_from_engine(source: Mapping[str, Any]) -> dict[str, Any]:
    """The same as plain JSON, without the fields that have their default values."""
    parts: dict[str, Any] = from_json(source["document"])
    if "text" not in parts:
        (texts,) = source["text"].values()
        parts["text"] = texts[-1]
    return parts


def _source(document: Document) -> dict[str, Any]:
    code = analyzed_as(document.language)
    words = {
        name: written(text, document.language)
        for name in ("title", "standfirst", "text", "url")
        if (text := getattr(document, name))
    }
    source: dict[str, Any] = {"document": _carried(document, code)}
    for field in FIELDS:
        found = _indexed(field, document, code, words)
        if found not in (None, [], {}):
            source[field.name] = found
    source[FOLD] = f"s:{keyword(document.story)}" if document.story else f"p:{document.id}"
    return source


def _carried(document: Document, code: str) -> str:
    """The document as JSON in a string, which the engine stores and does not read. Its text is there once."""
    left_out = None if code == OTHER else {"text"}
    return document.model_dump_json(exclude=left_out, exclude_defaults=True, exclude_computed_fields=True)


def _indexed(field: Field, document: Document, code: str, words: Mapping[str, Written]) -> Any:
    match field.kind:
        case "text" if field.stems:
            return {code: _by_language(field, document, code, words)}
        case "text":
            return _as_written(field, document, code, words)
        case "keyword":
            return indexed_keywords(field, document)
        case "date" | "number":
            found = values(field, document)
            return _number(found[0]) if found else None
        case "labels":
            return list(labels(document))
        case "stored":
            return None


def _by_language(field: Field, document: Document, code: str, words: Mapping[str, Written]) -> list[str]:
    """What the language's analyzer gets. The text has the title in it, too; the last value is the document's text."""
    sources = field.source if field.name == "title" else ("title", *field.source)
    if code != OTHER:
        return [text for name in sources if (text := getattr(document, name)) is not None]
    found = [words[name] for name in sources if name in words]
    return [text.stems for text in found] + _joined(text.joined_stems for text in found)


def _as_written(field: Field, document: Document, code: str, words: Mapping[str, Written]) -> list[str]:
    """Words as written, then those without a place of their own: joined ones, and plain letters for accented ones."""
    found = [words[name] for name in field.source if name in words]
    plain = "" if code == OTHER else _plain((text.exact for text in found), document.language)
    return [text.exact for text in found] + _joined([*(text.joined_exact for text in found), plain])


def _plain(texts: Iterable[str], language: str | None) -> str:
    kept = KEPT.get(stemmed_as(language) or "", frozenset())
    accented = dict.fromkeys(word for text in texts if not text.isascii() for word in text.split(" "))
    pairs = ((word, folded(word, kept)) for word in accented if not word.isascii())
    return " ".join(dict.fromkeys(plain for word, plain in pairs if plain != word))


def _joined(texts: Iterable[str]) -> list[str]:
    joined = " ".join(filter(None, texts))
    return [joined] if joined else []


def _number(found: Any) -> Any:
    """Publication dates as they are written; instants as microseconds; numbers as they are."""
    return to_us(found) if isinstance(found, datetime) else found


def _cut(texts: Iterable[str], most: int) -> Iterable[str]:
    """Texts up to `most` bytes in all, cut between two words."""
    for text in texts:
        if most <= 0:
            return
        encoded = text.encode()
        if len(encoded) > most:
            yield encoded[:most].decode(errors="ignore").rpartition(" ")[0]
            return
        most -= len(encoded) + 3
        yield text
