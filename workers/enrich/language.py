"""Which language a text is in, weighed together with what the page says."""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from workers.enrich.language_codes import iso_639_1
from workers.enrich.language_confidence import calibrated

SURE: Final = 0.8
"""Confidence below which a document is flagged `language-unsure`."""
_BELIEVABLE: Final = 0.5
"""Confidence below which no language is named: then the guess is more often wrong than right."""
_READ_CHARS: Final = 1_200
"""Ten sentences settle it: of the same texts at 100 characters, none was taken for another language."""
_READ_FROM: Final = 4_000
_FEWEST_BYTES: Final = 24
"""Letters, in UTF-8, below which a text says nothing by itself: a short headline, eight ideographs."""
_BEYOND_DOUBT: Final = 0.95
"""Probability from which the model was never wrong on whole sentences."""
_HINT_WEIGHT: Final = 100
"""How much likelier a page's own hint makes its language than each other one, before the text is read: it settles
short texts, and a wrong hint (a template left at `en`) loses against two sentences."""
_BLANK: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_INVISIBLE: Final = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")
_NEAREST: Final = {"pcm": "en", "ext": "es", "lij": "it", "vec": "it", "grc": "el", "hbo": "he"}
"""Languages without a code of two letters, and the one whose texts the model takes for them; searching gains by it."""


class Language(NamedTuple):
    """A language and its evidence; `text_says` is what the text alone is taken for, where that is beyond doubt."""

    code: str | None
    found_in: str
    confidence: float
    text_says: str | None = None


NO_LANGUAGE: Final = Language(None, "text", 0.0)
"""Where nothing was found, or nothing could be looked for."""


def find_language(text: str, *, sent: str | None = None, hint: str | None = None, hint_in: str = "page") -> Language:
    """The language of a text as ISO 639-1.

    Args:
        text: what readers read; only its beginning is looked at.
        sent: what the sender says; it wins.
        hint: what the page says, a language tag.
        hint_in: where the page says it.

    Returns:
        Code None where there is too little to go by; the confidence is then that of the best guess.
    """
    hint = iso_639_1(hint)
    scores = probabilities(text)
    best = max(scores, key=scores.__getitem__, default=None)
    clear = best if best and scores[best] >= _BEYOND_DOUBT else None
    if said := iso_639_1(sent):
        return Language(said, "sender", 1.0, clear)
    if hint is None:
        return _named(best, "text", scores.get(best or "", 0.0), clear)
    if not scores:
        return Language(hint, hint_in, _BELIEVABLE)
    weighed = scores | {hint: scores.get(hint, 0.0) * _HINT_WEIGHT}
    chosen = max(weighed, key=weighed.__getitem__)
    where = "text" if chosen == best else hint_in
    return _named(chosen, where, weighed[chosen] / sum(weighed.values()), clear)


def _named(code: str | None, found_in: str, probability: float, clear: str | None) -> Language:
    confidence = calibrated(probability) if code else 0.0
    return Language(code if confidence >= _BELIEVABLE else None, found_in, round(confidence, 4), clear)


def probabilities(text: str) -> dict[str, float]:
    """The model's probability of each language, not yet calibrated; empty where the text is too short to say."""
    visible = _INVISIBLE.sub("", text[:_READ_FROM])
    readable = _BLANK.sub(" ", unicodedata.normalize("NFC", visible))[:_READ_CHARS]
    if len(_NO_LETTERS.sub("", readable).encode("utf-8", "ignore")) < _FEWEST_BYTES:
        return {}
    scores: dict[str, float] = {}
    for label, probability in _identifier().rank(readable):
        code = _code(label)
        scores[code] = scores.get(code, 0.0) + probability
    return {code: score for code, score in scores.items() if len(code) == 2}


@cache
def _code(label: str) -> str:
    """Two letters for one of the model's hundred labels; the label where its language has none."""
    return iso_639_1(_NEAREST.get(label, label)) or label


@cache
def _identifier() -> LanguageIdentifier:
    """The model, read once in half a second; probabilities instead of scores."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
