"""The likeliest headline among the lines of a dump, by a table of weights."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Final

from workers.clean.byline import is_credit, names_in
from workers.clean.line import Line
from workers.clean.page_shape import Extent
from workers.clean.title_features import NAMES, PAGE_NAMES, Page

TABLE: Final = "title_weights.json"


class TitleTable:
    """Weights of a line's features, and of those of a page that has no headline.

    Raises:
        ValueError: when it was made for other features.
    """

    def __init__(self, line: Mapping[str, float], page: Mapping[str, float]) -> None:
        if tuple(line) != NAMES or tuple(page) != PAGE_NAMES:
            raise ValueError("the table was made for other features: train it again")
        self._line, self._none = list(line.values()), list(page.values())

    def likeliest(self, lines: Sequence[Line], found: Extent, address: str | None) -> int | None:
        """The place of the likeliest headline; None where it is likelier that there is none.

        Args:
            lines: the page's lines.
            found: which of them are the story.
            address: the words of the page's address, None where it has none.
        """
        page = Page(lines, found, address)
        least = _sum(self._none, page.page_row())
        scored = ((_sum(self._line, page.row(place)), -place) for place in page.places)
        ranked = sorted((each for each in scored if each[0] > least), reverse=True)
        return next((-place for _, place in ranked if not _names_somebody(lines[-place])), None)


def _names_somebody(line: Line) -> bool:
    return bool(names_in(line.text)) or is_credit(line.text)


def read_title_table() -> TitleTable:
    """The table in the file beside this one."""
    table = json.loads((files("workers.clean") / TABLE).read_text("utf-8"))
    return TitleTable(table["line"], table["page"])


def _sum(weights: Sequence[float], row: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, row, strict=True))
