"""The steps of enrichment that a page can do without: one that fails costs its own fields, never the page."""

from collections.abc import Callable
from typing import Final, TypeVar

from shared.models.document import Step

_T = TypeVar("_T")
STEPS: Final = ("language", "fingerprint", "names", "keywords")
"""The steps, as `enrichment` of a document names them."""


class Steps:
    """Runs steps and notes how each went.

    Args:
        skipped: whether none is run, for a page on which one has ended its process; all count as failed.
    """

    def __init__(self, *, skipped: bool = False) -> None:
        self.told: dict[str, Step] = {}
        self._skipped = skipped

    def run(self, name: str, work: Callable[[], _T], otherwise: _T) -> _T:
        """What the step gives, or `otherwise` where it fails."""
        self.told[name] = "failed"
        if self._skipped:
            return otherwise
        try:
            value = work()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001  (also what native extensions raise when they panic)
            return otherwise
        self.told[name] = "done"
        return value

    @property
    def incomplete(self) -> bool:
        """Whether a step has failed."""
        return "failed" in self.told.values()
