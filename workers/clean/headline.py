"""Which line of a text page is its headline."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from workers.clean.byline import is_byline
from workers.clean.explain import by_words
from workers.clean.line import WORDED, Line
from workers.clean.page_shape import Extent
from workers.clean.title_table import TitleTable, read_title_table

_ABOVE: Final = 15
"""Lines over the story in which its headline is looked for."""
_HEADLINE_WORDS: Final = range(2, 31)
_OVER_STORY_WORDS: Final = range(4, 21)
_LITTLE: Final = 6
"""Lines over a story that are no more than a page's own."""
_ALIKE: Final = 0.3
_ALIKE_ADDRESS: Final = 0.5
_HIGH: Final = 2
_SAID_OFTEN: Final = 3
_TWO_SENTENCES = re.compile(r"\w{2}[.!?\u3002\uff01\uff1f] ?\S")
_WORD = re.compile(r"\w+")
_TRAIL = re.compile(r"\s[\u203a»>→/|]\s")
_TRAIL_BEGINS = re.compile(r"(?:home|start(?:seite)?|accueil|inicio)\s*[\u203a»>→/|]", re.IGNORECASE)
_COUNTER = re.compile(
    r"\b\d[\d.,]*k? (?:posts?|comments?|views?|replies|reviews?|ratings?|results?|items?|shares?|likes?)\b"
    r"|\bpage \d+ (?:of|/) \d+|[★☆]{2}",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"[$€£¥₹]\s?\d|\d\s?[€£¥₹]|\b(?:free (?:delivery|shipping|trial|returns)|\d+ ?% off|discount|coupon|limited[- ]time"
    r"|log ?in|sign (?:in|up)|forgot (?:your )?password|what are you looking for)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[^\W\d][\w -]{0,30}:\s+\S{1,20}$")
_ADDRESS_WORDS = re.compile(r"[^\W_]+")
_NUMBER_OF_PAGE = re.compile(r"\d{5,}")


class Declared(NamedTuple):
    """What a page's fields and its address say of it."""

    title: str | None = None
    description: str | None = None
    url: str | None = None


def find_headline(
    lines: Sequence[Line], found: Extent, first_prose: int, declared: Declared, table: TitleTable | None = None
) -> int | None:
    """The place of the headline: in the story's first lines, or over it.

    What the page's fields call it decides; then the heading that the page opens with; then the words of its address;
    then a heading over the story, and a table of what lines look like, where they stand and what they speak of.

    Args:
        lines: the page's lines.
        found: which of them are the story; nothing but a document's opening can be its headline.
        first_prose: the story's first line of prose.
        declared: the title that the page's fields give, and its address.
        table: of weights; None for the one that is shipped.
    """
    story, whole = found.story, found.kind == "document"
    if declared.title:
        return _likest(lines, story, declared.title, _ALIKE)
    opening = _opening(lines)
    if opening is not None and (whole or lines[opening].level == 1):
        return opening
    words = words_of(declared.url)
    address = _likest(lines, story, words, _ALIKE_ADDRESS) if words else None
    if address is not None or opening is not None:
        return opening if address is None else address
    place = _guessed(lines, found, first_prose, words, table)
    return place if not whole or place == _first_words(lines) else None


@cache
def _shipped() -> TitleTable:
    return read_title_table()


def likeness(one: str, other: str) -> float:
    """Jaccard's index of the words."""
    mine, theirs = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    return len(mine & theirs) / max(1, len(mine | theirs))


def has_prose_after(lines: Sequence[Line], place: int) -> bool:
    """Whether the story may begin under a line."""
    return any(line.is_prose for line in lines[place + 1 : place + _ABOVE])


def _likest(lines: Sequence[Line], story: range, title: str, least: float) -> int | None:
    """The line down to the story's beginning that has most words in common with a title."""
    down = range(min(story.start + 3, len(lines)))
    alike = [(likeness(lines[place].text, title), lines[place].shape == "heading", place) for place in down]
    ranked = sorted((each for each in alike if each[0] >= least), reverse=True)
    return next((place for _, _, place in ranked if _could_be_title(lines[place])), None)


