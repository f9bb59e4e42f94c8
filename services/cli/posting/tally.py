"""What became of the items of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

STATUSES: Final = ("accepted", "duplicate", "unchanged", "superseded", "rejected", "ignored")
"""In the order of the contract: every item that is answered is one of them."""


def _none() -> dict[str, int]:
    return dict.fromkeys(STATUSES, 0)


@dataclass
class Tally:
    """Counts by status; `earlier_counts` of them were answered in runs that were cut."""

    counts: dict[str, int] = field(default_factory=_none)
    earlier_counts: dict[str, int] = field(default_factory=_none)

    @classmethod
    def going_on(cls, earlier: Mapping[str, int]) -> Self:
        """The one of a run that goes on where another was cut."""
        return cls({**_none(), **earlier}, {**_none(), **earlier})

    def add(self, counts: Mapping[str, int]) -> None:
        """One answer's counts."""
        for status, count in counts.items():
            self.counts[status] += count

    @property
    def answered(self) -> int:
        """Items in all."""
        return sum(self.counts.values())

    @property
    def earlier(self) -> int:
        """Items answered before this run."""
        return sum(self.earlier_counts.values())
