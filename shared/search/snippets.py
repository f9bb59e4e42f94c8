"""The passage of a text that shows best why it was found, as safe HTML."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from typing import Final

from shared.models.document import Document
from shared.search.leaves import Leaf
from shared.search.marking import Mark, Marker
from shared.search.passages import densest, spots, worths

SNIPPET_CHARS: Final = 240
"""About as long; a sentence that ends a little later is kept whole."""
_SLACK: Final = 40
_LEAD: Final = 140
"""Characters before the first match in which its sentence may begin."""
_STEP_CHARS: Final = 1_500
_SCANNED_CHARS: Final = 32_000
"""How much of a text is read word by word; further on, passages that look as if they had the words are."""
_MARKS_MAX: Final = 400
_SHARING_MAX: Final = 16
"""Places that one word may have in what is marked, all of it together: each is looked at wherever the word stands."""
_SENTENCE_END: Final = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f\n]"  # by itself in front, for which a text is searched three times as fast
    r"(?:(?<=[.!?\u2026])[.!?\u2026]*[\"'\u201d\u2019\u00bb)\]]*(?=\s|$)"
    r"|(?<=[\u3002\uff01\uff1f])[\u3002\uff01\uff1f]*|(?<=\n)\n*)"
)
_SPACES: Final = re.compile(r"\s+")
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters, those that turn the direction of text, and halves of surrogate pairs: nothing to show."""


class Snippets:
    """The snippets of one query's hits."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = list(_sharing_few_words(leaves))
        self._markers: dict[str | None, Marker] = {}
        self._worths: dict[str | None, list[float]] = {}

    def of(self, document: Document) -> str:
        """The best passage of a document with matches in `<mark>`, or its beginning where it has none."""
        text = document.text or document.standfirst or ""
        if self._leaves:
            body = _body(document)
            marks, worth = self._marks(body, document.language)
            if marks:
                return _shown(body, *_bounds(body, _densest(marks, worth)), marks)
        return _shown(text, 0, _end(text, 0, 0), ())

    def _marks(self, body: str, language: str | None) -> tuple[list[Mark], Sequence[float]]:
        """The marks of a text up to a passage that has everything, and what showing each leaf is worth.

        In a long text also those of likely passages.
        """
        marker = self._markers.get(language)
        if marker is None:
            marker = self._markers[language] = Marker(self._leaves, language)
            self._worths[language] = worths(self._leaves, language)
        marks: list[Mark] = []
        at = 0
        while at < min(len(body), _SCANNED_CHARS) and len(marks) < _MARKS_MAX:
            end = _step_end(body, at)
            marks += _moved(islice(marker.marks(body[at:end]), _MARKS_MAX), at)
            at = end
            if self._complete(marks, at, language):
                return sorted(marks), self._worths[language]
        if at >= len(body):
            return sorted(marks), self._worths[language]
        further = spots(body, at, self._leaves, language, SNIPPET_CHARS - _SLACK)
        return sorted({*marks, *_read_at(body, at, marker, further.places)}), further.worth

    def _complete(self, marks: Sequence[Mark], read: int, language: str | None) -> bool:
        """Whether a passage has all the leaves, and has been read to its end."""
        if len({mark.leaf for mark in marks}) < len(self._leaves):
            return False
        found = _densest(marks, self._worths[language])
        if len({mark.leaf for mark in found}) < len(self._leaves):
            return False
        return found[0].start + SNIPPET_CHARS + _SLACK <= read


def _densest(marks: Sequence[Mark], worth: Sequence[float]) -> Sequence[Mark]:
    return densest(marks, worth, SNIPPET_CHARS - _SLACK)


def _read_at(body: str, start: int, marker: Marker, places: Iterable[int]) -> Iterator[Mark]:
    """Marks of the passages at some places behind `start`; words are read from the sentence's beginning on."""
    for at in places:
        lead = max(start, at - _LEAD)
        begin = body.rfind(" ", max(start, lead - _LEAD), lead) + 1 or lead  # a text without spaces has no word's
        marks = islice(marker.marks(body[begin : _step_end(body, begin)]), _MARKS_MAX)
        yield from _moved(marks, begin)


