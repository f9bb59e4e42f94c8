"""What each element of a page is to the whole: its core, its records, its share of the words."""

import re
from collections.abc import Callable, Sequence
from math import log1p
from typing import Final

from workers.clean.places import FAR, GROUP_NAMES, Place
from workers.clean.segments import Cut, Segment
from workers.clean.tags import names

_USED: Final = names(
    "consent comments hidden navigation footer article media newsletter summary price faq thread related sidebar card "
    "review"
)
_GROUPS: Final = tuple(GROUP_NAMES.index(name) for name in _USED)
_MAIN: Final = GROUP_NAMES.index("main")
PLACE_NAMES: Final = (
    *(f"far_{name}" for name in _USED),
    *("depth", "core", "core_below", "text_core", "in_main", "in_h1_section", "in_body", "in_records"),
    *("near_mean", "near_links", "near_share", "near_prose"),
    *(f"p{level}_{sum_}" for level in (1, 2, 3, 5) for sum_ in ("words", "links", "prose", "share")),
    *("twins1", "twins2", "said2"),
)
_CORE_SHARE: Final = 0.7
_TEXT_SHARE: Final = 0.6
_SECTION_SHARE: Final = 0.25
_MANY: Final = 3
_RECORD_WORDS: Final = 4
_BODY = re.compile(
    r"(?:article|story|post|entry|news|content|blog)[-_]?(?:body|content|text|copy|main|entry)|articlebody|rte\b"
    r"|rich-?text|markdown|prose|wysiwyg|page-content|body-content|parser-output|message-body|postbody",
    re.IGNORECASE,
)
_NONE: Final = (0.0,) * 4
_NO_PLACE: Final = (0.0, 0.0, 0.0, 0.0)
_NO_FLAGS: Final = (False,) * 5


class Structure:
    """The rows of the places that text stands in, each made once."""

    def __init__(self, cut: Cut, heading: Segment | None) -> None:
        root = cut.root
        self._total = root.words or 1
        self._core = _descend(root, lambda place: place.prose, _CORE_SHARE)
        self._text_core = _descend(root, lambda place: place.words - place.linked, _TEXT_SHARE)
        self._section = heading.place if heading else root
        while self._section.parent is not None and self._section.words < _SECTION_SHARE * self._total:
            self._section = self._section.parent
        places = _all(root)
        bodies = [p for p in places if p.words >= 50 and p.prose >= 0.4 * root.prose and _BODY.search(p.name)]
        self._body = min(bodies, key=lambda place: place.words, default=None)
        self._records: set[int] = set()
        self._find_records(places)
        self._mark(places)

    def _find_records(self, places: list[Place]) -> None:
        most = 0.0
        for place in places:
            if len(place.inside) < _MANY:
                continue
            kinds: dict[str, list[Place]] = {}
            for inside in place.inside:
                kinds.setdefault(inside.unit, []).append(inside)
            for records in kinds.values():
                if len(records) >= _MANY:
                    weight = self._note(records)
                    if weight > most:
                        most, self._records = weight, set(map(id, records))

    def _note(self, records: list[Place]) -> float:
        """Tells each record of a list about the list; gives what the list weighs."""
        count = len(records)
        words = sum(record.words for record in records)
        linked = sum(record.linked for record in records)
        near = (
            log1p(words / count),
            linked / (words or 1),
            words / self._total,
            sum(record.prose for record in records) / (words or 1),
        )
        for record in records:
            record.near = near
            record.twins = count
        return words - linked / 2 if words >= _RECORD_WORDS * count else 0.0

    def _mark(self, places: Sequence[Place]) -> None:
        """Tells each place, from the outermost in, which of the page's parts it is in."""
        special = (self._core, self._text_core, self._section, self._body)
        for place in places:
            flags = place.parent.flags if place.parent is not None else _NO_FLAGS
            if place in special or id(place) in self._records:
                own = (*(place is part for part in special), id(place) in self._records)
                flags = tuple(max(pair) for pair in zip(flags, own, strict=True))
            place.flags = flags
            if place.near is None and place.parent is not None:
                place.near = place.parent.near

    def row(self, place: Place) -> list[float]:
        """What is known of a place, in the order of PLACE_NAMES."""
        if place.row is None:
            place.row = self._row(place)
        return place.row

    def _row(self, place: Place) -> list[float]:
        depth, groups = place.depth, place.groups
        core, text_core, section, body, records = place.flags
        row: list[float] = [depth - near if (near := groups[group]) >= 0 else FAR for group in _GROUPS]
        row += (depth, core, depth - self._core.depth, text_core, groups[_MAIN] >= 0, section, body, records)
        row += place.near or _NONE
        above: Place | None = place
        for level in range(5):
            if level != 3:
                row += self._sums(above) if above is not None else _NO_PLACE
            above = above.parent if above is not None else None
        second = place.parent or place
        row += (min(50, place.twins), min(50, second.twins), second.said / second.words)
        return row

    def _sums(self, place: Place) -> tuple[float, ...]:
        if place.sums is None:
            words = place.words
            place.sums = (log1p(words), place.linked / words, place.prose / words, words / self._total)
        return place.sums


def _all(root: Place) -> list[Place]:
    """The places from the outermost in."""
    places = [root]
    for place in places:
        places += place.inside
    return places


def _descend(place: Place, measure: Callable[[Place], int], share: float) -> Place:
    """Down from the page to the smallest element that still holds most of it, step by step."""
    while place.inside:
        best = max(place.inside, key=measure)
        if measure(best) == 0 or measure(best) < share * measure(place):
            return place
        place = best
    return place
