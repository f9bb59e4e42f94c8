from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

Attributes = dict[str, str | int | float]


class Tracing(Protocol):
    """What a process tells of its work to whoever collects traces."""

    def request(self, name: str, parent: str | None) -> AbstractContextManager[str | None]:
        """A request that is answered in the block.

        Args:
            name: its method and route.
            parent: the W3C traceparent that it came with.

        Returns:
            The traceparent of what is done for it; None where nothing is traced.
        """

    def worked(self, name: str, parent: str | None, ms: float, attributes: Attributes) -> None:
        """Work that was just done and took so long; nothing is told without a parent."""

    def close(self) -> None:
        """Tells what was not told yet."""


class NoTracing:
    """Nothing is traced, and nothing is spent on it."""

    def request(self, name: str, parent: str | None) -> AbstractContextManager[str | None]:  # noqa: ARG002  (the port's)
        """The request goes on as if nothing were."""
        return nullcontext()

    def worked(self, name: str, parent: str | None, ms: float, attributes: Attributes) -> None:
        """Nothing is told."""

    def close(self) -> None:
        """There is nothing to tell."""
