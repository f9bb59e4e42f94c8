"""How often a language is right that the model gives a probability: what it says, mended by what was counted."""

from bisect import bisect_right
from typing import Final

CALIBRATION: Final = (
    (0.0, 0.0),
    (0.071, 0.25),
    (0.131, 0.556),
    (0.274, 0.602),
    (0.374, 0.667),
    (0.451, 0.77),
    (0.525, 0.81),
    (0.578, 0.87),
    (0.627, 0.915),
    (0.674, 0.977),
    (0.728, 0.985),
    (0.804, 0.997),
    (1.0, 1.0),
)
"""Probability of the model, and the share of texts of about that probability that were in that language; between them,
straight lines. Counted by `python -m tests.quality language`, which prints the table anew, on half of 2,600 short texts
in 69 languages and of the beginnings of paragraphs in six; the other half is what the curve in docs/ is drawn from."""


def calibrated(probability: float) -> float:
    """A probability that means what it says: of texts at .8, eight in ten are in that language."""
    at = bisect_right(CALIBRATION, (probability, 2.0))
    if at == 0:
        return CALIBRATION[0][1]
    if at == len(CALIBRATION):
        return CALIBRATION[-1][1]
    (low, before), (high, after) = CALIBRATION[at - 1], CALIBRATION[at]
    return before + (after - before) * (probability - low) / (high - low)
