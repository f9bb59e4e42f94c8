"""How many items go in one batch."""

from typing import Final

_FIRST: Final = 500
_SECONDS: Final = 1.0
_STEP: Final = 2.0
_LEAST: Final = 50
"""The services take so many in one step."""


class Pace:
    """As many items as are answered in about a second.

    A run that is cut has noted its place a second ago at most, and a batch is large enough that the way there and back
    costs nothing beside the work.
    """

    def __init__(self) -> None:
        self.items = _FIRST

    def answered(self, count: int, seconds: float) -> None:
        """So many items took so long; the next batch is twice or half as large at most."""
        wanted = count * _SECONDS / max(seconds, 1e-3)
        self.items = max(_LEAST, int(min(max(wanted, self.items / _STEP), self.items * _STEP)))