def tidied(passage: str) -> str:
    """A passage that an engine has made and escaped, as ours look: without what is not to be seen, on one line."""
    return _SPACES.sub(" ", _UNSEEN.sub("", passage).replace("</mark><mark>", "")).strip()


def _sharing_few_words(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """The leaves once each, but for those beyond the first that have a word in common."""
    places: Counter[str] = Counter()
    for leaf in dict.fromkeys(leaves):
        places.update(slot.exact for slot in leaf.slots)
        if all(places[slot.exact] <= _SHARING_MAX for slot in leaf.slots):
            yield leaf


def _body(document: Document) -> str:
    standfirst = document.standfirst
    if not standfirst or standfirst in document.text[: 4 * len(standfirst)]:
        return document.text
    return f"{standfirst}\n\n{document.text}"


def _step_end(body: str, at: int) -> int:
    """Where the next step of reading ends: between two words, if there is such a place."""
    end = at + _STEP_CHARS
    if end >= len(body):
        return len(body)
    space = body.rfind(" ", at + _STEP_CHARS // 2, end)
    return end if space < 0 else space


def _moved(marks: Iterable[Mark], offset: int) -> Iterable[Mark]:
    return (Mark(mark.start + offset, mark.end + offset, mark.leaf) for mark in marks)


def _bounds(text: str, marks: Sequence[Mark]) -> tuple[int, int]:
    """Where the passage around marks begins and ends: at sentences if they are near, else at words."""
    if len(text) <= SNIPPET_CHARS + _SLACK:
        return 0, len(text)
    first, last = marks[0].start, max(mark.end for mark in marks)
    lead = max(0, min(_LEAD, SNIPPET_CHARS - (last - first)))
    start = _start(text, max(0, first - lead), first, nearest=True)
    end = _end(text, start, last)
    if end - start < SNIPPET_CHARS // 2:
        start = _start(text, max(0, end - SNIPPET_CHARS), first, nearest=False)
    return start, end


def _start(text: str, floor: int, first: int, *, nearest: bool) -> int:
    """Where a passage begins that has its first mark at `first`: with the nearest sentence, or the one farthest off."""
    starts = [] if floor else [0]
    starts += [found.end() for found in _SENTENCE_END.finditer(text, floor, first)]
    if starts:
        return starts[-1] if nearest else starts[0]
    space = text.find(" ", floor, first)
    return space + 1 if space >= 0 else floor


def _end(text: str, start: int, last: int) -> int:
    """Where a passage ends that must reach `last`."""
    limit = max(start + SNIPPET_CHARS, last)
    if len(text) <= limit + _SLACK:
        return len(text)
    least = max(last, start + SNIPPET_CHARS // 3)
    ends = [found.end() for found in _SENTENCE_END.finditer(text, least, limit + _SLACK)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", least, limit + 1)
    return space if space > start else limit


def _shown(text: str, start: int, end: int, marks: Iterable[Mark]) -> str:
    """The passage, escaped but for the marks; dots where it begins or ends within a sentence."""
    parts = ["" if _begins_sentence(text, start) else "\u2026"]
    at = start
    for mark in marks:
        if start <= mark.start and mark.end <= end and mark.end > at:
            begin = max(mark.start, at)
            parts += (_safe(text[at:begin]), "<mark>", _safe(text[begin : mark.end]), "</mark>")
            at = mark.end
    parts += (_safe(text[at:end]).rstrip(), "" if _ends_sentence(text, end) else "\u2026")
    return _on_one_line("".join(parts).replace("</mark><mark>", "")).strip()


def _on_one_line(text: str) -> str:
    """What is printable has no white space but spaces, so that there is nothing to look for."""
    return text if text.isprintable() and "  " not in text else _SPACES.sub(" ", text)


def _safe(text: str) -> str:
    return escape(text if text.isprintable() else _UNSEEN.sub("", text))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - _SLACK) : start]
    return start == 0 or any(not before[found.end() :].strip() for found in _SENTENCE_END.finditer(before))


def _ends_sentence(text: str, end: int) -> bool:
    passage = text[max(0, end - _SLACK) : end].rstrip()
    if "\n" in text[end - 1 : end + 1] or not text[end : end + _SLACK].strip():
        return True
    return any(found.end() == len(passage) for found in _SENTENCE_END.finditer(passage))
