"""A batch on its way, without a ledger."""

import gc
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.ingest.batch.item import Form, Item
from services.ingest.batch.lines import LineSplitter
from services.ingest.batch.run import BatchRun
from services.ingest.offers import Sent
from shared.errors import Refused


class Body:
    """What a page takes of the memory."""


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def refusing(held: list[weakref.ref[Body]]) -> Form:
    """Reads an item as one that is wrong twice over, and notes what it held meanwhile."""

    def read(_data: Any) -> None:
        body = Body()
        held.append(weakref.ref(body))
        try:
            int("no number")
        except ValueError as error:
            raise Refused("invalid", str(error))  # noqa: B904  (as it is raised in many places)

    return Form(LineSplitter(1000), read, 10, "PAGEMILL_BATCH_MAX_ITEMS")


@pytest.mark.usefixtures("_no_collector")
def test_what_a_refused_item_held_is_let_go_at_once() -> None:
    held: list[weakref.ref[Body]] = []
    run = BatchRun(refusing(held), lambda _offers: [], lambda: Refused("line-full", ""), errors_only=True, sent=Sent())
    with ThreadPoolExecutor(1) as readers:
        for index in range(3):
            run.take(readers.submit(run.read, [Item(index, b"x", 1)]).result())
    assert [reference() for reference in held] == [None, None, None]