def words_of(url: str | None) -> str | None:
    """The words that the last part of an address is made of; None where it is no title."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    last = next((part for part in reversed(unquote(path).split("/")) if "-" in part or "_" in part), "")
    words = _ADDRESS_WORDS.findall(last.rsplit(".", 1)[0])
    words = [word for word in words if not _NUMBER_OF_PAGE.fullmatch(word)]
    return " ".join(words) if len(words) >= _HEADLINE_WORDS.start else None


def _opening(lines: Sequence[Line]) -> int | None:
    """The heading that the page opens with, where no other one is as high; a first one of the highest level is it."""
    place = _first_words(lines)
    if place is None or lines[place].shape != "heading" or not _could_be_title(lines[place]):
        return None
    level = lines[place].level
    others = (line.level for line in lines[place + 1 :] if line.shape == "heading")
    return place if level == 1 or all(other > level for other in others) else None


def _guessed(
    lines: Sequence[Line], found: Extent, first: int, address: str | None, table: TitleTable | None
) -> int | None:
    """By the page's headings and its trail; by the table; then what stands over a story with little else around it."""
    for guess in (
        partial(_heading_over, lines, first),
        partial(_named_by_trail, lines, first),
        partial((table or _shipped()).likeliest, lines, found, address),
        partial(_over_story, lines, first),
        partial(_one_word, lines),
    ):
        if (place := guess()) is not None:
            return place
    return None


def _heading_over(lines: Sequence[Line], first: int) -> int | None:
    """The only heading of the first level; else the highest one right over the story.

    That is of the first level, or of the second where the page opens with it.
    """
    top = [place for place, line in enumerate(lines) if line.shape == "heading" and line.level == 1]
    if len(top) == 1 and _could_be_title(lines[top[0]]):
        return top[0]
    window = range(max(0, first - _ABOVE), min(first + 1, len(lines)))
    headings = [place for place in window if lines[place].shape == "heading" and _could_be_title(lines[place])]
    best = min(headings, key=lambda place: (lines[place].level, -place), default=None)
    if best is None:
        return None
    level = lines[best].level
    return best if level == 1 or (level == _HIGH and best == _first_words(lines)) else None


def _named_by_trail(lines: Sequence[Line], first: int) -> int | None:
    """The line over the story that holds the last step of a trail such as `Home > Bags > Trailhead`, which names it."""
    trails = [
        place
        for place, line in enumerate(lines[:first])
        if _TRAIL_BEGINS.match(line.text) or len(_TRAIL.findall(line.text)) > 1
    ]
    if not trails:
        return None
    last = set(_WORD.findall(_TRAIL.split(lines[trails[-1]].text)[-1].lower()))
    under = range(trails[-1] + 1, min(first + 1, trails[-1] + 1 + _ABOVE))
    named = (place for place in under if last and last <= set(_WORD.findall(lines[place].text.lower())))
    return next((place for place in named if lines[place].shape == "text" and _could_be_title(lines[place])), None)


def _over_story(lines: Sequence[Line], first: int) -> int | None:
    """The line right over the story, but for bylines and what is of the site, on a page with little else over it."""
    place = next(
        (at for at in range(first - 1, -1, -1) if not (is_byline(lines[at]) or is_of_the_site(lines[at].text))), None
    )
    if place is None or place >= _LITTLE or lines[place].shape != "text" or lines[place].link_share > 0:
        return None
    return place if lines[place].words in _OVER_STORY_WORDS and _could_be_title(lines[place]) else None


def _one_word(lines: Sequence[Line]) -> int | None:
    """A single word is a headline where the page begins with it, and prose stands under it after a blank line."""
    place = _first_words(lines)
    if place is None or place + 1 >= len(lines):
        return None
    line, below = lines[place], lines[place + 1]
    alone = line.shape == "text" and line.words == 1 and not line.ends and line.link_share == 0
    return place if alone and below.after_blank and below.is_prose else None


def _could_be_title(line: Line) -> bool:
    if line.shape == "heading":
        return 0 < line.words < _HEADLINE_WORDS.stop and line.link_share <= 0.5
    if line.shape != "text" or line.words not in _HEADLINE_WORDS or line.link_share > 0.5 or line.quoted:
        return False
    if line.text.endswith((".", ":", ";", ",", "。", "।")) or _TWO_SENTENCES.search(line.text):
        return False
    return not (is_byline(line) or is_of_the_site(line.text))


def is_of_the_site(text: str) -> bool:
    """Whether a line is a trail, a counter, an offer, a field or a row of links, as sites have them over a story."""
    if by_words(text) or _COUNTER.search(text) or _PROMOTION.search(text) or _FIELD.match(text):
        return True
    said = Counter(_WORD.findall(text.lower()))
    often = max((times for word, times in said.items() if word.isalpha() and len(word) > 3), default=0)
    return len(_TRAIL.findall(text)) > 1 or bool(_TRAIL_BEGINS.match(text)) or often >= _SAID_OFTEN


def _first_words(lines: Sequence[Line]) -> int | None:
    """The first line that has words and is no link."""
    return next((place for place, line in enumerate(lines) if line.shape in WORDED and line.link_share <= 0.5), None)
