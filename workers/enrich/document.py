"""A clean page, made into the document that is indexed."""

from shared.models.clean_page import Clean, CleanPage, Evidence
from shared.models.document import Document, Names, Step
from workers.enrich.addresses import own_canonical, site_of
from workers.enrich.counts import count_words, reading_minutes
from workers.enrich.dates import believable_date
from workers.enrich.fingerprint import fingerprint
from workers.enrich.keywords import NO_KEYWORDS, find_keywords
from workers.enrich.language import NO_LANGUAGE, Language, find_language
from workers.enrich.language_codes import iso_639_1
from workers.enrich.names import names_of
from workers.enrich.quality import quality_flags
from workers.enrich.steps import Steps

_OF_THE_DOCUMENT = frozenset(Document.model_fields) | {"site_name"}


def enrich(page: CleanPage, *, only_essentials: bool = False, names_later: str | None = None) -> Document:
    """Adds what a text alone can tell: language, believable dates, site, counts, fingerprint, names, keywords, quality.

    A step that fails leaves its fields empty, is told as `failed` in `enrichment`, and flagged: the page is searchable.

    Args:
        page: from the clean room.
        only_essentials: whether all steps that can fail are left out; for a page that has ended a process before.
        names_later: the language of pages that a slower extractor looks for names in again, `xx` for all; the names
            found here stand until then.

    Returns:
        The document; `story` and `indexed_at` are set by the rooms that know them.
    """
    envelope, clean, text = page.envelope, page.clean, page.clean.text
    steps = Steps(skipped=only_essentials)
    language = steps.run("language", lambda: _language(page, text), NO_LANGUAGE)
    published, date_flag = believable_date(clean.published, envelope.fetched_at)
    words, own = count_words(text), own_canonical(clean, envelope)
    made = Document(
        id=envelope.id,
        version=envelope.version,
        url=envelope.url,
        canonical_url=own or envelope.canonical_url,
        title=clean.title,
        standfirst=clean.standfirst,
        text=text,
        authors=clean.authors,
        published=published,
        fetched_at=envelope.fetched_at,
        language=language.code,
        site=site_of(envelope, own),
        publisher=clean.site_name,
        source=envelope.source,
        tags=envelope.tags,
        names=steps.run("names", lambda: names_of(clean.title, clean.standfirst, text, language.code), Names()),
        keywords=steps.run("keywords", lambda: find_keywords(clean.title, text, language.code), NO_KEYWORDS),
        images=clean.images,
        word_count=words,
        reading_minutes=reading_minutes(words),
        clipped=clean.clipped,
        evidence=_evidence(page, language, dated=published is not None, canonical=own is not None),
        metadata=envelope.metadata,
        fingerprint=steps.run("fingerprint", lambda: fingerprint(text), None),
    )
    quality = quality_flags(
        words=words,
        clipped=clean.clipped,
        title=None if _is_the_sites_name(clean) else clean.title,
        date_flag=date_flag,
        language=language,
        claimed=iso_639_1(envelope.sent.language) or iso_639_1(clean.language_hint),
        incomplete=steps.incomplete,
    )
    later: dict[str, Step] = {"names": "pending"} if names_later in {"xx", language.code or "-"} else {}
    return made.model_copy(update={"quality": quality, "enrichment": steps.told | later})


def _is_the_sites_name(clean: Clean) -> bool:
    """Whether the title is what the site is called, for want of one."""
    return "title" in clean.evidence and clean.evidence["title"].found_in == "site"


def _language(page: CleanPage, text: str) -> Language:
    hinted = page.clean.evidence.get("language_hint")
    return find_language(
        text,
        sent=page.envelope.sent.language,
        hint=page.clean.language_hint,
        hint_in=hinted.found_in if hinted else "page",
    )


def _evidence(page: CleanPage, language: Language, *, dated: bool, canonical: bool) -> dict[str, Evidence]:
    """What the clean room found, under the document's names, without what did not make it into the document."""
    evidence = {name: found for name, found in page.clean.evidence.items() if name in _OF_THE_DOCUMENT}
    if "site_name" in evidence:
        evidence["publisher"] = evidence.pop("site_name")
    if not dated:
        evidence.pop("published", None)
    if not canonical:
        evidence.pop("canonical_url", None)
    if language.code:
        evidence["language"] = Evidence(found_in=language.found_in, confidence=language.confidence)
    return evidence
