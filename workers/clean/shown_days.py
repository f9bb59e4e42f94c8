"""The days that a page shows: by its headline, in what is marked as a date, in a thread's first posting."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

from workers.clean.day_words import CHANGED, DATED, OF_OTHERS, OF_SOMEBODY, READING, TELLING
from workers.clean.days import SLASHED, Day, as_shown, day_in, places_of_days, read_day
from workers.clean.declared_days import FoundDay
from workers.clean.elsewhere import is_anothers, is_over_all
from workers.clean.facts import Facts
from workers.clean.order_of_days import order_of
from workers.clean.under_headline import MOMENTS, SHORT, Near, day_of

_HOLDERS: Final = XPath(
    "(//time | //*[contains(@class, 'date') or contains(@class, 'Date') or contains(@class, 'publish')"
    " or contains(@class, 'posted') or contains(@id, 'date') or contains(@class, 'timestamp')"
    " or contains(@class, 'entry-meta') or contains(@class, 'post-meta') or contains(@class, 'postmeta')])"
)
_MOST_HOLDERS: Final = 40
_HOLDING: Final = re.compile(r"(?<![a-z])date|Date|publish|posted|timestamp|meta")
_TIMES: Final = XPath(
    "//time[@datetime][normalize-space()]"
    " | //*[contains(name(), 'time') and not(self::time) and (@datetime or @ts)]"
    " | //*[@data-time or @data-timestamp or @created-timestamp]"
    " | //*[contains(@class, 'date') or contains(@class, 'Date') or contains(@class, 'timeago')"
    " or contains(@class, 'relativetime') or @class='age'][@title]"
)
_TIMED: Final = ("created-timestamp", *MOMENTS)
_LABEL: Final = 30
"""Characters before a day that tell of what it is."""
_BESIDE: Final = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b,?|\b(?:at|um|à|alle)\b|\b\d{1,2}[:.h]\d\d(?::\d\d)?\s?(?:[ap]\.?m\b\.?)?"
    r"|(?<=\d)\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
"""A weekday and a clock beside a day."""
_ALONE: Final = 4
"""Words of a text that is nothing but a day."""


def first_of_thread(tree: HtmlElement) -> FoundDay | None:
    """The first moment that a thread shows: its first posting's."""
    for element in _TIMES(tree)[:3]:
        for name in _TIMED:
            if (value := element.get(name)) and (day := read_day(value)):
                return FoundDay(as_shown(day, day_in(" ".join(islice(element.itertext(), 5)))), "time", 0.7)
    return None


def held(facts: Facts, headline: HtmlElement | None) -> FoundDay | None:
    """The first day in an element whose marks say that it holds one."""
    holders = (each for each in _HOLDERS(facts.tree) if each.tag == "time" or _HOLDING.search(_marks(each)))
    for element in islice(holders, _MOST_HOLDERS):
        line = " ".join(" ".join(element.itertext()).split())
        told = CHANGED.search(f"{_before(element)[-_LABEL:]} {line}")
        if told or len(line.split()) > SHORT or OF_OTHERS.search(_lineage(element)):
            continue
        day = _day_of(element, line, facts)
        if day and not is_anothers(element, headline) and not is_over_all(element, headline):
            return FoundDay(day, "byline", 0.5)
    return None


def _before(element: HtmlElement) -> str:
    """The text right before an element, where it stands in the same line or box."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is None:
        return (parent.text or "") if parent is not None else ""
    return (previous.tail or "").strip() or " ".join("".join(previous.itertext()).split())


def _day_of(element: HtmlElement, line: str, facts: Facts) -> Day | None:
    given = element.get("datetime") if element.tag == "time" else None
    if given and (day := read_day(given)):
        return as_shown(day, day_in(line))
    return day_in(line, order_of(facts)) if SLASHED.search(line) else day_in(line)


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _lineage(element: HtmlElement) -> str:
    """The classes of an element and of what it stands in, six levels up."""
    above = islice(element.iterancestors(), 6)
    return " ".join(f"{_marks(each)} {each.tag}" for each in (element, *above))


def by_headline(near: Sequence[Near], *, certain: bool) -> FoundDay | None:
    """The first day that stands alone in a short text, or in a time tag, and is not that of a change."""
    for text, day, changed in _days_near(near):
        if changed or OF_OTHERS.search(text.marks):
            continue
        where = "time" if text.element.tag == "time" or not day_in(text.text, text.order) else "byline"
        told = TELLING.search(text.text) or CHANGED.search(text.text) or READING.search(text.text)
        if (
            certain
            or where == "time"
            or told
            or DATED.search(text.marks)
            or len(_BESIDE.sub(" ", text.text).split()) <= _ALONE
        ):
            return FoundDay(day, where, 0.8 if certain else 0.6)
    return None


def changed_by_headline(near: Sequence[Near]) -> FoundDay | None:
    """The day of the last change, where no other is shown."""
    return next((FoundDay(day, "updated", 0.4) for _, day, changed in _days_near(near) if changed), None)


def _days_near(near: Sequence[Near]) -> Iterator[tuple[Near, Day, bool]]:
    """Each text that holds a day, the day, and whether what stands before it tells of a change."""
    label = ""
    for text in near:
        if not (first_day := day_of(text)):
            label = text.text
            continue
        several = list(places_of_days(text.text, text.order)) if text.element.tag != "time" else []
        if len(several) < 2:
            before = f"{label[-_LABEL:]} {text.text}"
            if not OF_SOMEBODY.search(before):
                yield text, first_day, bool(CHANGED.search(before)) or "modified" in text.marks
        else:
            ends = [0, *(each.end for each in several)]
            labels = [text.text[end : each.start] for end, each in zip(ends, several, strict=False)]
            yield from (
                (text, each.day, bool(CHANGED.search(label)))
                for label, each in zip(labels, several, strict=True)
                if not OF_SOMEBODY.search(label)
            )
        label = ""
