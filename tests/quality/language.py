"""How often the language of a text is found, and whether the confidence says so: a table, a curve, and its data.

`messages.jsonl.gz`: short texts in 69 languages; XQuAD: beginnings of paragraphs in six. Texts are parted in two halves
by hash: the confidence is fitted on one and shown on the other.
"""

import gzip
import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.quality.relevance import LANGUAGES, collection
from workers.enrich.language import find_language, probabilities
from workers.enrich.language_confidence import calibrated

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl.gz"
PICTURE = Path(__file__).parents[2] / "docs" / "language-confidence.svg"
LENGTHS = (30, 50, 100, 200, 1000)
BINS = 20


class Text(NamedTuple):
    language: str
    text: str

    @property
    def fitted_on(self) -> bool:
        return sha256(self.text.encode()).digest()[0] % 2 == 0


class Guess(NamedTuple):
    probability: float
    right: bool


@cache
def messages() -> tuple[Text, ...]:
    with gzip.open(MESSAGES, "rt", encoding="utf-8") as lines:
        return tuple(Text(each["language"], each["text"]) for each in map(json.loads, lines))


@cache
def paragraphs() -> tuple[Text, ...]:
    return tuple(Text(language, document.text) for language in LANGUAGES for document in collection(language).documents)


def accuracy(texts: Sequence[Text], length: int) -> float:
    found = [find_language(each.text[:length]).code == each.language for each in texts]
    return sum(found) / len(found)


def guesses(texts: Sequence[Text], lengths: Sequence[int]) -> list[Guess]:
    found = []
    for each in texts:
        for length in lengths:
            if length <= 2 * len(each.text) and (scores := probabilities(each.text[:length])):
                best = max(scores, key=scores.__getitem__)
                found.append(Guess(scores[best], best == each.language))
    return found


def curve(given: Sequence[Guess], *, mended: bool) -> list[tuple[float, float, int]]:
    """Mean confidence, share of right ones and count, for each twentieth of the confidence."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for each in given:
        confidence = calibrated(each.probability) if mended else each.probability
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, each.right))
    return [
        (sum(c for c, _ in each) / len(each), sum(r for _, r in each) / len(each), len(each)) for each in bins if each
    ]


def error(points: Sequence[tuple[float, float, int]]) -> float:
    """Expected calibration error (Naeini and others, 2015): the mean distance of confidence and share, weighted."""
    return sum(abs(said - right) * count for said, right, count in points) / sum(count for _, _, count in points)


def fitted(given: Sequence[Guess]) -> list[tuple[float, float]]:
    """Isotonic regression (pool adjacent violators) over bins of the probability."""
    pools: list[list[float]] = []
    for said, right, count in curve(given, mended=False):
        pools.append([said * count, right * count, count])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    return [(round(said / count, 3), round(right / count, 3)) for said, right, count in pools]


def measure() -> None:
    texts = (*messages(), *paragraphs())
    print("Language: share named rightly, by characters read; of messages in 69 languages and of XQuAD in six")
    for length in LENGTHS:
        print(f"  {length:5}  {accuracy(messages(), length):.3f}  {accuracy(paragraphs(), length):.3f}")
    shown = guesses([each for each in texts if not each.fitted_on], (30, 50, 100))
    before, after = curve(shown, mended=False), curve(shown, mended=True)
    print(f"  expected calibration error on the half not fitted on: {error(before):.3f}, mended {error(after):.3f}")
    print(f"  table: {fitted(guesses([each for each in texts if each.fitted_on], (30, 50, 100)))}")
    PICTURE.write_text(drawn(before, after))


def drawn(before: Sequence[tuple[float, float, int]], after: Sequence[tuple[float, float, int]]) -> str:
    """The two curves as SVG: confidence to the right, share of right ones upwards, circles by how many there were."""
    most = max(count for _, _, count in (*before, *after))
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 460" font-family="sans-serif" font-size="12">',
        "<title>Of texts at each confidence, the share whose language was named rightly</title>",
        '<rect width="460" height="460" fill="#fff"/>',
        '<path d="M50 10V410H450" fill="none" stroke="#333"/>',
        '<path d="M50 410L450 10" stroke="#bbb" stroke-dasharray="4 4"/>',
    ]
    for step in range(0, 11, 2):
        at = 400 * step / 10
        lines.append(f'<text x="{50 + at:g}" y="426" text-anchor="middle">{step / 10:g}</text>')
        lines.append(f'<text x="44" y="{414 - at:g}" text-anchor="end">{step / 10:g}</text>')
    lines.append('<text x="250" y="448" text-anchor="middle">confidence</text>')
    lines.append('<text x="14" y="210" text-anchor="middle" transform="rotate(-90 14 210)">named rightly</text>')
    for points, colour, name, row in ((before, "#c60", "the model's", 0), (after, "#06c", "mended", 1)):
        way = " ".join(f"{50 + 400 * said:.1f},{410 - 400 * right:.1f}" for said, right, _ in points)
        lines.append(f'<polyline points="{way}" fill="none" stroke="{colour}"/>')
        lines += [
            f'<circle cx="{50 + 400 * said:.1f}" cy="{410 - 400 * right:.1f}" r="{2 + 8 * (count / most) ** 0.5:.1f}"'
            f' fill="{colour}" fill-opacity="0.5"/>'
            for said, right, count in points
        ]
        lines.append(f'<text x="330" y="{370 + 18 * row}" fill="{colour}">{name}</text>')
    return "\n".join([*lines, "</svg>", ""])
