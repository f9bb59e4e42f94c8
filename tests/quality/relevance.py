"""nDCG@10 on questions in six languages, all in one index: both engines, and others beside them."""

import gzip
import math
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from shared.models.document import Document
from shared.models.search import Match, MatchUsed
from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.port import EngineQuery, IndexWriter, SearchIndex
from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.contracts.search_engines import page
from tests.elasticsearch.server import named_or_own, wipe
from tests.quality.yardsticks import YARDSTICKS

LANGUAGES: Final = ("en", "de", "es", "ru", "zh", "ar")
FLOORS: Final = {"en": 0.965, "de": 0.941, "es": 0.960, "ru": 0.954, "zh": 0.963, "ar": 0.937}
"""What both engines must reach. Elasticsearch's analyzers by themselves reach .964 .941 .957 .954 .963 .937."""
_DATA: Final = Path(__file__).parent / "data" / "xquad"
_DEPTH: Final = 10
_WAYS: Final[tuple[tuple[str, bool, Match], ...]] = (
    ("language given", True, "best"),
    ("language not given", False, "best"),
    ("as a person types (match=auto)", False, "auto"),
)


class Question(NamedTuple):
    """What is asked, and how relevant documents are by id."""

    query: str
    relevant: Mapping[str, int]


class Collection(NamedTuple):
    """One language's documents and questions."""

    documents: Sequence[Document]
    questions: Sequence[Question]


def collection(language: str) -> Collection:
    """A language's part of XQuAD; ids begin with the language."""
    documents: list[Document] = []
    questions: list[Question] = []
    for line in gzip.decompress((_DATA / f"{language}.jsonl.gz").read_bytes()).splitlines():
        told: dict[str, Any] = from_json(line)
        if "query" in told:
            relevant = {f"{language}-{name}": grade for name, grade in told["relevant"].items()}
            questions.append(Question(told["query"], relevant))
        else:
            title = told["title"] or None
            documents.append(page(f"{language}-{told['id']}", told["text"], title=title, language=language))
    return Collection(documents, questions)


def ndcg(index: SearchIndex, questions: Sequence[Question], language: str | None, match: Match = "best") -> float:
    """The mean over questions (Järvelin and Kekäläinen 2002), gains as they are graded."""
    return mean_ndcg(questions, lambda question: _found(index, question, language, match))


def mean_ndcg(questions: Sequence[Question], found: Callable[[str], Sequence[str]]) -> float:
    """The same of whatever answers questions with ids in order."""
    return sum(_ndcg(question, found(question.query)) for question in questions) / len(questions)


def fill(writer: IndexWriter, collections: Mapping[str, Collection]) -> None:
    """Puts every collection into one index."""
    for each in collections.values():
        assert {outcome.result for outcome in writer.index(each.documents)} == {"indexed"}


def measure() -> None:
    """Prints a line for each way of asking: both engines, the floors, and others on the same index."""
    collections = {language: collection(language) for language in LANGUAGES}
    print(f"{'nDCG@10':44}" + "".join(f"{language:>7}" for language in LANGUAGES) + "   mean")
    for name, engine in (("Tantivy", tantivy), ("Elasticsearch", elasticsearch)):
        with engine() as (writer, index):
            fill(writer, collections)
            for told, known, match in _WAYS:
                asked = [
                    ndcg(index, each.questions, code if known else None, match) for code, each in collections.items()
                ]
                _print(f"{name}, {told}", asked)
    _print("floor of both", list(FLOORS.values()))
    documents = [document for each in collections.values() for document in each.documents]
    for name, yardstick in YARDSTICKS.items():
        ask = partial(yardstick(documents), size=_DEPTH)
        _print(name, [mean_ndcg(each.questions, ask) for each in collections.values()])


def _print(name: str, figures: Sequence[float]) -> None:
    mean = sum(figures) / len(figures)
    print(f"{name:44}" + "".join(f"{figure:7.3f}" for figure in (*figures, mean)), flush=True)


@contextmanager
def tantivy() -> Iterator[tuple[IndexWriter, SearchIndex]]:
    """Both sides of an empty embedded index."""
    with tempfile.TemporaryDirectory() as folder:
        writer = TantivyWriter(Path(folder) / "index")
        index = TantivyIndex(Path(folder) / "index", cursor_idle_seconds=300, snapshots_max=4)
        yield writer, index
        writer.close()
        index.close()


@contextmanager
def elasticsearch() -> Iterator[tuple[IndexWriter, SearchIndex]]:
    """Both sides of an empty index of Elasticsearch."""
    with named_or_own() as url:
        access, prefix = Access(url), f"quality-{secrets.token_hex(4)}-"
        set_up(access, prefix, Layout(replicas=0))
        writer = ElasticsearchWriter(access, prefix)
        index = ElasticsearchIndex(access, prefix, cursor_idle_seconds=300, snapshots_max=4)
        yield writer, index
        writer.close()
        index.close()
        wipe(url, prefix)


def _found(index: SearchIndex, question: str, language: str | None, match: Match) -> list[str]:
    tree = parse(question).tree
    used: MatchUsed = "best" if match == "best" else "all"
    asked = EngineQuery(tree=tree, match=used, spare=match == "auto", size=_DEPTH, snippets=False, language=language)
    hits = index.search(asked).hits
    if not hits and match == "auto":
        hits = index.search(asked.model_copy(update={"match": "best"})).hits
    return [hit.id for hit in hits]


def _ndcg(question: Question, found: Sequence[str]) -> float:
    gains = [question.relevant.get(page_id, 0) for page_id in found]
    return _gain(gains) / _gain(sorted(question.relevant.values(), reverse=True)[:_DEPTH])


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))
