"""What others make of the same questions: Tantivy's own analysis and query parser, and SQLite's FTS5 with its BM25."""

import re
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import tantivy

from shared.models.document import Document


class Asker(Protocol):
    """Answers a question with ids in order, so many at most."""

    def __call__(self, question: str, size: int) -> list[str]: ...


_WORD: Final = re.compile(r"\w+")


def tantivy_parser(documents: Sequence[Document]) -> Asker:
    """Tantivy as it comes: one field for the title and one for the text, its English stems, its lenient parser."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("title", "text"):
        builder.add_text_field(field, tokenizer_name="en_stem")
    folder = tempfile.TemporaryDirectory()
    index = tantivy.Index(builder.build(), folder.name)
    writer = index.writer(num_threads=1)
    for document in documents:
        writer.add_document(tantivy.Document(id=document.id, title=document.title or "", text=document.text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(question: str, size: int, _held: object = folder) -> list[str]:
        query, _ = index.parse_query_lenient(question, ["title", "text"])
        return [str(searcher.doc(address).get_first("id")) for _, address in searcher.search(query, size).hits]

    return ask


def sqlite_fts5(documents: Sequence[Document]) -> Asker:
    """FTS5 with Porter's stems, any word will do, ranked by its BM25."""
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE pages USING fts5(id UNINDEXED, title, text, tokenize='porter unicode61')")
    rows = [(document.id, document.title or "", document.text) for document in documents]
    table.executemany("INSERT INTO pages VALUES (?, ?, ?)", rows)

    def ask(question: str, size: int) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(question))
        found = table.execute("SELECT id FROM pages WHERE pages MATCH ? ORDER BY rank LIMIT ?", (words, size))
        return [page_id for (page_id,) in found]

    return ask


YARDSTICKS: Final[dict[str, Callable[[Sequence[Document]], Asker]]] = {
    "Tantivy's own parser": tantivy_parser,
    "SQLite FTS5": sqlite_fts5,
}
