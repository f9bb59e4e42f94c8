"""A page's headline, out of what its head, its fields and its headings call it."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_SEPARATOR = re.compile(r"\s+(?:[|\u2013—·•»:~\u2044⋆-]|::|--|<|>){1,3}\s+|\s*\|\s*|:\s+")
_HARD_SEPARATOR = re.compile(r"\s+[|\u2013—·•»~\u2044⋆-]{1,3}\s+|\s*\|\s*")
_BETWEEN = " |\u2013—·•»:~-"
_WORD = re.compile(r"\w+")
_ADDED: Final = ("(", "[", "|", "¶", "#", "§")
_FRONT: Final = {
    "home",
    "homepage",
    "startseite",
    "accueil",
    "inicio",
    "index",
    "welcome",
    "untitled",
    "untitleddocument",
    "главная",
    "首页",
}
_ALIKE = 0.3
_LONGEST = 1_000
_SITE_WORDS: Final = 4
_SITE_MORE: Final = 12
"""Letters that a site's name in a title may have more than the name that is known: `Blog`, `Official Site`."""
_STORY_WORDS: Final = 5
"""A lone heading of so many words is a story's headline, whatever its fields are written to be found by."""


class Found(NamedTuple):
    """A value and its evidence."""

    value: str
    found_in: str
    confidence: float


def choose_title(
    declared: Sequence[tuple[str, str]],
    tag: str | None,
    headings: Sequence[str],
    site_names: Sequence[str],
    *,
    story: bool,
) -> Found | None:
    """The headline as it stands on the page, where a heading agrees with what the page declares.

    Declared titles often carry the site's name or are written for search engines; the heading is what readers see.
    A heading that is the site's own name is none. Where no heading agrees, the declared one is taken without the
    site's name; where that leaves nothing, the first heading.

    Args:
        declared: from JSON-LD, Open Graph or another meta tag, each with where it was found, the best first.
        tag: the text of the title tag.
        headings: the first-level headings.
        site_names: what the site calls itself, and its domain.
        story: whether the page is an article or a posting.
    """
    sites = [words for name in site_names if (words := joined(name))]
    given = [(name[:_LONGEST], where) for name, where in (*declared, *([(tag, "title")] if tag else []))]
    bare = [(short, where) for name, where in given if (short := _without_site(name, sites))]
    readable = [short for h in headings if _WORD.search(h) and (short := _without_site(h[:_LONGEST], sites))]
    if agreed := _agreed(readable, bare):
        return agreed
    if part := _heading_in_part(readable, [name for name, _ in given]):
        return Found(part, "h1", 0.85)
    lone = len(readable) == 1 and len(_words(readable[0])) >= _STORY_WORDS
    if readable and (not bare or (lone and (story or not declared))):
        return Found(readable[0], "h1", 0.7)
    if bare:
        name, where = bare[0]
        return Found(name if story else _longest_part(name) if where == "title" else _first_part(name), where, 0.8)
    own = [(name, where) for name, where in given if _FRONT.isdisjoint(map(joined, parts_of(name)))]
    named = [*own, *((name, "site") for name in site_names[:1]), *given, *((h, "h1") for h in headings if h.strip())]
    return Found(*named[0], 0.5) if named else None


def _agreed(headings: Sequence[str], bare: Sequence[tuple[str, str]]) -> Found | None:
    """The heading most alike to a declared title; a title that it begins with is it, without what the page adds."""
    for name, where in bare:
        best = max(headings, key=lambda heading: _likeness(heading, name), default=None)
        if best and _likeness(best, name) >= _ALIKE:
            longer = len(_words(name)) >= 3 and joined(best) != joined(name) and _begins(best, name)
            return Found(name, where, 0.9) if longer else Found(best, "h1", 0.95)
    return None


def _begins(heading: str, name: str) -> bool:
    """Whether the heading is that title and an addition in brackets or after a sign."""
    return heading.casefold().startswith(name.casefold()) and heading[len(name) :].lstrip()[:1] in _ADDED


def parts_of(title: str) -> list[str]:
    """The parts of a title between its bars and dashes."""
    return _HARD_SEPARATOR.split(title)


def _first_part(name: str) -> str:
    """What stands before the first bar, where that is more than a word."""
    before = name.partition("|")[0].rstrip()
    return before if len(before.split()) > 1 else name


def _heading_in_part(headings: Sequence[str], names: Sequence[str]) -> str | None:
    """The heading that is one part of `Site | Headline`, or says at length what that part says in short."""
    parts = [part for name in names for part in _SEPARATOR.split(name)]
    exact = {joined(part) for part in parts}
    if same := next((heading for heading in headings if joined(heading) in exact), None):
        return same
    many = [words for part in parts if len(words := _words(part)) > 1]
    return next((h for h in headings if any(len(words & _words(h)) * 5 >= len(words) * 4 for words in many)), None)


def _longest_part(name: str) -> str:
    """The part with most words, the first of such: a title tag without anything beside it often ends with the site."""
    return max(_HARD_SEPARATOR.split(name), key=lambda part: len(_WORD.findall(part)))


def _likeness(one: str, other: str) -> float:
    """Jaccard's index of the words."""
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / max(1, len(mine | theirs))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def joined(text: str) -> str:
    """The letters and digits of a text alone, in small letters; what two spellings of one name share."""
    return "".join(_WORD.findall(text.casefold()))


def _without_site(title: str, sites: Sequence[str]) -> str:
    """The title without parts at its ends that name the site; empty where there is nothing else."""
    if joined(title) in sites or joined(title) in _FRONT:
        return ""
    parts = _HARD_SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    if _names_site(parts[-1], sites):
        return _without_site(title[: title.rindex(parts[-1])].rstrip(_BETWEEN), sites)
    if joined(parts[0]) in sites:
        return _without_site(title[title.index(parts[0]) + len(parts[0]) :].lstrip(_BETWEEN), sites)
    return title


def _names_site(part: str, sites: Sequence[str]) -> bool:
    """Whether a part of a title is the site's name, a piece of it, or that with a word or two more."""
    words = joined(part)
    few = len(part.split()) <= _SITE_WORDS
    return any(
        words == site
        or (few and len(words) > 3 and words in site)
        or (len(site) > 2 and site in words and (few and len(words) - len(site) <= _SITE_MORE))
        for site in sites
    )
