"""`python -m tests.quality.cleaning.train FOLDER`: makes `workers/clean/html_model.json` from labelled pages.

Needs LightGBM (`pip install .[training]`). With `--check` nothing is written: each page is judged by a table that was
trained on other sites, of the part that is not held out, and the figures are printed.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tests.quality.cleaning.alignment import shares
from tests.quality.cleaning.labelled import TYPES, Labelled, read_pages
from tests.quality.cleaning.scores import score
from workers.clean.choosing import TABLE, choose_by
from workers.clean.features import NAMES, rows
from workers.clean.forest import Forest
from workers.clean.limits import CleanLimits
from workers.clean.page_facts import read_facts
from workers.clean.segments import cut
from workers.clean.tree import parse

LIMITS = CleanLimits()
TREES = 60
SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.12,
    "num_leaves": 8,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "num_threads": 1,
    "seed": 1,
    "verbose": -1,
}
_MOST_WORDS = 100
_POWER = 0.7


class Taught(Protocol):
    """What a table is made of: pieces as rows of numbers, whether a person kept each, and what each weighs."""

    @property
    def rows(self) -> Sequence[Sequence[float]]: ...

    @property
    def kept(self) -> Sequence[bool]: ...

    @property
    def weights(self) -> np.ndarray: ...


class Example:
    """A page's pieces as rows, with what a person did with each."""

    def __init__(self, page: Labelled) -> None:
        self.page = page
        tree = parse(page.html, LIMITS)
        self.facts = read_facts(tree, page.html, page.url or None)
        title = tree.findtext(".//title")
        self.cut = cut(tree)
        self.rows = rows(self.cut, self.facts, title)
        self.kept = [share >= 0.5 for share in shares([piece.text for piece in self.cut.segments], page.text)]
        self.weights = weights_of([piece.words for piece in self.cut.segments], len(page.text.split()))


def trained(examples: Sequence[Example]) -> dict[str, Any]:
    """The table."""
    held = [example for example in examples if example.rows]
    return {
        "about": "How likely a piece of an HTML page is kept: the logistic function of the sum of these trees. A tree "
        "is a number, or [feature, threshold, tree up to it, tree above it]. See docs/cleaning.md.",
        "data": "Web Content Extraction Benchmark, development half, Murrough Foley, CC BY 4.0",
        "made_by": "python -m tests.quality.cleaning.train FOLDER",
        "pages": len(held),
        "features": list(NAMES),
        "start": 0.0,
        "trees": grown(held, NAMES, SETTINGS, TREES),
    }


def grown(examples: Sequence[Taught], names: Sequence[str], settings: Mapping[str, object], count: int) -> list[Any]:
    """So many trees, as the table has them."""
    import lightgbm  # noqa: PLC0415  (only training needs it)

    data = np.array([row for example in examples for row in example.rows], dtype=float)
    weights = np.concatenate([example.weights for example in examples])
    labels = np.concatenate([example.kept for example in examples]).astype(int)
    taught = lightgbm.Dataset(data, labels, weight=weights / weights.mean())
    trees = lightgbm.train(dict(settings), taught, count).dump_model()["tree_info"]
    return [tree_of(tree["tree_structure"], names) for tree in trees]


def weights_of(words: Sequence[int], page_words: int) -> np.ndarray:
    """What each piece of a page weighs: a long one more than a short one, but not by as much as it is longer.

    So does a long page.
    """
    longest = np.array([min(each, _MOST_WORDS) for each in words], dtype=float)
    weights: np.ndarray = longest**_POWER / max(50, page_words) ** _POWER
    return weights


def tree_of(node: dict[str, Any], names: Sequence[str]) -> Any:
    """A tree as the table has it: a number, or a feature's name, a threshold and two trees."""
    if "leaf_value" in node:
        return round(node["leaf_value"], 4)
    name, threshold = names[node["split_feature"]], float(f"{node['threshold']:.4g}")
    return [name, threshold, tree_of(node["left_child"], names), tree_of(node["right_child"], names)]


def checked(examples: Sequence[Example]) -> dict[str, tuple[float, float]]:
    """F1 and sureness of each page, judged by a table that was trained on pages of other sites."""
    found = {}
    for fold in range(5):
        forest = Forest(trained([example for example in examples if example.page.fold != fold]), NAMES)
        for example in examples:
            if example.page.fold == fold:
                choice = choose_by(forest, example.cut, example.facts, example.rows)
                pieces = zip(example.cut.segments, choice.kept, strict=True)
                text = "\n".join(piece.text for piece, kept in pieces if kept)
                found[example.page.id] = score(text, example.page.text).f1, choice.sureness
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    pages = read_pages(asked.folder)
    if asked.check:
        examples = [Example(page) for page in pages if not page.is_held_out]
        found = checked(examples)
        for kind in ("all", *TYPES):
            values = [found[e.page.id][0] for e in examples if kind in {"all", e.page.page_type}]
            print(f"{kind:14} {len(values):4} {sum(values) / max(1, len(values)):.3f}")
        return
    table = trained([Example(page) for page in pages])
    path = Path(__file__).parents[3] / "workers" / "clean" / TABLE
    path.write_text(written(table), "utf-8")


def written(table: dict[str, Any]) -> str:
    """The table as JSON, a tree a line."""
    trees = ",\n".join("  " + json.dumps(tree, separators=(",", ":")) for tree in table.pop("trees"))
    head = json.dumps(table, indent=1)
    return f'{head[:-2]},\n "trees": [\n{trees}\n ]\n}}\n'


if __name__ == "__main__":
    main()
