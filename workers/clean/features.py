"""What tells a piece of a page's text from what is around it, as numbers."""

from collections import Counter
from collections.abc import Sequence
from math import log1p
from typing import Final

from workers.clean.page_facts import FACTS, PageFacts
from workers.clean.places import Place
from workers.clean.segments import Cut, Segment
from workers.clean.structure import PLACE_NAMES, Structure

OWN_NAMES: Final = (
    *("words", "link_share", "paragraph", "caption"),
    *("since_h1", "after_h1", "offset", "index", "to_prose", "heading_words", "since_heading"),
    *("around_prose", "around_links", "wide_prose", "wide_links", "before_links", "next_links"),
    *("repeats", "seen", "in_title", "is_title"),
)
NAMES: Final = (*OWN_NAMES, *PLACE_NAMES, *FACTS)
_FAR: Final = 50
_NEAR_REACH: Final = 4
_WIDE_REACH: Final = 12
_SAID_LEAST: Final = 12
_SAID_MOST: Final = 80


def rows(cut: Cut, facts: PageFacts, title: str | None) -> list[list[float]]:
    """A row for each piece of the page, in the order of NAMES.

    Args:
        cut: the page.
        facts: what it says of its kind.
        title: its title tag.
    """
    segments = cut.segments
    said = [_said(segment, facts.said) for segment in segments]
    _count_said(segments, said)
    heading = _heading(segments)
    structure = Structure(cut, segments[heading] if segments else None)
    sequence = _Sequence(segments, heading, cut.root.words or 1)
    title_words = set((title or "")[:300].lower().split())
    repeats = Counter(segment.text for segment in segments)
    seen: Counter[str] = Counter()
    made: list[list[float]] = []
    for place, segment in enumerate(segments):
        text = segment.text
        row = _own(segment)
        row += sequence.row(place)
        row += (min(10, repeats[text]), min(10, seen[text]))
        row += _title_shares(text, title_words)
        row += structure.row(segment.place)
        row += facts.row
        seen[text] += 1
        made.append(row)
    return made


def _said(segment: Segment, said: str) -> bool:
    """Whether the page's descriptions say this piece, or its beginning."""
    text = segment.text
    return bool(said) and len(text) >= _SAID_LEAST and text[:_SAID_MOST].lower() in said


def _count_said(segments: Sequence[Segment], said: Sequence[bool]) -> None:
    """Adds to each element what it holds of the words that the page's descriptions say."""
    for segment, is_said in zip(segments, said, strict=True):
        place: Place | None = segment.place if is_said else None
        while place is not None:
            place.said += segment.words
            place = place.parent


def _heading(segments: Sequence[Segment]) -> int:
    """The place of the first heading of the highest level that there is, of two."""
    for level in (1, 2):
        for place, segment in enumerate(segments):
            if segment.level == level:
                return place
    return 0


def _own(segment: Segment) -> list[float]:
    text = segment.text
    return [
        log1p(segment.words),
        segment.linked / len(text),
        segment.kind == "paragraph",
        segment.kind == "caption",
    ]


def _title_shares(text: str, title: set[str]) -> tuple[float, float]:
    """How much of a piece the title says, and how alike they are."""
    if not title or len(text) > 300:
        return 0.0, 0.0
    words = set(text.lower().split())
    common = len(words & title)
    return common / max(1, len(words)), common / len(words | title)


class _Sequence:
    """The pieces as a row of neighbours."""

    def __init__(self, segments: Sequence[Segment], heading: int, total: int) -> None:
        self._segments = segments
        self._heading = heading
        self._total = total
        self._words = [0]
        self._prose = [0]
        self._linked = [0.0]
        for segment in segments:
            self._words.append(self._words[-1] + segment.words)
            self._prose.append(self._prose[-1] + (segment.words if segment.prose else 0))
            self._linked.append(self._linked[-1] + segment.words * segment.linked / len(segment.text))
        self._until = _gaps(segments[::-1])[::-1]
        self._heads: list[tuple[float, int]] = []
        words, far = 0.0, _FAR
        for segment in segments:
            words, far = (log1p(segment.words), 0) if segment.kind == "heading" else (words, min(_FAR, far + 1))
            self._heads.append((words, far))

    def row(self, place: int) -> list[float]:
        since = place - self._heading
        return [
            max(-_FAR, min(_FAR, since)),
            since > 0,
            self._words[place] / self._total,
            place / len(self._segments),
            self._until[place],
            *self._heads[place],
            *self._around(place, _NEAR_REACH),
            *self._around(place, _WIDE_REACH),
            self._links(place - 1),
            self._links(place + 1),
        ]

    def _around(self, place: int, reach: int) -> tuple[float, float]:
        first, end = max(0, place - reach), min(len(self._segments), place + reach + 1)
        words = self._words[end] - self._words[first] or 1
        return (self._prose[end] - self._prose[first]) / words, (self._linked[end] - self._linked[first]) / words

    def _links(self, place: int) -> float:
        if not 0 <= place < len(self._segments):
            return 0.0
        segment = self._segments[place]
        return segment.linked / len(segment.text)


def _gaps(segments: Sequence[Segment]) -> list[int]:
    """How many pieces stand between each and the last one before it that reads as prose."""
    gaps, gap = [], _FAR
    for segment in segments:
        gaps.append(gap)
        gap = 0 if segment.prose else min(_FAR, gap + 1)
    return gaps
