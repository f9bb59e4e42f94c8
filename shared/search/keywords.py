"""The values of a document's keyword fields, as both engines index them."""

from shared.models.document import Document
from shared.search.fields import Field, keywords
from shared.search.suggesting import entries
from shared.stories.fingerprint import bands


def indexed_keywords(field: Field, document: Document) -> list[str]:
    """The values of one keyword field; those of `band` and `suggest` are worked out here."""
    match field.name:
        case "band":
            return bands(document.fingerprint) if document.fingerprint else []
        case "suggest":
            return entries(document)
        case _:
            return keywords(field, document)
