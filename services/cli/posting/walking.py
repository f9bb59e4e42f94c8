"""Goes through the inputs item by item, and knows of each where it stands, so that a later run can go on from there."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from services.cli.posting.inputs import Input
from services.cli.posting.item import Item
from services.cli.posting.items import Reading, items_of


@dataclass(frozen=True, slots=True)
class Place:
    """A point between two items.

    `passed` inputs are behind it, `digest` is of their names, sizes and times and of the current one's; `offset` and
    `number` as in Item.
    """

    passed: int
    digest: str
    offset: int
    number: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An item, its input, the place behind it, and the bytes of all files read up to there."""

    item: Item
    source: Input
    place: Place
    read: int


def walk(inputs: Sequence[Input], reading: Reading, stdin: IO[bytes], start: Place | None = None) -> Iterator[Placed]:
    """Every item, in order, from a place on."""
    before = 0
    for (passed, source), digest in zip(enumerate(inputs), _digests(inputs), strict=True):
        begin = start if start and start.passed == passed else Place(passed, digest, 0, 0)
        if start is None or passed >= start.passed:
            for item in items_of(source, reading, stdin, begin.offset, begin.number):
                yield Placed(item, source, Place(passed, digest, item.offset, item.number), before + item.raw)
        before += source.size


def leads_back(place: Place, inputs: Sequence[Input]) -> bool:
    """Whether a place of an earlier run means the same among these inputs: none up to it has changed."""
    found = next((told for at, told in enumerate(_digests(inputs)) if at == place.passed), None)
    return found == place.digest


def _digests(inputs: Sequence[Input]) -> Iterator[str]:
    running = hashlib.blake2b(digest_size=16)
    for source in inputs:
        running.update(os.fsencode(source.identity))
        yield running.copy().hexdigest()
