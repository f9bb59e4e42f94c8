"""The distributed search engine: Elasticsearch 8.19 or 9, through the client of 8.19, which speaks to both."""

from shared.search.elasticsearch.client import Access
from shared.search.elasticsearch.generations import ElasticsearchGenerations
from shared.search.elasticsearch.reader import ElasticsearchIndex
from shared.search.elasticsearch.writer import ElasticsearchWriter

__all__ = ["Access", "ElasticsearchGenerations", "ElasticsearchIndex", "ElasticsearchWriter"]
