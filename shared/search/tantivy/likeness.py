"""Documents that speak of the same as another one."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Final

import tantivy
from tantivy import Occur, Query

from shared.models.document import Document
from shared.search.analysis.function_words import is_function_word
from shared.search.analysis.written import written
from shared.search.fields import keyword
from shared.search.likeness import SHARE, TERMS, told
from shared.search.tantivy.schema import schema

_COMMON: Final = 0.1
"""A word in more than such a part of all documents tells nothing."""
_COMMON_LEAST: Final = 20


def like(searcher: tantivy.Searcher, document: Document) -> Query | None:
    """Documents that share the most telling words, without this one and its near copies; None where there are none."""
    telling = list(_telling(searcher, document))
    if not telling:
        return None
    words = [
        (Occur.Should, Query.boost_query(Query.term_query(schema(), "text", stem), weight)) for stem, weight in telling
    ]
    least = max(1, min(2, len(words)), round(SHARE * len(words)))
    itself = [Query.term_query(schema(), "id", document.id)]
    if document.story:
        itself.append(Query.term_query(schema(), "story", keyword(document.story)))
    shared = Query.boolean_query(words, least)
    return Query.boolean_query([(Occur.Must, shared), *((Occur.MustNot, query) for query in itself)])


def _telling(searcher: tantivy.Searcher, document: Document) -> Iterator[tuple[str, float]]:
    """Stems with what they count: how often they are there against how many documents have them."""
    made = written(told(document), document.language)
    words = zip(made.stems.split(), made.exact.split(), strict=True)
    spoken = (document.language,)
    counts = Counter(stem for stem, exact in words if len(exact) > 1 and not is_function_word(exact, spoken))
    documents = searcher.num_docs
    common = max(_COMMON_LEAST, _COMMON * documents)
    weights: dict[str, float] = {}
    for stem, times in counts.items():
        held = searcher.doc_freq("text", stem)
        if 2 <= held <= common:
            weights[stem] = math.log1p(times) * math.log(1 + documents / held)
    yield from sorted(weights.items(), key=lambda one: (-one[1], one[0]))[:TERMS]
