"""Steps of enrichment that failed, tried again on the document itself: a later revision of the same version."""

from collections.abc import Mapping
from typing import Final

from shared.models.clean_page import Evidence
from shared.models.document import Document, Step
from workers.enrich.fingerprint import fingerprint
from workers.enrich.keywords import NO_KEYWORDS, find_keywords
from workers.enrich.language import find_language
from workers.enrich.names import names_of
from workers.enrich.quality import INCOMPLETE
from workers.enrich.steps import Steps

LAST_REVISION: Final = 63
"""The engine's version is version x 64 + revision."""


def enrich_again(document: Document) -> Document | None:
    """The document with the failed steps that now went well, one revision later; None where none did.

    Args:
        document: as it is indexed.
    """
    failed = [name for name, told in document.enrichment.items() if told == "failed"]
    steps, changed = Steps(), dict[str, object]()
    if "language" in failed and (found := steps.run("language", lambda: find_language(document.text), None)):
        changed["language"] = found.code
        told = Evidence(found_in=found.found_in, confidence=found.confidence)
        changed["evidence"] = document.evidence | ({"language": told} if found.code else {})
    language = str(changed["language"]) if changed.get("language") else document.language
    if "fingerprint" in failed:
        changed["fingerprint"] = steps.run("fingerprint", lambda: fingerprint(document.text), None)
    if "names" in failed:
        title, standfirst, text = document.title, document.standfirst, document.text
        changed["names"] = steps.run("names", lambda: names_of(title, standfirst, text, language), document.names)
    if "keywords" in failed:
        title, text = document.title, document.text
        changed["keywords"] = steps.run("keywords", lambda: find_keywords(title, text, language), NO_KEYWORDS)
    if "done" not in steps.told.values():
        return None
    return revised(document, changed, document.enrichment | steps.told)


def revised(document: Document, changed: dict[str, object], enrichment: Mapping[str, Step]) -> Document | None:
    """The document with other values, one revision later; None where there can be no later one."""
    if document.revision >= LAST_REVISION:
        return None
    complete = "failed" not in enrichment.values()
    quality = tuple(flag for flag in document.quality if flag != INCOMPLETE or not complete)
    return document.model_copy(
        update={**changed, "enrichment": enrichment, "quality": quality, "revision": document.revision + 1}
    )
