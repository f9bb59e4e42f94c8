"""Who, when and where of an HTML page, each with its evidence."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from lxml.html import HtmlElement

from shared.models.clean_page import Evidence
from shared.urls import registered_domain
from workers.clean.addresses import absolute, base_of
from workers.clean.authors import FoundNames, read_authors
from workers.clean.declared_days import FoundDay
from workers.clean.facts import Facts, read_facts
from workers.clean.headings import heading_text, site_headings
from workers.clean.json_ld import text_of, types_of
from workers.clean.meta_tags import first, tidy
from workers.clean.order_of_days import ordered
from workers.clean.published import read_published
from workers.clean.title import Found, choose_title, joined, parts_of
from workers.clean.under_headline import texts_near

__all__ = ["Metadata", "read_metadata", "tidy"]
_T = TypeVar("_T")
_LONGEST_TITLE: Final = 1_000
_LONGEST_NAME: Final = 200
_WEAK: Final = 0.6
"""Confidence of names that are found anywhere on the page; a list of stories has some, too."""
_MOST_HEADINGS: Final = 10
_MOST_HEADINGS_READ: Final = 40
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_\s,;].*)?\s*")
_TITLE_TAGS: Final = (
    "og:title",
    "twitter:title",
    "headline",
    "parsely-title",
    "sailthru.title",
    "citation_title",
    "dc.title",
    "title",
)
_SITE_TAGS: Final = ("og:site_name", "application-name", "dc.publisher", "publisher", "apple-mobile-web-app-title")
_DESCRIPTION_TAGS: Final = ("description", "og:description", "twitter:description", "dc.description")
_IMAGE_TAGS: Final = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image")
_LANGUAGE_TAGS: Final = ("og:locale", "content-language", "language")
_PUBLISHING: Final = {"website", "newsmediaorganization", "organization", "corporation", "onlinestore"}
_TITLE_END = re.compile(r".*\S\s+[|\u2013—•-]\s+(\S.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself; None and () where it does not say."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    language_hint: str | None = None
    description: str | None = None
    image: str | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)


def read_metadata(tree: HtmlElement, url: str | None, fetched_at: datetime, *, search_body: bool) -> Metadata:
    """Reads the fields of a page.

    Args:
        tree: the page.
        url: its address.
        fetched_at: no date after it is believed.
        search_body: whether authors and dates may be searched for outside the head, which costs walks over the page.
    """
    base = base_of(tree, url)
    link = _canonical_link(tree, base)
    facts = read_facts(tree, url, link)
    site = _site_name(facts)
    title, houses = _title(facts, _houses(facts, site))
    headline = _headline(facts, title.value if title else None) if search_body else None
    authors, day = _written(facts, headline, houses, fetched_at)
    return Metadata(
        title=title.value if title else None,
        authors=authors.names if authors else (),
        published=day.day.text if day else None,
        site_name=site.value if site else None,
        canonical_url=link or absolute(base, first(facts.tags, ("og:url",))),
        language_hint=(language := _language(tree, facts)) and language.value,
        description=tidy(first(facts.tags, _DESCRIPTION_TAGS)),
        image=_image(facts, base),
        evidence=_evidence(facts, link, base, title=title, site_name=site, language_hint=language)
        | ({"authors": Evidence(found_in=authors.found_in, confidence=authors.confidence)} if authors else {})
        | ({"published": _day_evidence(day)} if day else {}),
    )


def _tried(read: Callable[[], _T]) -> _T | None:
    """What a reader gives; where it stumbles over what a page says, a field is lost and not the page."""
    try:
        return read()
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError, RecursionError):
        return None


def _written(
    facts: Facts, headline: HtmlElement | None, houses: list[str], fetched_at: datetime
) -> tuple[FoundNames | None, FoundDay | None]:
    """Writers and day: each makes weaker signs of the other believable."""
    near = [] if headline is None else texts_near(headline, story=facts.is_story or facts.is_thread)
    near = ordered(near, facts)
    authors = _tried(lambda: read_authors(facts, near, headline, houses, dated=False))
    written = authors is not None and authors.confidence > _WEAK
    day = _tried(lambda: read_published(facts, near, headline, fetched_at, written=written))
    if authors is None and day is not None:
        authors = _tried(lambda: read_authors(facts, near, headline, houses, dated=True))
    if authors:
        names = tuple(name for each in authors.names if (name := tidy(each, _LONGEST_NAME)))
        authors = authors._replace(names=names) if names else None
    return authors, day


def _headline(facts: Facts, title: str | None) -> HtmlElement | None:
    """The heading that is the title; the first one of the first level where none is."""
    wanted = (title or "").casefold()
    for heading in islice(facts.tree.iter("h1", "h2", "h3", "h4"), _MOST_HEADINGS_READ):
        if wanted and (text := _text_of(heading)) and wanted in text.casefold():
            return heading
    return next((each for each in facts.tree.iter("h1") if _text_of(each)), None)


def _title(facts: Facts, houses: list[str]) -> tuple[Found | None, list[str]]:
    """The headline, and what the site may be called, with the headings that name it."""
    tag = facts.title_tag
    story = facts.story or {}
    declared = [
        (tidy(text_of(story.get("headline") or story.get("name")), _LONGEST_TITLE), "json-ld"),
        *((tidy(facts.tags[name][0], _LONGEST_TITLE), "meta") for name in _TITLE_TAGS if name in facts.tags),
    ]
    given = [(name, where) for name, where in declared if name]
    over_all = (
        []
        if facts.is_front
        else site_headings(facts.tree, tag, [name for name, _ in given], facts.url or facts.canonical)
    )
    houses = [*houses, *map(heading_text, over_all)]
    shown = [each for each in islice(facts.tree.iter("h1"), _MOST_HEADINGS) if each not in over_all]
    if over_all:  # then the headline is often one of a lower level, which the title tag has as a part
        parts = {joined(part) for part in parts_of(tag or "")}
        lower = islice(facts.tree.iter("h2", "h3"), _MOST_HEADINGS)
        shown += [each for each in lower if joined(heading_text(each)) in parts]
    headings = [text for heading in shown if (text := _text_of(heading))]
    return choose_title(given, tag, headings, houses, story=facts.is_story or facts.is_thread), houses


def _text_of(heading: HtmlElement) -> str | None:
    return tidy(heading_text(heading), _LONGEST_TITLE)


def _houses(facts: Facts, site: Found | None) -> list[str]:
    """What the site may be called: its name, those who publish there, and its domain without the suffix."""
    names = [site.value] if site and site.found_in != "title" else []
    names += [
        name for each in facts.things.all if types_of(each) & _PUBLISHING and (name := text_of(each.get("name")))
    ][:5]
    domain = registered_domain(facts.url or facts.canonical)
    return [*names, *([domain, domain.partition(".")[0]] if domain else [])]


def _site_name(facts: Facts) -> Found | None:
    name = tidy(first(facts.tags, _SITE_TAGS[:2]), _LONGEST_NAME)
    if name and "://" not in name:
        return Found(name.lstrip("@"), "meta", 0.9) if name.lstrip("@") else None
    story = facts.story or {}
    publisher = next(iter(facts.things.follow(story.get("publisher"))), None)
    sites = [publisher, *(each for each in facts.things.all if "website" in types_of(each))]
    if named := next(
        (name for each in sites if (name := tidy(text_of(each), _LONGEST_NAME)) and "://" not in name), None
    ):
        return Found(named, "json-ld", 0.85)
    if (name := tidy(first(facts.tags, _SITE_TAGS[2:]), _LONGEST_NAME)) and "://" not in name:
        return Found(name, "meta", 0.7)
    title = facts.title_tag or ""
    domain = joined((registered_domain(facts.url or facts.canonical) or "").split(".")[0])
    if own := next((part for part in parts_of(title) if domain and joined(part) == domain), None):
        return Found(own, "title", 0.6)
    end = _TITLE_END.match(title)
    return Found(end[1], "title", 0.5) if end and joined(end[1]) and len(end[1].split()) < 7 else None


def _canonical_link(tree: HtmlElement, base: str | None) -> str | None:
    for link in tree.iterfind(".//link[@rel][@href]"):
        if "canonical" in link.get("rel").lower().split() and (canonical := absolute(base, link.get("href"))):
            return canonical
    return None


def _image(facts: Facts, base: str | None) -> str | None:
    """The picture that the page declares for itself."""
    if declared := absolute(base, first(facts.tags, _IMAGE_TAGS)):
        return declared
    given = next(iter(facts.things.follow((facts.story or {}).get("image"))), None)
    return absolute(base, given.get("url") if isinstance(given, dict) else given)


def _language(tree: HtmlElement, facts: Facts) -> Found | None:
    root = tree.getroottree().getroot()
    places = [(root.get("lang"), "html"), (root.get("{http://www.w3.org/XML/1998/namespace}lang"), "html")]
    places.append((root.get("xml:lang"), "html"))
    places += [(facts.tags[name][0], "meta") for name in _LANGUAGE_TAGS if name in facts.tags]
    for value, where in places:
        if value and (language := _LANGUAGE.fullmatch(value)):
            return Found(language[1].lower(), where, 0.8 if where == "html" else 0.6)
    return None


def _evidence(facts: Facts, link: str | None, base: str | None, **found: Found | None) -> dict[str, Evidence]:
    evidence = {
        name: Evidence(found_in=each.found_in, confidence=each.confidence) for name, each in found.items() if each
    }
    if link:
        evidence["canonical_url"] = Evidence(found_in="link", confidence=0.95)
    elif "og:url" in facts.tags and absolute(base, facts.tags["og:url"][0]):
        evidence["canonical_url"] = Evidence(found_in="meta", confidence=0.8)
    return evidence


def _day_evidence(day: FoundDay) -> Evidence:
    return Evidence(found_in=day.found_in, confidence=day.confidence, zone=day.day.zone or "unknown")
