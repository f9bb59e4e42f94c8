"""What is done with fingerprints once they are made: compared, and cut into bands by which near copies are found.

A fingerprint is a MinHash signature (Broder, "On the resemblance and containment of documents", 1997): for each of
128 orders of all shingles, the low 16 bits of the first one that the text has. Two texts agree on a value as often as
their sets of shingles overlap (Jaccard's index); 16 bits instead of 32 let one value in 65,536 agree by chance (Li and
König, "b-bit minwise hashing", 2010).
"""

import base64
import hashlib
from typing import Final

PERMUTATIONS: Final = 128
VALUE_DIGITS: Final = 4
"""Hexadecimal digits of one value."""
BANDS: Final = 42
ROWS: Final = 3
"""Values of one band. Texts of similarity s share a band with probability 1 - (1 - s**3)**42 (Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", 3.4.2): .996 at .5, .94 at .4, .04 at .1, .00004 at .01."""
BAND_DIGITS: Final = ROWS * VALUE_DIGITS
_BAND_BYTES: Final = 6
"""48 bits: of ten million searches among a million documents, one meets a stranger. Six bytes are eight characters of
base64, so all bands are written at once and then parted."""
_BAND_CHARS: Final = 8


def bands(fingerprint: str) -> list[str]:
    """Short words, one a band; texts that are near copies have at least one in common.

    Args:
        fingerprint: `PERMUTATIONS` values, hexadecimal.
    """
    digits = fingerprint.encode("ascii")
    hashed = b"".join(
        hashlib.blake2b(
            bytes((at,)) + digits[at * BAND_DIGITS : (at + 1) * BAND_DIGITS], digest_size=_BAND_BYTES
        ).digest()
        for at in range(BANDS)
    )
    words = base64.urlsafe_b64encode(hashed).decode("ascii")
    return [words[at : at + _BAND_CHARS] for at in range(0, len(words), _BAND_CHARS)]


def similarity(one: str, other: str) -> float:
    """Estimated Jaccard index of two texts' shingles, 0 to 1; its standard error is .04 at .7."""
    if one == other:
        return 1.0
    values = zip(_values(one), _values(other), strict=True)
    return sum(mine == theirs for mine, theirs in values) / PERMUTATIONS


def _values(fingerprint: str) -> memoryview:
    """The values as 16-bit numbers."""
    return memoryview(bytes.fromhex(fingerprint)).cast("H")
