"""nDCG@10 of both engines on questions in six languages, all in one index: with the language given, and without."""

import gzip
import math
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from shared.models.document import Document
from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.port import EngineQuery, IndexWriter, SearchIndex
from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.contracts.search_engines import page
from tests.elasticsearch.server import named_or_own, wipe

LANGUAGES: Final = ("en", "de", "es", "ru", "zh", "ar")
FLOORS: Final = {"en": 0.964, "de": 0.941, "es": 0.957, "ru": 0.954, "zh": 0.963, "ar": 0.937}
"""What Elasticsearch's own analyzers reach by themselves; its adapter must, too."""
_DATA: Final = Path(__file__).parent / "data" / "xquad"
_DEPTH: Final = 10


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


def ndcg(index: SearchIndex, questions: Sequence[Question], language: str | None) -> float:
    """The mean over questions (Järvelin and Kekäläinen 2002), gains as they are graded."""
    return sum(_ndcg(index, question, language) for question in questions) / len(questions)


def fill(writer: IndexWriter, collections: Mapping[str, Collection]) -> None:
    """Puts every collection into one index."""
    for each in collections.values():
        assert {outcome.result for outcome in writer.index(each.documents)} == {"indexed"}


def measure() -> None:
    """Prints a line a language: each engine with the language given and without, and the floor."""
    collections = {language: collection(language) for language in LANGUAGES}
    figures: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    for engine in (tantivy, elasticsearch):
        with engine() as (writer, index):
            fill(writer, collections)
            for language, each in collections.items():
                figures[language] += [ndcg(index, each.questions, given) for given in (language, None)]
    print("nDCG@10      Tantivy          Elasticsearch    floor")
    print("         given  unknown     given  unknown")
    for language, (ours, ours_unknown, theirs, theirs_unknown) in figures.items():
        print(
            f"  {language}     {ours:.3f}   {ours_unknown:.3f}      {theirs:.3f}   {theirs_unknown:.3f}"
            f"    {FLOORS[language]:.3f}"
        )


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


def _ndcg(index: SearchIndex, question: Question, language: str | None) -> float:
    tree = parse(question.query).tree
    asked = EngineQuery(tree=tree, match="best", size=_DEPTH, snippets=False, language=language)
    found = [question.relevant.get(hit.id, 0) for hit in index.search(asked).hits]
    return _gain(found) / _gain(sorted(question.relevant.values(), reverse=True)[:_DEPTH])


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))
