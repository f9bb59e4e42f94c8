"""The writing side while there are several generations: all of them get every write and every delete."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.generations import IndexGenerations
from shared.search.port import IndexOutcome


class EveryGeneration:
    """An `IndexWriter` that writes to the live generation, to the one being built and to the one that is kept.

    Which ones there are is asked anew at each call. The live one answers; the others follow in the same call, so a
    call that fails half-way is repeated whole, and repeats are harmless.

    Args:
        generations: of the engine.
    """

    def __init__(self, generations: IndexGenerations) -> None:
        self._generations = generations

    def index(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        """Makes documents searchable, durably; the outcomes are the live generation's.

        Raises:
            DependencyUnavailable: one of the generations cannot be written to; all may be sent again.
        """
        live, *others = self._generations.written()
        outcomes = self._generations.writer(live).index(documents)
        for name in others:
            with _named(name):
                self._generations.writer(name).index(documents)
        return outcomes

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes pages out of every generation."""
        for name in self._generations.written():
            with _named(name):
                self._generations.writer(name).delete(versions)

    def close(self) -> None:
        """Gives all of them back."""
        self._generations.close()


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Says which generation it is that keeps pages waiting."""
    try:
        yield
    except DependencyUnavailable as error:
        detail = f"generation {name} cannot be written to: {error.detail}"
        raise DependencyUnavailable(error.name, detail, error.retry_after) from error
