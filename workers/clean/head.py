"""What stands over the story of a text page: headline, standfirst, byline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from workers.clean.byline import is_byline, names_in
from workers.clean.days import day_in
from workers.clean.headline import Declared, find_headline, has_prose_after, is_of_the_site, likeness
from workers.clean.line import Line
from workers.clean.page_shape import Extent

_STANDFIRST_WORDS: Final = range(6, 61)


class Head(NamedTuple):
    """Places in the lines, None where there is no such line, and what the bylines say."""

    title: int | None
    standfirst: int | None
    bylines: tuple[int, ...]
    authors: tuple[str, ...]
    published: str | None


def read_head(lines: Sequence[Line], found: Extent, declared: Declared, fetched_at: datetime) -> Head:
    """Finds the headline and what follows it up to the first paragraph.

    Args:
        lines: the page's lines.
        found: which of them are the story; the headline may stand over it or in its first lines.
        declared: what else is known of it.
        fetched_at: a day after it is not believed.
    """
    story, whole = found.story, found.kind == "document"
    prose = story.start if found.kind == "thread" else _first_prose(lines, story.start, story)
    title = find_headline(lines, found, prose, declared)
    after = story.start if title is None else title + 1
    standfirst = _standfirst(lines, after, found, declared.description) if title is not None else None
    first = max(story.start, (standfirst if standfirst is not None else after - 1) + 1)
    between = [place for place in range(after, _first_prose(lines, first, story)) if place != standfirst]
    bylines = tuple(place for place in between if _is_byline(lines[place], whole=whole))
    authors = next((names for place in bylines if (names := names_in(lines[place].text))), ())
    newest = fetched_at.strftime("%Y-%m-%d")
    days = (day_in(lines[place].text) for place in bylines)
    return Head(
        title, standfirst, bylines, authors, next((each.day for each in days if each and each.day <= newest), None)
    )


def _is_byline(line: Line, *, whole: bool) -> bool:
    """Whether a line names a writer or a day; in a document only a line of text does."""
    return is_byline(line) and (not whole or line.shape == "text")


def _first_prose(lines: Sequence[Line], first: int, story: range) -> int:
    return next((place for place in range(first, story.stop) if lines[place].is_prose), first)


def _standfirst(lines: Sequence[Line], after: int, found: Extent, description: str | None) -> int | None:
    """The line under the headline that sums the story up: no full stop at its end, or it is the page's description."""
    may_be_unsaid = found.kind == "story"
    for place in range(after, min(after + 6, found.story.stop)):
        line = lines[place]
        if (
            line.shape == "text"
            and line.words in _STANDFIRST_WORDS
            and not (is_byline(line) or is_of_the_site(line.text))
        ):
            told = bool(description) and likeness(line.text, description or "") > 0.8
            said = told or (may_be_unsaid and not line.ends)
            return place if said and has_prose_after(lines, place) else None
        if line.shape == "heading" or line.is_prose:
            return None
    return None
