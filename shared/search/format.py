"""What an index was made with: where it differs from today's, a rebuild makes it as today's code would."""

from hashlib import blake2b
from typing import Final

from shared.search.fields import FIELDS

ANALYSIS: Final = 3
"""Raised when words are cut, folded or stemmed in another way than before."""

FORMAT: Final = blake2b(f"{ANALYSIS} {FIELDS!r}".encode(), digest_size=6).hexdigest()
"""A digest of the table of fields and of the analysis."""
