"""The days that a page declares: meta tags, JSON-LD, microdata, its address and the data of its own program."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from workers.clean.days import Day, never_set, read_day
from workers.clean.facts import Facts
from workers.clean.meta_tags import first
from workers.clean.months import month_of

_TAGS: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article.published",
    "article:published",
    "article:post_date",
    "article:published_date",
    "article:publicationdate",
    "article.created",
    "og:publish_date",
    "og:pubdate",
    "og:question:published_time",
    "datepublished",
    "rnews:datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "bt:pubdate",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published-date",
    "publication_date",
    "published",
    "published_time",
    "published_date",
    "publisheddate",
    "publish_time",
    "date_published",
    "dateposted",
    "rbpubdate",
    "originalpublicationdate",
    "mediator_published_time",
    "shareaholic:article_published_time",
    "dcsext.articlefirstpublished",
    "citation_online_date",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date.publication",
    "dc.created",
    "dcterms.date",
    "dc.date",
    "date",
    "article_date_original",
    "original-publish-date",
    "timestamp",
    "datecreated",
    "date_created",
    "displaydate",
    "ptime",
)
_CHANGED_TAGS: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
)
_ITEMPROP: Final = XPath(
    "//*[@itemprop='datePublished' or @property='datePublished']"
    "[not(ancestor::*[@itemprop='comment' or @itemprop='review'])]"
)
_IN_PATH: Final = (
    re.compile(r"/(?P<y>(?:19|20)\d{2})[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})(?=[/_.-]|$)"),
    re.compile(r"/(?P<y>(?:19|20)\d{2})/(?P<m>[a-z]{3})/(?P<d>\d{1,2})(?=/|$)"),
    re.compile(r"[/_-](?P<y>(?:199|20[0-3])\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
)
_IN_SCRIPT: Final = re.compile(
    r"""\\?["'](?:datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|publicationDate|pubDate"""
    r"""|publish_time|published_time|firstPublished|first_published_at|post_date|postDate)\\?["']\s*:\s*\\?["'](\d{4}-\d{2}-\d{2}[^"'\\]{0,20})"""
)
_LONGEST_SCRIPT: Final = 1_500_000
UNBELIEVABLE: Final = 0.1
"""Confidence of a declared day that cannot be."""


class FoundDay(NamedTuple):
    """A day with its evidence."""

    day: Day
    found_in: str
    confidence: float


def of_tags(facts: Facts) -> FoundDay | None:
    """The day of the meta tags."""
    return _found(first(facts.tags, _TAGS), "meta", 0.95)


def of_story(facts: Facts, name: str, confidence: float) -> FoundDay | None:
    """A day of the article, posting or question that the page declares; `name` is the property's."""
    return _found((facts.story or {}).get(name), "json-ld", confidence)


def of_page(facts: Facts) -> FoundDay | None:
    """The day of the page itself, which most systems take from its template."""
    return _found(next(iter(facts.things.pages), {}).get("datePublished"), "json-ld", 0.6)


def of_change(facts: Facts) -> Iterator[FoundDay | None]:
    """The days of the last change that the page declares."""
    yield _found((facts.story or {}).get("dateModified"), "updated", 0.3)
    yield _found(first(facts.tags, _CHANGED_TAGS), "updated", 0.3)


def of_clock_never_set(facts: Facts) -> FoundDay | None:
    """A declared day that is the first one of a clock; it is told on, so that it can be refused with its reason."""
    said = [(first(facts.tags, _TAGS), "meta"), ((facts.story or {}).get("datePublished"), "json-ld")]
    return next(
        (
            FoundDay(Day("1970-01-01"), where, UNBELIEVABLE)
            for value, where in said
            if isinstance(value, str) and never_set(value)
        ),
        None,
    )


def of_microdata(tree: HtmlElement) -> FoundDay | None:
    """The day that is marked as the one of publication in the text."""
    for element in _ITEMPROP(tree)[:3]:
        value = element.get("datetime") or element.get("content") or " ".join(element.itertext())
        if found := _found(value, "microdata", 0.85):
            return found
    return None


def in_path(url: str | None) -> FoundDay | None:
    """The day in an address."""
    for shape in _IN_PATH:
        if match := shape.search(url or ""):
            month = match["m"] if match["m"].isdigit() else str(month_of(match["m"]) or 0)
            if found := _found(f"{match['y']}-{month.zfill(2)}-{match['d'].zfill(2)}", "url", 0.9):
                return found
    return None


def in_scripts(tree: HtmlElement) -> FoundDay | None:
    """A day in the data that a page's own program was handed, where all that stands there is one."""
    left, days = _LONGEST_SCRIPT, set[Day]()
    for script in tree.iter("script"):
        text = script.text or ""
        left -= len(text)
        if left < 0:
            break
        days.update(day for match in _IN_SCRIPT.finditer(text) if (day := read_day(match[1])))
    alike = {day.day for day in days}
    return FoundDay(min(days), "script", 0.6) if len(alike) == 1 else None


def _found(value: object, where: str, confidence: float) -> FoundDay | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    day = read_day(value) if isinstance(value, str) else None
    return FoundDay(day, where, confidence) if day else None
