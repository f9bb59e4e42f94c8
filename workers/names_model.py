"""Names by a spaCy model (the extra `pagemill[spacy]`), for the queue `names`."""

from functools import cache
from typing import Any, Final

from shared.models.document import Document, Names
from shared.settings import Settings
from workers.enrich import revised

_LONGEST: Final = 100_000
"""Characters; the model's memory grows with them."""
_MOST: Final = 30
_KINDS: Final = {
    "people": {"PERSON", "PER"},
    "places": {"GPE", "LOC", "FAC"},
    "organisations": {"ORG"},
}


def by_model(settings: Settings, document: Document) -> Document | None:
    """The document with the names that the model finds, one revision later; None where there can be no later one.

    Raises:
        RuntimeError: spaCy or the model is not installed.
    """
    found = _model(settings.names_model)(document.text[:_LONGEST]).ents
    names = Names(**{kind: _ranked(found, labels) for kind, labels in _KINDS.items()})
    return revised(document, {"names": names}, document.enrichment | {"names": "done"})


def model_language(settings: Settings) -> str | None:
    """The language that names are looked for in again: the model's first two letters, `xx` for all; None for none."""
    return settings.names_model.rpartition("/")[2][:2] if settings.names == "spacy" else None


def _ranked(entities: Any, labels: set[str]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for entity in entities:
        if entity.label_ in labels and (name := " ".join(entity.text.split()).removesuffix("'s")):
            counts[name] = counts.get(name, 0) + 1
    return tuple(sorted(counts, key=lambda name: -counts[name]))[:_MOST]


@cache
def _model(name: str) -> Any:
    """The model without what names do not need."""
    try:
        import spacy  # noqa: PLC0415  (an extra, for one queue only)

        return spacy.load(name, exclude=["parser", "tagger", "lemmatizer", "attribute_ruler"])
    except (ImportError, OSError) as error:
        raise RuntimeError(f"PAGEMILL_NAMES is spacy, and it cannot be loaded: {error}") from error
