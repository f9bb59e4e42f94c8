"""A page's headline, out of what its head, its fields and its headings call it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_SEPARATOR = re.compile(r"\s[|\u2013—·•»:~-]{1,3}\s")
_BETWEEN = " |\u2013—·•»:~-"
_WORD = re.compile(r"\w+")
_ALIKE = 0.3
_LONGEST = 1_000


class Found(NamedTuple):
    """A value and its evidence."""

    value: str
    found_in: str
    confidence: float


def choose_title(
    declared: str | None, declared_in: str, tag: str | None, headings: Sequence[str], site_name: str | None
) -> Found | None:
    """The headline as it stands on the page, where a heading agrees with what the page declares.

    Declared titles often carry the site's name or are written for search engines; the heading is what readers see.
    Where no heading agrees, the declared one is taken without the site's name.

    Args:
        declared: from JSON-LD, OpenGraph or another meta tag.
        declared_in: which of them.
        tag: the text of the title tag.
        headings: the first-level headings.
        site_name: what the site calls itself.
    """
    wanted = [name[:_LONGEST] for name in (declared, tag) if name]
    readable = [heading[:_LONGEST] for heading in headings if heading.strip()]
    for name in wanted:
        best = max(readable, key=lambda heading: _likeness(heading, name), default=None)
        if best and _likeness(best, name) >= _ALIKE:
            return Found(best, "h1", 0.95)
    if tag and (best := _heading_in_part(readable, tag[:_LONGEST])):
        return Found(best, "h1", 0.85)
    if wanted:
        source = declared_in if declared else "title"
        return Found(_without_site(wanted[0], site_name, declared=bool(declared)), source, 0.8)
    return Found(readable[0], "h1", 0.6) if readable else None


def _heading_in_part(headings: Sequence[str], tag: str) -> str | None:
    """The heading that says at length what one part of `Site | Headline` says in short."""
    parts = [words for part in _SEPARATOR.split(tag) if len(words := _words(part)) > 1]
    return next((h for h in headings if any(len(words & _words(h)) * 5 >= len(words) * 4 for words in parts)), None)


def _likeness(one: str, other: str) -> float:
    """Jaccard's index of the words."""
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / max(1, len(mine | theirs))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _without_site(title: str, site_name: str | None, *, declared: bool) -> str:
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    site, last = _words(site_name or ""), _words(parts[-1])
    if site and last and (last <= site or site <= last):
        return title[: title.rindex(parts[-1])].rstrip(_BETWEEN)
    return title if site or declared else max(parts, key=lambda part: len(_WORD.findall(part)))
