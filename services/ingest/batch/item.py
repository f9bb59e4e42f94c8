from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from shared.errors import Refused
from shared.intake import Page


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a batch, as it was cut out of the body.

    `index` counts from 0. `data` is what `Form.read` takes, or the problem that made it unreadable. `size` is the
    memory that it holds.
    """

    index: int
    data: Any | Refused
    size: int


class Splitter(Protocol):
    """Cuts a body into items, whatever pieces it comes in."""

    def feed(self, piece: bytes) -> Iterable[Item]:
        """The items that end in this piece.

        Raises:
            Refused: from here on the body cannot be cut.
        """

    def end(self) -> Iterable[Item]:
        """The item that the end of the body ends.

        Raises:
            Refused: the body was cut off.
        """


@dataclass(frozen=True, slots=True)
class Form:
    """A form that batches come in.

    Args:
        splitter: cuts a body.
        read: makes a page of an item's data; None: it is no page. Raises Refused.
        items_max: how many items are taken.
        limit: the setting behind `items_max`.
    """

    splitter: Splitter
    read: Callable[[Any], Page | None]
    items_max: int
    limit: str
