"""Given 50,000 documents and a writer at work, then cursors lead through all of them as they were, each once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.models.document import Document
from shared.query_language.parse import parse
from shared.search.port import EngineQuery
from tests.contracts.search_engines import ENGINES, Engine, ids, open_engine, page

DOCUMENTS = 50_000
COPIES = 4
PAGE = 400
BATCH = 2_500


def document(number: int, version: int = 1) -> Document:
    """Each four tell one story, every other of which is found by `pear` too."""
    fruit = "apple pear" if number // COPIES % 2 else "apple"
    return page(f"p{number:05}", f"{fruit} {number}", story=f"s{number // COPIES}", version=version)


@pytest.fixture(scope="module", params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("library")
    engine = open_engine(request, folder)
    for start in range(0, DOCUMENTS, BATCH):
        engine.writer.index([document(number) for number in range(start, start + BATCH)])
    yield engine
    engine.close()


@contextmanager
def writing(engine: Engine, first: int) -> Iterator[list[int]]:
    """Indexes new pages, newer versions and deletes until it is left; the list grows by one with each round."""
    rounds: list[int] = []
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            at = first + 30 * len(rounds)
            fresh = [document(DOCUMENTS + at + place) for place in range(10)]
            newer = [document((at * 7 + place) % DOCUMENTS, version=2 + at) for place in range(10)]
            engine.writer.index([*fresh, *newer])
            engine.writer.delete({f"p{(at * 11 + place) % DOCUMENTS:05}": 10**6 for place in range(10)})
            rounds.append(at)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield rounds
    finally:
        done.set()
        thread.join()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("fold", "sort", "first"),
    [(False, "relevance", 0), (True, "relevance", 100_000), (True, "newest", 200_000)],
)
def test_pages_neither_skip_nor_repeat_while_pages_are_indexed_and_deleted(
    library: Engine, fold: bool, sort: str, first: int
) -> None:
    query = EngineQuery.model_validate(
        {"tree": parse("apple").tree, "fold_story": fold, "sort": sort, "size": PAGE, "snippets": False}
    )
    answer = library.index.search(query)
    total = answer.total.value
    found = ids(answer)
    copies = sum(hit.copies + 1 for hit in answer.hits)
    with writing(library, first) as rounds:
        while answer.after:
            answer = library.index.search(query, snapshot=answer.snapshot, after=answer.after)
            found += ids(answer)
            copies += sum(hit.copies + 1 for hit in answer.hits)
            assert answer.total.value == total
    assert rounds
    assert len(found) == len(set(found))
    if fold:
        assert copies == total
        assert len({int(page_id[1:]) // COPIES for page_id in found}) == len(found)
    else:
        assert len(found) == total
