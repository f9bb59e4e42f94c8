"""How much of what a person kept is found: F1 of runs of four words, each run as often as it stands."""

from collections import Counter
from typing import NamedTuple

from tests.quality.cleaning.alignment import WORD

RUN = 4


class Score(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(text: str, kept: str) -> Score:
    """Compares a text with the one that was kept; a text of fewer words is one run."""
    mine, theirs = _runs(text), _runs(kept)
    common = sum((mine & theirs).values())
    return Score(common / max(1, sum(mine.values())), common / max(1, sum(theirs.values())))


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    if len(words) < RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(RUN)), strict=False))
