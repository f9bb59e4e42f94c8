"""When a page says it was published: its declarations first, then what stands by the headline.

Each source's confidence is about how often it gave the day that people marked, on the development part of the
labelled pages (`python -m tests.quality metadata`).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from workers.clean.days import Day, day_in, never_set, places_of_days, read_day
from workers.clean.elsewhere import is_anothers, is_over_all
from workers.clean.facts import Facts
from workers.clean.json_ld import Thing
from workers.clean.meta_tags import first
from workers.clean.under_headline import SHORT, Near, day_of

_TAGS: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article.published",
    "article:published",
    "article:post_date",
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
    "citation_online_date",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "date",
    "article_date_original",
    "original-publish-date",
    "timestamp",
)
_CHANGED_TAGS: Final = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_HOLDERS: Final = XPath(
    "(//*[contains(@class, 'date') or contains(@class, 'Date') or contains(@class, 'publish')"
    " or contains(@class, 'posted')"
    " or contains(@id, 'date') or contains(@class, 'timestamp') or contains(@class, 'entry-meta')"
    " or contains(@class, 'post-meta') or contains(@class, 'postmeta')])[position() <= 20]"
)
_ITEMPROP: Final = XPath(
    "//*[@itemprop='datePublished' or @property='datePublished']"
    "[not(ancestor::*[@itemprop='comment' or @itemprop='review'])]"
)
_TIMES: Final = XPath(
    "//time[@datetime][normalize-space()]"
    " | //*[contains(name(), 'time') and not(self::time) and @datetime]"
    " | //*[@data-time or @data-timestamp]"
    " | //*[contains(@class, 'date') or contains(@class, 'Date') or contains(@class, 'timeago')][@title]"
)
_TIMED: Final = ("datetime", "data-time", "data-timestamp", "title")
"""Where the software of boards keeps the moment that it shows as `2 years ago`."""
_IN_PATH: Final = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)")
_IN_SCRIPT: Final = re.compile(
    r"""\\?["'](?:datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|publicationDate|pubDate"""
    r"""|publish_time|published_time|firstPublished|first_published_at|post_date|postDate)\\?["']\s*:\s*\\?["'](\d{4}-\d{2}-\d{2}[^"'\\]{0,20})"""
)
_LONGEST_SCRIPT: Final = 1_500_000
_DATED: Final = re.compile(r"date|publish|posted|time|byline|meta\b|info|created")
_CHANGED: Final = re.compile(
    r"updated?\b|modified|revised|reviewed|edited|last change|aktualisiert|stand:|mis à jour|actualizad|aggiornat"
    r"|обновлен|更新",
    re.IGNORECASE,
)
_OF_SOMEBODY: Final = re.compile(
    r"\b(?:joined|member since|registered|last (?:seen|visit|active)|born|beigetreten|registriert|mitglied seit|inscrit"
    r"|registrado|iscritto|lid sinds|зарегистрирован\w?|регистрация)\b|注册|註冊|登録",
    re.IGNORECASE,
)
"""A writer's own days, as boards show them beside each posting."""
_TELLING: Final = re.compile(
    r"\b(?:published|posted|veröffentlicht|erschienen|publié|publicado|pubblicato|gepubliceerd|geplaatst|opublikowan[oy]"
    r"|publicerad|publisert|udgivet|julkaistu|yay\u0131n\w*|опубликован\w?)\b|发布|發布|公開日|掲載|게시|نشر|פורסם",
    re.IGNORECASE,
)
_READING: Final = re.compile(
    r"\d\s*-?\s*min(?:ute)?s?\b|\d\s*мин|分钟|分で読|lesezeit|de lectur[ae]|di lettura|de leitura|leestijd",
    re.IGNORECASE,
)
"""How long the reading takes: it stands beside the day of a story."""
_OTHER: Final = re.compile(
    r"related|recommend|sidebar|aside|comment|\bcards?\b|footer|\bevents?\b|copyright|deadline|widget|latest|popular|teaser",
    re.IGNORECASE,
)
_DECLARING: Final = {"meta", "json-ld", "microdata"}
_UNBELIEVABLE: Final = 0.1
_ALONE: Final = 4
"""Words of a text that is nothing but a day."""


class FoundDay(NamedTuple):
    """A day with its evidence."""

    day: Day
    found_in: str
    confidence: float


def read_published(
    facts: Facts, near: Sequence[Near], headline: HtmlElement | None, fetched_at: datetime, *, written: bool
) -> FoundDay | None:
    """The first believable day among the page's own sources, the surest first.

    Where there is none, one that the page declares and that cannot be: enrichment drops it, and says why.

    Args:
        facts: what the page declares.
        near: the texts by its headline.
        headline: the heading that is its title, None where there is none.
        fetched_at: nothing is published more than a day (of time zones) after it was fetched.
        written: whether the page names who wrote it; then it has a day, too, and weaker sources are believed.
    """
    newest = (fetched_at + timedelta(days=1)).strftime("%Y-%m-%d")
    ahead: FoundDay | None = None
    for found in filter(None, _candidates(facts, near, headline, written=written)):
        if found.day.day <= newest:
            return found
        ahead = ahead or (found._replace(confidence=_UNBELIEVABLE) if found.found_in in _DECLARING else None)
    return ahead or _never_set(facts)


