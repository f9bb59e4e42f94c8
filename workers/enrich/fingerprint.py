"""The MinHash fingerprint of a text; `shared.stories.fingerprint` compares them."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from rensa import RMinHash

from shared.spaceless import has_spaceless, without_spaceless
from shared.stories.fingerprint import PERMUTATIONS, VALUE_DIGITS

_SEED: Final = 20_240_607
"""Fingerprints made with another seed cannot be compared: changing it takes a rebuild of the index."""
_WORDS: Final = 2
_LONG_BYTES: Final = 4
"""UTF-8, from which a word is taken for one that carries meaning: shorter ones recur in every text of a language. Where
they are most of a text (Vietnamese, say), all words count."""
_CHARS: Final = 3
"""About as many as two Chinese or Japanese words have."""
_FEWEST_TOKENS: Final = 16
_MOST_TOKENS: Final = 50_000
_TOKEN: Final = re.compile(r"\w+")
_LOW_BITS: Final = 2 ** (4 * VALUE_DIGITS) - 1


def fingerprint(text: str) -> str | None:
    """A text's fingerprint, hexadecimal.

    Its shingles are two words in a row, without the short ones between them, or three characters where most of the
    text is in a script that does not part its words. Case, punctuation and spacing do not count.

    Returns:
        None where there are fewer than 16 words, or characters in such a script: those are alike by chance.
    """
    tokens: list[str] = _TOKEN.findall(text.lower())[:_MOST_TOKENS]
    if has_spaceless(text):
        letters = "".join(tokens)[:_MOST_TOKENS]
        if 2 * len("".join(_TOKEN.findall(without_spaceless(letters)))) < len(letters):
            return _signature(letters, (letters[at : at + _CHARS] for at in range(len(letters) - _CHARS + 1)))
    long = [token for token in tokens if len(token.encode("utf-8", "ignore")) >= _LONG_BYTES]
    words = long if 2 * len(long) >= len(tokens) else tokens
    rows = zip(*(islice(words, at, None) for at in range(_WORDS)), strict=False)
    return _signature(tokens, map(" ".join, rows))


def _signature(tokens: str | list[str], shingles: Iterable[str]) -> str | None:
    if len(tokens) < _FEWEST_TOKENS:
        return None
    minhash = RMinHash(PERMUTATIONS, _SEED)
    minhash.update(list(shingles))
    return "".join(f"{value & _LOW_BITS:0{VALUE_DIGITS}x}" for value in minhash.digest())
