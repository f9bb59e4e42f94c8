"""Given an engine, then a whole result is read from it as it was, in the same bytes each time."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from services.query.cursor import Seal
from services.query.exports.desk import ExportDesk, Open
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.export_query import ExportQuery
from tests.contracts.search_engines import Engine, page, put

COUNT = 900
KEY = b"a key that several processes have"
FORMATS = ("ndjson", "csv", "parquet")


def fill(engine: Engine) -> None:
    put(engine, *(page(f"p{number:03}", f"apple {number}", published="2024-01-01") for number in range(COUNT)))


def desk(engine: Engine) -> ExportDesk:
    """One as each process has it."""
    seal = Seal(KEY)
    return ExportDesk(engine.index, ReadingRoom(engine.index, seal=seal), seal=seal, most=4, idle_seconds=600)


def asked(**parameters: str | int) -> ExportQuery:
    return ExportQuery.model_validate({"q": "apple", **parameters})


def content(held: Open, offset: int = 0) -> bytes:
    with closing(held.export.pieces(offset)) as pieces:
        return b"".join(pieces)


def ids(lines: bytes) -> list[str]:
    return [json.loads(line)["id"] for line in lines.splitlines()]


@contextmanager
def writing(engine: Engine) -> Iterator[None]:
    """Indexes new pages and newer versions until it is left."""
    done, begun = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            put(engine, page(f"late{number}", "apple"), page(f"p{number % COUNT:03}", "apple pear", version=1 + number))
            begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert begun.wait(60)
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("sort", ["relevance", "newest", "indexed"])
def test_every_document_comes_once_while_others_are_indexed(engine: Engine, sort: str) -> None:
    fill(engine)
    held = desk(engine).begin(asked(sort=sort))
    with writing(engine):
        lines = content(held)
    assert sorted(ids(lines)) == [f"p{number:03}" for number in range(COUNT)]
    assert {json.loads(line)["version"] for line in lines.splitlines()} == {1}
    told = held.manifest()
    assert (told.count, told.total, told.left_out, told.complete) == (COUNT, COUNT, 0, True)
    assert told.sha256 == hashlib.sha256(lines).hexdigest()


@pytest.mark.parametrize("form", FORMATS)
def test_it_goes_on_in_the_same_bytes(engine: Engine, form: str) -> None:
    fill(engine)
    held = desk(engine).begin(asked(format=form))
    whole = content(held)
    with writing(engine):
        for offset in (1, len(whole) // 2, len(whole) - 1):
            assert content(held, offset) == whole[offset:]


def test_what_is_deleted_meanwhile_is_left_out_and_stays_so(engine: Engine) -> None:
    fill(engine)
    held = desk(engine).begin(asked())
    pieces = held.export.pieces()
    first = next(pieces)
    gone = {f"p{number:03}" for number in range(COUNT)} - set(ids(first))
    gone = set(sorted(gone)[::3])
    engine.writer.delete(dict.fromkeys(gone, 10**6))
    lines = first + b"".join(pieces)
    assert set(ids(lines)) == {f"p{number:03}" for number in range(COUNT)} - gone
    told = held.manifest()
    assert (told.count, told.left_out) == (COUNT - len(gone), len(gone))
    engine.writer.delete({ids(first)[0]: 10**6})
    assert content(held, 5) == lines[5:]


def test_another_process_goes_on_where_the_engine_lets_it(engine: Engine, request: pytest.FixtureRequest) -> None:
    fill(engine)
    begun = desk(engine).begin(asked())
    whole = content(begun)
    if "tantivy" in request.node.name:
        engine.reopen()
    other, query = desk(engine), asked(export=begun.token)
    held = other.find(query)
    assert content(held, 1000) == whole[1000:]
    assert held.manifest() == begun.manifest()
    other.release(begun.token)
    with pytest.raises(Refused, match="begin it again"):
        content(desk(engine).find(query))
