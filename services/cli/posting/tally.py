"""What became of the items of a run."""

from dataclasses import dataclass, field
from typing import Final

STATUSES: Final = ("accepted", "duplicate", "unchanged", "superseded", "rejected", "ignored")
"""In the order of the contract: every item that is answered is one of them."""


@dataclass
class Tally:
    """Counts by status; `earlier` of them were answered in runs that were cut."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    earlier: int = 0

    def add(self, counts: dict[str, int]) -> None:
        """One answer's counts."""
        for status, count in counts.items():
            self.counts[status] += count

    @property
    def answered(self) -> int:
        """Items in all."""
        return sum(self.counts.values())
