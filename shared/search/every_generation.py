"""The writing side while there are several generations: all of them get every write and every delete."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.generations import IndexGenerations
from shared.search.port import IndexOutcome, IndexWriter

Told = TypeVar("Told")
Refused = Callable[[str, Mapping[PageId, str]], None]
"""Takes the name of a generation, and the pages that it has refused with its words for each."""


def nobody_told(name: str, reasons: Mapping[PageId, str]) -> None:
    """Where nobody notes it, a refusal is not passed over: the write counts as not done.

    Raises:
        DependencyUnavailable: always.
    """
    page_id, reason = next(iter(reasons.items()))
    raise DependencyUnavailable("index", f"generation {name} refuses {page_id}: {reason}")


class EveryGeneration:
    """An `IndexWriter` that writes to the live generation, to the one being built and to the one that is kept.

    Which ones there are is asked before each call and again after it: one that was begun by another process meanwhile
    is written to as well. So whoever fills it either finds a write done in the live one when it begins, or the write
    comes to both. The live one answers; the others follow in the same call, so a call that fails half-way is repeated
    whole, and repeats are harmless.

    Args:
        generations: of the engine.
        refused: called before `index` answers, where another generation has refused what the live one has taken.
    """

    def __init__(self, generations: IndexGenerations, refused: Refused = nobody_told) -> None:
        self._generations = generations
        self._refused = refused

    def index(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        """Makes documents searchable, durably.

        The outcomes are the live generation's; but a document that any of them had no room for goes again. What
        another one refuses for itself is told to `refused`.

        Raises:
            DependencyUnavailable: one of the generations cannot be written to; all may be sent again.
        """
        told = self._each(lambda writer: writer.index(documents))
        live, *others = told.values()
        for name, outcomes in list(told.items())[1:]:
            if reasons := _refused_alone(live, outcomes):
                self._refused(name, reasons)
        return [_joined(outcome, [each[place] for each in others]) for place, outcome in enumerate(live)]

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes pages out of every generation."""
        self._each(lambda writer: writer.delete(versions))

    def close(self) -> None:
        """Gives all of them back."""
        self._generations.close()

    def _each(self, write: Callable[[IndexWriter], Told]) -> dict[str, Told]:
        """What each generation answers, the live one first."""
        told: dict[str, Told] = {}
        names = self._generations.written()
        while left := [name for name in names if name not in told]:
            for name in left:
                try:
                    told[name] = write(self._generations.writer(name))
                except DependencyUnavailable as error:
                    if not self._still_there(name):
                        continue
                    if name == names[0]:
                        raise
                    detail = f"generation {name} cannot be written to: {error.detail}"
                    raise DependencyUnavailable(error.name, detail, error.retry_after) from error
            names = self._generations.written()
        return {name: told[name] for name in names}

    def _still_there(self, name: str) -> bool:
        """Another process may have retired it since it was asked which ones there are."""
        try:
            return name in self._generations.written()
        except DependencyUnavailable:
            return True


def _refused_alone(live: Sequence[IndexOutcome], other: Sequence[IndexOutcome]) -> dict[PageId, str]:
    """Pages that the live generation has taken and another one has not, and why."""
    pairs = zip(live, other, strict=True)
    return {
        told.id: told.reason or "" for ours, told in pairs if ours.result == "indexed" and told.result == "rejected"
    }


def _joined(live: IndexOutcome, others: Sequence[IndexOutcome]) -> IndexOutcome:
    return next((outcome for outcome in (live, *others) if outcome.result == "again"), live)
