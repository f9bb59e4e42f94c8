"""The engine's schema, built from the table of fields."""

from functools import cache
from pathlib import Path
from typing import Final

import tantivy

from shared.search.fields import FIELDS, Field

STORY_KEY: Final = "story_key"
"""A hash of the story: the binding reads numbers of many documents at once, but no strings."""
DAY: Final = "day"
"""Days since 1970 of the publication date: the engine has no calendar."""


@cache
def schema() -> tantivy.Schema:
    """The same object each time; it is not changed by those who use it."""
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        _add(builder, field)
    builder.add_unsigned_field(STORY_KEY, fast=True)
    builder.add_integer_field(DAY, fast=True)
    return builder.build()


def open_index(folder: Path) -> tantivy.Index:
    """The index in a folder, made if there is none.

    Raises:
        ValueError: it cannot be read, or its schema is another one.
    """
    try:
        return tantivy.Index(schema(), str(folder))
    except ValueError as error:
        if "schema does not match" not in str(error):
            raise
        told = f"{folder} was made with other fields; `pagemill index rebuild` makes a new one from its documents"
        raise ValueError(told) from error


def _add(builder: tantivy.SchemaBuilder, field: Field) -> None:
    """Texts come analysed, so white space parts their words; dates are whole microseconds, which sort as they are."""
    match field.kind:
        case "text" | "labels":
            builder.add_text_field(field.name, tokenizer_name="whitespace")
        case "keyword":
            builder.add_text_field(field.name, fast=field.facet, tokenizer_name="raw", index_option="basic")
        case "date" | "number":
            builder.add_integer_field(field.name, fast=True)
        case "stored":
            builder.add_bytes_field(field.name, stored=True)
