"""Which pieces of a page a person kept, told by aligning the page's words with those of the text that was kept."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher

WORD = re.compile(r"\w+")
_NEXT = {5: 3, 3: 2, 2: 1, 1: 0}
"""Anchors are runs of five words that both have once, then of fewer where there are none."""
_SMALL = 400_000


def shares(texts: Sequence[str], kept: str) -> list[float]:
    """For each piece the share of its words that stand, in order, in the kept text; a word stands there once."""
    words = [WORD.findall(text.lower()) for text in texts]
    marks = _marked([word for piece in words for word in piece], WORD.findall(kept.lower()))
    found, start = [], 0
    for piece in words:
        hits = sum(marks[start : start + len(piece)])
        found.append(hits / len(piece) if piece else 0.0)
        start += len(piece)
    return found


def _marked(page: list[str], kept: list[str]) -> bytearray:
    marks = bytearray(len(page))
    spans = [(0, len(page), 0, len(kept), 5)]
    while spans:
        first, end, other, other_end, length = spans.pop()
        while first < end and other < other_end and page[first] == kept[other]:
            marks[first] = 1
            first, other = first + 1, other + 1
        while first < end and other < other_end and page[end - 1] == kept[other_end - 1]:
            end, other_end = end - 1, other_end - 1
            marks[end] = 1
        if first >= end or other >= other_end:
            continue
        if length:
            spans += _parted(page, kept, (first, end, other, other_end), length, marks)
        elif (end - first) * (other_end - other) <= _SMALL:
            matcher = SequenceMatcher(None, page[first:end], kept[other:other_end], autojunk=False)
            for match in matcher.get_matching_blocks():
                if match.size >= 3:
                    marks[first + match.a : first + match.a + match.size] = b"\x01" * match.size
    return marks


def _parted(
    page: list[str], kept: list[str], span: tuple[int, int, int, int], length: int, marks: bytearray
) -> list[tuple[int, int, int, int, int]]:
    """The spans between the anchors; the same span for shorter anchors where there are none."""
    first, end, other, other_end = span
    mine, theirs = _once(page, first, end, length), _once(kept, other, other_end, length)
    anchors = _rising(sorted((place, theirs[run]) for run, place in mine.items() if run in theirs))
    if not anchors:
        return [(*span, _NEXT[length])]
    spans = []
    for place, match in anchors:
        if place < first or match < other:
            continue
        spans.append((first, place, other, match, length))
        marks[place : place + length] = b"\x01" * length
        first, other = place + length, match + length
    return [*spans, (first, end, other, other_end, length)]


def _once(words: list[str], first: int, end: int, length: int) -> dict[tuple[str, ...], int]:
    places: dict[tuple[str, ...], int] = {}
    for place in range(first, end - length + 1):
        run = tuple(words[place : place + length])
        places[run] = -1 if run in places else place
    return {run: place for run, place in places.items() if place >= 0}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rise in both."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, (_, match) in enumerate(pairs):
        rank = bisect_left(tails, match)
        before.append(at[rank - 1] if rank else -1)
        tails[rank:] = [match] if rank == len(tails) else [match, *tails[rank + 1 :]]
        at[rank:] = [number] if rank == len(at) else [number, *at[rank + 1 :]]
    chain, number = [], at[-1] if at else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]
