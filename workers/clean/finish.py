"""The last hand on a CLEAN: what the sender says, and the length of the text."""

from shared.models.clean_page import Clean, Clipped, Dropped, Evidence
from shared.models.raw_page import Sent
from workers.clean.metadata import tidy

_BETWEEN = len("\n\n")


def finish(clean: Clean, sent: Sent, limit: int) -> Clean:
    """The page with the sender's word for its own, and its text within `limit` code points."""
    return _within(_as_sent(clean, sent), limit)


def _as_sent(clean: Clean, sent: Sent) -> Clean:
    authors = tuple(name for name in map(tidy, sent.authors) if name)
    said = {
        "title": tidy(sent.title),
        "authors": authors or None,
        "published": sent.published,
        "language_hint": tidy(sent.language),
    }
    given = {name: value for name, value in said.items() if value}
    if not given:
        return clean
    sender = Evidence(found_in="sender", confidence=1)
    dropped = clean.dropped
    if clean.title and given.get("title", clean.title) != clean.title:
        dropped = (Dropped(text=clean.title, reason="headline"), *dropped)
    evidence = {**clean.evidence, **dict.fromkeys(given, sender)}
    if sent.published:  # bare dates have no zone; an instant came with one, and is kept in UTC
        zone = "UTC" if "T" in sent.published else "unknown"
        evidence["published"] = Evidence(found_in="sender", confidence=1, zone=zone)
    return clean.model_copy(update={**given, "dropped": dropped, "evidence": evidence})


def _within(clean: Clean, limit: int) -> Clean:
    original = sum(map(len, clean.paragraphs)) + _BETWEEN * max(0, len(clean.paragraphs) - 1)
    if original <= limit:
        return clean
    kept: list[str] = []
    room = limit
    for paragraph in clean.paragraphs:
        room -= _BETWEEN if kept else 0
        if len(paragraph) > room:
            kept += [paragraph[:room]] if room > 0 else []
            break
        kept.append(paragraph)
        room -= len(paragraph)
    length = sum(map(len, kept)) + _BETWEEN * max(0, len(kept) - 1)
    return clean.model_copy(
        update={"paragraphs": tuple(kept), "clipped": Clipped(kept=length, original=original)},
    )
