"""When a page says it was published: its declarations first, then what stands by the headline.

Each source's confidence is about how often it gave the day that people marked, on the development part of the
labelled pages (`python -m tests.quality metadata`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from lxml.html import HtmlElement

from workers.clean.days import as_shown
from workers.clean.declared_days import (
    UNBELIEVABLE,
    FoundDay,
    in_path,
    in_scripts,
    of_change,
    of_clock_never_set,
    of_microdata,
    of_page,
    of_story,
    of_tags,
)
from workers.clean.facts import Facts
from workers.clean.shown_days import by_headline, changed_by_headline, first_of_thread, held
from workers.clean.under_headline import Near

_DECLARING: Final = {"meta", "json-ld", "microdata"}


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
            return _as_shown(found, near)
        ahead = ahead or (found._replace(confidence=UNBELIEVABLE) if found.found_in in _DECLARING else None)
    return ahead or of_clock_never_set(facts)


def _as_shown(found: FoundDay, near: Sequence[Near]) -> FoundDay:
    """A declared moment in UTC as the day by the headline, where the site's own zone has it on the next or the last."""
    if found.found_in not in _DECLARING or found.day.zone != "UTC":
        return found
    shown = by_headline(near, certain=True)
    return found._replace(day=as_shown(found.day, shown.day if shown else None))


def _candidates(
    facts: Facts, near: Sequence[Near], headline: HtmlElement | None, *, written: bool
) -> Iterator[FoundDay | None]:
    if facts.is_front:  # what it declares is the day of its template, and what it shows are other stories' days
        yield by_headline(near, certain=False)
        return
    yield of_tags(facts)
    yield of_story(facts, "datePublished", 0.9)
    yield of_story(facts, "dateCreated", 0.8)
    story = facts.may_be_story or written
    if story:
        yield of_microdata(facts.tree)
    yield by_headline(near, certain=story)
    yield in_path(facts.url or facts.canonical)
    if facts.is_thread:
        yield first_of_thread(facts.tree)
    if written:
        yield in_scripts(facts.tree)
        yield of_page(facts)
    if written or facts.is_story:
        yield held(facts, headline)
    yield changed_by_headline(near)
    if written or facts.is_story:
        yield from of_change(facts)