def _never_set(facts: Facts) -> FoundDay | None:
    said = [(first(facts.tags, _TAGS), "meta"), ((facts.story or {}).get("datePublished"), "json-ld")]
    return next(
        (
            FoundDay(Day("1970-01-01"), where, _UNBELIEVABLE)
            for value, where in said
            if isinstance(value, str) and never_set(value)
        ),
        None,
    )


def _candidates(
    facts: Facts, near: Sequence[Near], headline: HtmlElement | None, *, written: bool
) -> Iterator[FoundDay | None]:
    yield _found(first(facts.tags, _TAGS), "meta", 0.95)
    yield _of_thing(facts.story, "datePublished", 0.9)
    yield _of_thing(facts.story, "dateCreated", 0.8)
    story = facts.may_be_story or written
    if story:
        yield _itemprop(facts.tree)
    yield _by_headline(near, certain=story)
    yield _in_path(facts.url or facts.canonical)
    if facts.is_thread:
        yield _first_time(facts.tree)
    if written:
        yield _in_scripts(facts.tree)
        yield _of_thing(next(iter(facts.things.pages), None), "datePublished", 0.6)
    if written or facts.is_story:
        yield _held(facts.tree, headline)
    yield _changed(near)
    if written or facts.is_story:
        yield _found((facts.story or {}).get("dateModified"), "updated", 0.3)
        yield _found(first(facts.tags, _CHANGED_TAGS), "updated", 0.3)


def _found(value: object, where: str, confidence: float) -> FoundDay | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    day = read_day(value) if isinstance(value, str) else None
    return FoundDay(day, where, confidence) if day else None


def _of_thing(thing: Thing | None, name: str, confidence: float) -> FoundDay | None:
    return _found(thing.get(name), "json-ld", confidence) if thing else None


def _itemprop(tree: HtmlElement) -> FoundDay | None:
    for element in _ITEMPROP(tree)[:3]:
        value = element.get("datetime") or element.get("content") or " ".join(element.itertext())
        if found := _found(value, "microdata", 0.85):
            return found
    return None


def _first_time(tree: HtmlElement) -> FoundDay | None:
    """The first moment that a thread shows: its first posting's."""
    for element in _TIMES(tree)[:3]:
        for name in _TIMED:
            if found := _found(element.get(name), "time", 0.7):
                return found
    return None


def _held(tree: HtmlElement, headline: HtmlElement | None) -> FoundDay | None:
    """The first day in an element whose marks say that it holds one."""
    for element in _HOLDERS(tree):
        line = " ".join(" ".join(element.itertext()).split())
        if len(line.split()) > SHORT or _CHANGED.search(line) or _OTHER.search(_lineage(element)):
            continue
        day = day_in(line)
        if day and not is_anothers(element, headline) and not is_over_all(element, headline):
            return FoundDay(day, "byline", 0.5)
    return None


def _lineage(element: HtmlElement) -> str:
    """The classes of an element and of what it stands in, six levels up."""
    above = islice(element.iterancestors(), 6)
    return " ".join(each.get("class", "") + " " + each.get("id", "") + " " + each.tag for each in (element, *above))


def _by_headline(near: Sequence[Near], *, certain: bool) -> FoundDay | None:
    """The first day that stands alone in a short text, or in a time tag, and is not that of a change."""
    for text, day, changed in _days_near(near):
        if changed or _OTHER.search(text.marks):
            continue
        where = "time" if text.element.tag == "time" else "byline"
        told = _TELLING.search(text.text) or _CHANGED.search(text.text) or _READING.search(text.text)
        if certain or where == "time" or told or _DATED.search(text.marks) or len(text.text.split()) <= _ALONE:
            return FoundDay(day, where, 0.8 if certain else 0.6)
    return None


def _changed(near: Sequence[Near]) -> FoundDay | None:
    """The day of the last change, where no other is shown."""
    return next((FoundDay(day, "updated", 0.4) for _, day, changed in _days_near(near) if changed), None)


def _days_near(near: Sequence[Near]) -> Iterator[tuple[Near, Day, bool]]:
    """Each text that holds a day, the day, and whether what stands before it tells of a change."""
    label = ""
    for text in near:
        if not (first_day := day_of(text)):
            label = text.text
            continue
        several = list(places_of_days(text.text)) if text.element.tag != "time" else []
        if len(several) < 2:
            before = f"{label[-30:]} {text.text}"
            if not _OF_SOMEBODY.search(before):
                yield text, first_day, bool(_CHANGED.search(before)) or "modified" in text.marks
        else:
            ends = [0, *(each.end for each in several)]
            labels = [text.text[end : each.start] for end, each in zip(ends, several, strict=False)]
            yield from (
                (text, each.day, bool(_CHANGED.search(label)))
                for label, each in zip(labels, several, strict=True)
                if not _OF_SOMEBODY.search(label)
            )
        label = ""


def _in_path(url: str | None) -> FoundDay | None:
    match = _IN_PATH.search(url or "")
    return _found("-".join((match[1], match[2].zfill(2), match[3].zfill(2))), "url", 0.9) if match else None


def _in_scripts(tree: HtmlElement) -> FoundDay | None:
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
