"""A second look at a story in text: a trained table finds what its site put between or behind the paragraphs."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from workers.clean.byline import is_byline, is_credit
from workers.clean.explain import by_words
from workers.clean.forest import Forest, read_forest
from workers.clean.line import Line, prose_words
from workers.clean.line_features import NAMES, rows
from workers.clean.reasons import DropReason
from workers.clean.verdicts import Verdict, by_looks, is_field

TABLE: Final = "dump_model.json"
_UNLIKELY: Final = 0.2
_GONE_MOST: Final = 0.15
"""Of the words; a page of which the table would take more is not of the kind that it learnt from, and stays."""
_PROSE_LEAST: Final = 150
"""Words of prose; the pages that the table learnt from have more."""
_PROSE_SHARE: Final = 0.5
"""Of the words of a story, how many are prose at least."""


def look_again(verdicts: list[Verdict], url: str | None) -> list[Verdict]:
    """The verdicts on a story's page, with the paragraphs left out that are unlikely to be its own.

    A page that is mostly a list, a table or short answers keeps them: they do not have to look like prose.

    Args:
        verdicts: of all lines of the page, in their order.
        url: the page's address.
    """
    return look_by(_forest(), verdicts, url)


def look_by(forest: Forest, verdicts: list[Verdict], url: str | None) -> list[Verdict]:
    """The same by a given table, for its training."""
    kept = paragraphs_of(verdicts)
    made = rows_of(verdicts, kept, url)
    gone = [place for place, row in zip(kept, made, strict=True) if forest.likelihood(row) < _UNLIKELY]
    if _words(verdicts, gone) > _GONE_MOST * _words(verdicts, kept):
        return verdicts
    seen = list(verdicts)
    for place in gone:
        seen[place] = Verdict(verdicts[place].line, None, _reason(verdicts[place].line))
    return seen


def _words(verdicts: Sequence[Verdict], places: Sequence[int]) -> int:
    return sum(verdicts[place].line.words for place in places)


def paragraphs_of(verdicts: Sequence[Verdict]) -> list[int]:
    """The places of the paragraphs that are looked at: all of a story in prose but properties, none of another page."""
    kept = [place for place, verdict in enumerate(verdicts) if verdict.use == "paragraph"]
    lines = [verdicts[place].line for place in kept]
    least = max(_PROSE_LEAST, _PROSE_SHARE * sum(line.words for line in lines))
    return [place for place in kept if not is_field(verdicts[place].line)] if prose_words(lines) >= least else []


def rows_of(verdicts: Sequence[Verdict], kept: Sequence[int], url: str | None) -> list[list[float]]:
    """The rows of the paragraphs at these places."""
    if not kept:
        return []
    made = rows(verdicts[kept[0] : kept[-1] + 1], url)
    return [made[place - kept[0]] for place in kept]


def _reason(line: Line) -> DropReason:
    if said := by_words(line.text):
        return said
    if is_credit(line.text):
        return "caption"
    return "byline" if is_byline(line) else by_looks(line)


@cache
def _forest() -> Forest:
    return read_forest(TABLE, NAMES)
