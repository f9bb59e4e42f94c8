"""`python -m tests.quality.cleaning.train_titles FOLDER`: makes `workers/clean/title_weights.json` from labelled dumps.

Needs NumPy (`pip install .[training]`). With `--check` nothing is written: each dump is judged by weights that were
trained on other sites, of the part that is not held out; with `--confirm` by weights of that part, on the one that is
held out. Both print how many titles are found, are not, and are wrong.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tests.quality.cleaning.labelled import SHAPES, Labelled, read_pages
from tests.quality.metadata import plain, title_matches
from workers.clean.front_matter import read_front_matter
from workers.clean.headline import Declared, find_headline, words_of
from workers.clean.lines import read_lines
from workers.clean.page_shape import extent
from workers.clean.title_features import NAMES, PAGE_NAMES, Page
from workers.clean.title_table import TABLE, TitleTable

TRAINED_ON = ("text", "extracted")
"""Markdown has its headings."""
STEPS, RATE, DECAY = 400, 0.05, 0.005
RATHER = 0.5
"""Added to a line's score: a title that is wrong costs a little less than one that is missed."""


class Example:
    """One dump, with or without its address."""

    def __init__(self, page: Labelled, shape: str, *, addressed: bool) -> None:
        self.page, self.shape = page, shape
        self.declared = Declared(url=page.url if addressed else None)
        front = read_front_matter(page.dumps[shape])
        self.lines = read_lines(front.rest, front.next_line, markdown=shape == "markdown")
        self.found = extent(self.lines)

    @cached_property
    def seen(self) -> Page:
        return Page(self.lines, self.found, words_of(self.declared.url))

    @cached_property
    def rows(self) -> np.ndarray[Any, Any]:
        return np.array([self.seen.row(place) for place in self.seen.places], dtype=float).reshape(-1, len(NAMES))

    @cached_property
    def right(self) -> np.ndarray[Any, Any]:
        """Which lines are the title, and neither a word of it nor a paragraph that holds it."""
        label = self.page.title
        mine = len(plain(label).split())
        texts = [self.lines[place].text for place in self.seen.places]
        sizes = [len(plain(text).split()) for text in texts]
        alike = [
            title_matches(label, text) and mine <= 2 * size and size <= 2 * mine + 4
            for text, size in zip(texts, sizes, strict=True)
        ]
        return np.array(alike, dtype=bool)

    def outcome(self, table: TitleTable) -> str:
        prose = next((place for place in self.found.story if self.lines[place].is_prose), self.found.story.start)
        place = find_headline(self.lines, self.found, prose, self.declared, table)
        if place is None:
            return "none"
        return "found" if title_matches(self.page.title, self.lines[place].text) else "wrong"


def trained(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """The weights: each dump's title is to be likelier than all its other lines and than that there is none."""
    used = [example for example in examples if example.shape in TRAINED_ON and example.found.story]
    rows, right = np.vstack([each.rows for each in used]), np.concatenate([each.right for each in used])
    dump = np.repeat(np.arange(len(used)), [len(each.rows) for each in used])
    pages = np.array([each.seen.page_row() for each in used])
    titled = np.zeros(len(used), dtype=bool)
    np.logical_or.at(titled, dump, right)
    weights = np.zeros(len(NAMES) + len(PAGE_NAMES))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        slope = _slope(weights, rows, right, dump, pages, titled)
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    line, none = weights[: len(NAMES)].round(3).tolist(), weights[len(NAMES) :].round(3).tolist()
    none[0] = round(none[0] - RATHER, 3)
    return {"line": dict(zip(NAMES, line, strict=True)), "page": dict(zip(PAGE_NAMES, none, strict=True))}


def _slope(
    weights: np.ndarray[Any, Any],
    rows: np.ndarray[Any, Any],
    right: np.ndarray[Any, Any],
    dump: np.ndarray[Any, Any],
    pages: np.ndarray[Any, Any],
    titled: np.ndarray[Any, Any],
) -> np.ndarray[Any, Any]:
    """Of the mean loss (minus the logarithm of the likelihood of what is right) and of the weights' size."""
    lines, none = rows @ weights[: len(NAMES)], pages @ weights[len(NAMES) :]
    most = none.copy()
    np.maximum.at(most, dump, lines)
    lines, none = np.exp(lines - most[dump]), np.exp(none - most)
    all_, good = none.copy(), np.zeros_like(none)
    np.add.at(all_, dump, lines)
    np.add.at(good, dump, lines * right)
    good = np.where(titled, good, none)
    of_lines = lines / all_[dump] - np.where(titled[dump], lines * right / good[dump], 0)
    of_none = none / all_ - ~titled
    slope = np.concatenate([rows.T @ of_lines, pages.T @ of_none]) / len(none)
    decay = DECAY * weights
    decay[len(NAMES)] = 0
    return np.asarray(slope + decay)


def _table(examples: Sequence[Example]) -> TitleTable:
    return TitleTable(**trained(examples))


def _print(title: str, outcomes: Sequence[tuple[Example, str]]) -> None:
    print(title)
    for shape in SHAPES:
        for addressed in (True, False):
            own = [o for e, o in outcomes if e.shape == shape and (e.declared.url is not None) is addressed]
            count = Counter(own)
            where = "with its address" if addressed else "without"
            print(f"  {shape:10} {where:17} {count['found']:3} found {count['none']:3} none {count['wrong']:3} wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--confirm", action="store_true")
    asked = parser.parse_args()
    pages = [page for page in read_pages(asked.folder) if page.dumps]
    examples = [Example(page, shape, addressed=to) for page in pages for shape in SHAPES for to in (True, False)]
    known = [example for example in examples if not example.page.is_held_out]
    if asked.check:
        tables = [_table([example for example in known if example.page.fold != fold]) for fold in range(5)]
        _print("trained on other sites", [(each, each.outcome(tables[each.page.fold])) for each in known])
    if asked.confirm:
        table = _table(known)
        _print("held out", [(each, each.outcome(table)) for each in examples if each.page.is_held_out])
    if not (asked.check or asked.confirm):
        _write(trained(examples), len(pages))


def _write(weights: dict[str, dict[str, float]], pages: int) -> None:
    table = {
        "about": "How likely a line of a dump is its headline: the sum of its features, each times its weight. It is "
        "the one with the highest sum, where that is above the page's own. See docs/cleaning.md.",
        "data": "Web Content Extraction Benchmark, development half, Murrough Foley, CC BY 4.0",
        "made_by": "python -m tests.quality.cleaning.train_titles FOLDER",
        "pages": pages,
        **weights,
    }
    path = Path(__file__).parents[3] / "workers" / "clean" / TABLE
    path.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
