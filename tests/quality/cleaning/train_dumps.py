"""`python -m tests.quality.cleaning.train_dumps FOLDER`: makes `workers/clean/dump_model.json` from labelled dumps.

Needs LightGBM (`pip install .[training]`). With `--check` nothing is written: each dump is looked at by a table that
was trained on other sites, of the part that is not held out, and the figures are printed beside those of the rules;
with `--held-out` the part that is held out, by a table of the other part. All shapes teach and are looked at here,
while the cleaner looks at text alone.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.quality.cleaning.alignment import shares
from tests.quality.cleaning.extractors import FETCHED
from tests.quality.cleaning.labelled import SHAPES, Labelled, read_pages
from tests.quality.cleaning.scores import score
from tests.quality.cleaning.train import SETTINGS as SETTINGS_OF_HTML
from tests.quality.cleaning.train import grown, weights_of, written
from workers.clean.detect import kind_of
from workers.clean.forest import Forest
from workers.clean.front_matter import read_front_matter
from workers.clean.line_features import NAMES
from workers.clean.plain_text import read_verdicts
from workers.clean.second_look import TABLE, look_by, paragraphs_of, rows_of

TREES = 100
SETTINGS = {**SETTINGS_OF_HTML, "learning_rate": 0.1, "num_leaves": 5, "feature_fraction": 0.3}


class Example:
    """A dump with what the rules keep of it, as rows, and what a person did with each."""

    def __init__(self, page: Labelled, shape: str, content: str) -> None:
        self.page, self.shape = page, shape
        front = read_front_matter(content)
        markdown = kind_of(content, None) == "markdown"
        read = read_verdicts(front, page.url or None, FETCHED, markdown=markdown)
        self.verdicts, self.is_story = read.verdicts, read.kind == "story"
        kept = paragraphs_of(self.verdicts) if self.is_story else []
        self.rows = rows_of(self.verdicts, kept, page.url or None)
        shared = shares([verdict.line.text for verdict in self.verdicts], page.text)
        self.kept = [shared[place] >= 0.5 for place in kept]
        self.weights = weights_of([self.verdicts[place].line.words for place in kept], len(page.text.split()))
        self.teaches = bool(kept) and any(share > 0.5 for share in shared)

    def f1(self, forest: Forest | None) -> float:
        """Of what a table leaves; of what the rules keep where there is none."""
        seen = look_by(forest, self.verdicts, self.page.url or None) if forest and self.is_story else self.verdicts
        return score("\n\n".join(each.line.text for each in seen if each.use == "paragraph"), self.page.text).f1


def examples_of(pages: Sequence[Labelled]) -> list[Example]:
    """Those of all shapes."""
    return [Example(page, shape, page.dumps[shape]) for page in pages if page.dumps for shape in SHAPES]


def trained(examples: Sequence[Example]) -> dict[str, Any]:
    """The table."""
    held = [example for example in examples if example.teaches]
    return {
        "about": "How likely a paragraph that the rules keep of a dump is the story's: the logistic function of the "
        "sum of these trees. A tree is a number, or [feature, threshold, tree up to it, tree above it]. See "
        "docs/cleaning.md.",
        "data": "Web Content Extraction Benchmark, development half, Murrough Foley, CC BY 4.0",
        "made_by": "python -m tests.quality.cleaning.train_dumps FOLDER",
        "dumps": len(held),
        "features": list(NAMES),
        "start": 0.0,
        "trees": grown(held, NAMES, SETTINGS, TREES),
    }


def checked(examples: Sequence[Example]) -> list[tuple[Example, float]]:
    """F1 of each dump, looked at by a table that was trained on dumps of other sites."""
    found = []
    for fold in range(5):
        forest = Forest(trained([example for example in examples if example.page.fold != fold]), NAMES)
        found += [(example, example.f1(forest)) for example in examples if example.page.fold == fold]
    return found


def _print(found: Sequence[tuple[Example, float]]) -> None:
    tables: dict[str, Callable[[Example, float], float]] = {
        "rules": lambda example, _: example.f1(None),
        "with the table": lambda _, f1: f1,
    }
    print(f"{'':16}" + "".join(f"{shape:>12}" for shape in SHAPES))
    for name, value in tables.items():
        of_shape = [[value(example, f1) for example, f1 in found if example.shape == shape] for shape in SHAPES]
        print(f"{name:16}" + "".join(f"{sum(values) / max(1, len(values)):12.4f}" for values in of_shape))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--held-out", action="store_true")
    asked = parser.parse_args()
    pages = list(read_pages(asked.folder))
    seen = [page for page in pages if not page.is_held_out]
    if asked.check:
        _print(checked(examples_of(seen)))
    if asked.held_out:
        forest = Forest(trained(examples_of(seen)), NAMES)
        held = examples_of([page for page in pages if page.is_held_out])
        _print([(example, example.f1(forest)) for example in held])
    if not (asked.check or asked.held_out):
        path = Path(__file__).parents[3] / "workers" / "clean" / TABLE
        path.write_text(written(trained(examples_of(pages))), "utf-8")


if __name__ == "__main__":
    main()
