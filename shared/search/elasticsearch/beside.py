"""What is asked beside searches: completions of what is typed, and documents like another."""

import re
from collections.abc import Collection
from typing import Any, Final

from shared.models.document import Document
from shared.models.suggestions import Suggestion
from shared.search.analysis.analyzers import OTHER, analyzed_as
from shared.search.analysis.written import written
from shared.search.elasticsearch.client import Connection
from shared.search.elasticsearch.compiling import none_of
from shared.search.elasticsearch.counting import terms
from shared.search.elasticsearch.documents import SOURCE, from_engine
from shared.search.fields import keyword
from shared.search.likeness import CANDIDATES as CLOSEST
from shared.search.likeness import SHARE, TERMS, nearest, told
from shared.search.port import EngineHit
from shared.search.suggesting import CANDIDATES, prefixes, suggestions

_SPECIAL: Final = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$\-]')


def suggested(connection: Connection, typed: str, size: int, without: Collection[str] = ()) -> tuple[Suggestion, ...]:
    """Titles, names and keywords with a word that begins so, the most frequent first."""
    wanted = prefixes(typed)
    if not wanted:
        return ()
    begun = {"bool": {"should": [{"prefix": {"suggest": each}} for each in wanted.values()]}}
    answer: Any = connection.client.search(
        index=connection.names.read,
        query={"bool": {"filter": [begun, *([none_of(without)] if without else [])]}},
        aggs={mark: _beginning(prefix) for mark, prefix in wanted.items()},
        size=0,
        track_total_hits=False,
    ).body
    counts = {
        bucket["key"]: int(bucket["doc_count"]) for mark in wanted for bucket in answer["aggregations"][mark]["buckets"]
    }
    found = [[bucket["key"] for bucket in answer["aggregations"][mark]["buckets"]] for mark in wanted]
    return suggestions(found, counts.__getitem__, size)


def alike(connection: Connection, document: Document, size: int) -> tuple[EngineHit, ...]:
    """Documents that share the most telling words, without this one and its near copies."""
    itself: list[dict[str, Any]] = [{"term": {"id": document.id}}]
    if document.story:
        itself.append({"term": {"story": keyword(document.story)}})
    found: Any = connection.client.search(
        index=connection.names.read,
        query={"bool": {"must": [_like(document)], "must_not": itself}},
        size=max(size, CLOSEST),
        sort=[{"_score": "desc"}, {"id": "asc"}],
        source={"includes": list(SOURCE)},
        track_total_hits=False,
    ).body
    return nearest(((hit["sort"][0], from_engine(hit["_source"])) for hit in found["hits"]["hits"]), size)


def _like(document: Document) -> dict[str, Any]:
    """By the language's own analyzer, or where it has none by our stems."""
    code = analyzed_as(document.language)
    text = told(document)
    return {
        "more_like_this": {
            "fields": [f"text.{code}"],
            "like": [text if code != OTHER else written(text, document.language).stems],
            "min_term_freq": 1,
            "min_doc_freq": 2,
            "max_query_terms": TERMS,
            "minimum_should_match": f"{SHARE:.0%}",
            "boost_terms": 1.0,
        }
    }


def _beginning(prefix: str) -> dict[str, Any]:
    asked = terms("suggest", CANDIDATES)
    asked["terms"]["include"] = _SPECIAL.sub(r"\\\g<0>", prefix) + ".*"
    return asked
