"""What tells a line of a story from what its site put between or behind the paragraphs, as numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import log1p
from typing import Final
from urllib.parse import urlsplit

from workers.clean.byline import BY
from workers.clean.days import day_in
from workers.clean.line import Line
from workers.clean.phrases import opens_related
from workers.clean.reasons import DropReason
from workers.clean.story import score_by_shape, tells_menus_by_links
from workers.clean.verdicts import Verdict

NAMES: Final = (
    *("words", "ends", "capitals", "commas", "digits", "item", "heading", "invites"),
    *("names_site", "site_named_near", "from_start", "to_end", "words_before", "prose_before", "prose_after"),
    *("indent", "least_indent", "score", "fall", "deepest_fall", "longest_gap", "prose_from_middle"),
    *("bylines_between", "others_between", "boilerplate_between"),
)
_BOILERPLATE: Final = -20.0
_SAID: Final[frozenset[DropReason | None]] = frozenset({"boilerplate", "consent", "subscription", "share"})
_FAR: Final = 40
_MIDDLE: Final = 4
_NEAR: Final = 2
_NAME_LETTERS: Final = 4
_BYLINE_WORDS: Final = 25
_DIGITS: Final = "0123456789"
_INVITES = re.compile(
    r"(?:- )?(?:get|learn|read|see|view|find|discover|explore|join|sign|subscribe|download|click|contact|share|follow"
    r"|start|try|book|call|check|shop|browse|visit|search|watch|listen|buy|order|request|schedule|log|create|enter"
    r"|add|save|want|ready|looking|need|let|don)\b",
    re.IGNORECASE,
)
"""What a line begins with that wants its reader to do something."""
_COMMON_NAMES: Final = frozenset({"www", "blog", "blogs", "news"})


def rows(verdicts: Sequence[Verdict], url: str | None) -> list[list[float]]:
    """A row for each line, in the order of NAMES.

    Args:
        verdicts: the lines from the first to the last that the rules keep, with what the rules say of them.
        url: the page's address, which tells the site's name.
    """
    lines = [verdict.line for verdict in verdicts]
    repeats = Counter(line.text for line in lines)
    among = tells_menus_by_links(lines)
    said = [verdict.reason in _SAID for verdict in verdicts]
    scores = [
        _BOILERPLATE if says else max(_BOILERPLATE, score_by_shape(line, repeats[line.text], among_links=among))
        for line, says in zip(lines, said, strict=True)
    ]
    prose = _summed(line.words if line.is_prose else 0 for line in lines)
    words = _summed(line.words for line in lines)
    name = _site_name(url)
    named = _summed(bool(name) and name in line.text.lower().replace(" ", "") for line in lines)
    between = (map(_tells_when, lines), map(_opens_others, lines), said)
    way = _Way(lines, scores, prose, [_summed(each) for each in between])
    made: list[list[float]] = []
    for place, line in enumerate(lines):
        row: list[float] = [*_own(line), named[place + 1] - named[place]]
        row.append(named[min(len(lines), place + _NEAR + 1)] - named[max(0, place - _NEAR)])
        row += (min(_FAR, place), min(_FAR, len(lines) - 1 - place), log1p(words[place]))
        row += (log1p(prose[place]), log1p(prose[-1] - prose[place + 1]))
        row += way.row(place)
        made.append(row)
    return made


def _own(line: Line) -> tuple[float, ...]:
    text, parts = line.text, line.text.split()
    capitals = sum(1 for part in parts if part[0].isupper()) / (len(parts) or 1)
    digits = sum(map(text.count, _DIGITS)) / (len(text) or 1)
    commas = (text.count(",") + text.count("、") + text.count("\uff0c")) / (line.words or 1)
    shapes = (line.shape == "item", line.shape == "heading")
    return line.words, line.ends, capitals, commas, digits, *shapes, _INVITES.match(text) is not None


def _tells_when(line: Line) -> bool:
    """Whether a short line names a writer or a day."""
    if line.words > _BYLINE_WORDS or line.is_prose:
        return False
    text = line.bare
    return bool(BY.match(text) or (any(map(text.__contains__, _DIGITS)) and day_in(text)))


def _opens_others(line: Line) -> bool:
    return opens_related(line.bare)


class _Way:
    """What lies on the way from the middle of the story, where its prose is densest, to a line."""

    def __init__(
        self, lines: Sequence[Line], scores: Sequence[float], prose: Sequence[int], between: Sequence[Sequence[int]]
    ) -> None:
        self._lines, self._scores, self._prose, self._between = lines, scores, prose, between
        self._indents = _indents(lines)
        self._middle = max(range(len(lines)), key=self._density, default=0)
        self._walked = [(0, 0.0, 0.0, 0)] * len(lines)
        self._walk(range(self._middle + 1, len(lines)))
        self._walk(range(self._middle - 1, -1, -1))

    def row(self, place: int) -> list[float]:
        """Indents, scores and counts from the middle to a line."""
        first, last = sorted((place, self._middle))
        least, fall, deepest, gap = self._walked[place]
        row: list[float] = [self._indents[place], least, self._scores[place], fall, deepest, gap]
        row.append(self._prose[last] - self._prose[first])
        row += (sums[last] - sums[first] for sums in self._between)
        return row

    def _density(self, place: int) -> int:
        if not self._is_prose(place):
            return 0
        return self._prose[min(len(self._lines), place + _MIDDLE + 1)] - self._prose[max(0, place - _MIDDLE)]

    def _is_prose(self, place: int) -> bool:
        return self._prose[place + 1] > self._prose[place]

    def _walk(self, places: range) -> None:
        """The least indent on the way, how far the sum of scores falls, and the longest run without prose."""
        top = total = deepest = 0.0
        least = gap = longest = 0
        for place in places:
            total += self._scores[place]
            top = max(top, total)
            deepest = max(deepest, top - total)
            least = min(least, self._indents[place])
            gap = 0 if self._is_prose(place) else gap + 1
            longest = max(longest, gap)
            self._walked[place] = (least, top - total, deepest, longest)


def _summed(values: Iterable[int]) -> list[int]:
    """Before each value the sum of those over it; at the end the sum of all."""
    return list(accumulate(values, initial=0))


def _indents(lines: Sequence[Line]) -> list[int]:
    """How much further each line is indented than most of the prose: some dumps indent as deep as an element stands."""
    indents = [len(line.raw) - len(line.raw.lstrip(" \t")) for line in lines]
    words: Counter[int] = Counter()
    for line, indent in zip(lines, indents, strict=True):
        words[indent] += line.words if line.is_prose else 0
    usual = words.most_common(1)[0][0] if words else 0
    return [indent - usual for indent in indents]


def _site_name(url: str | None) -> str:
    """The longest part of the host, as a site is often called so; empty where it is too short to be told from words."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    parts = [part for part in host.split(".")[:-1] if part not in _COMMON_NAMES]
    name = max(parts, key=len, default="").replace("-", "")
    return name if len(name) >= _NAME_LETTERS else ""
