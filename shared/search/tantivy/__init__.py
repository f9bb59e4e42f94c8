"""The embedded search engine: Tantivy, on disk, written by one process and read by any number."""

from shared.search.tantivy.generations import TantivyGenerations
from shared.search.tantivy.reader import TantivyIndex
from shared.search.tantivy.writer import TantivyWriter

__all__ = ["TantivyGenerations", "TantivyIndex", "TantivyWriter"]
