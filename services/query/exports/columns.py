"""A document as a row: the columns of CSV and Parquet, in an order that only grows at its end."""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel
from pydantic_core import to_json

from shared.models.document import Document

Kind = Literal["id", "text", "whole", "moment", "list", "json"]


class Column(NamedTuple):
    """One column.

    Args:
        name: of the column.
        kind: what its values are: `id` text of letters, digits, `-` and `_`; `json` what has parts, as JSON.
        value: of a document; None where nothing is known.
    """

    name: str
    kind: Kind
    value: Callable[[Document], Any]


def _named(kind: Kind, *names: str) -> list[Column]:
    return [Column(name, kind, lambda document, name=name: getattr(document, name)) for name in names]  # type: ignore[misc]


def _json(name: str) -> Column:
    return Column(name, "json", lambda document: json_of(getattr(document, name)))


def json_of(value: Any) -> str | None:
    """A value with parts as JSON; None where it has none."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return to_json(plain).decode() if plain else None


COLUMNS: Final[tuple[Column, ...]] = (
    *_named("id", "id"),
    *_named("whole", "version"),
    *_named("text", "url", "canonical_url", "title", "standfirst", "text"),
    *_named("list", "authors"),
    *_named("text", "published"),
    *_named("moment", "fetched_at", "indexed_at"),
    *_named("text", "language", "site", "publisher", "source"),
    *_named("list", "tags"),
    Column("people", "list", lambda document: document.names.people),
    Column("places", "list", lambda document: document.names.places),
    Column("organisations", "list", lambda document: document.names.organisations),
    *_named("list", "keywords"),
    _json("images"),
    *_named("whole", "word_count", "reading_minutes"),
    *_named("id", "story"),
    *_named("list", "quality"),
    *map(_json, ("clipped", "evidence", "enrichment", "metadata")),
    *_named("whole", "revision"),
    *_named("id", "fingerprint"),
)
