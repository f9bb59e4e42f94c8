"""One search of one state of the index."""

from typing import Final, NamedTuple

import tantivy

from shared.models.search import FacetCount, HistogramBar, SearchWarning, Total
from shared.search.clauses import WORDS_MAX, Asked, asked
from shared.search.fields import keyword
from shared.search.port import EngineAnswer, EngineHit, EngineQuery
from shared.search.siblings import own_filtered
from shared.search.snippets import Snippets
from shared.search.tantivy.clauses import Clauses
from shared.search.tantivy.compiling import filters, narrowed
from shared.search.tantivy.counting import copies, counted
from shared.search.tantivy.documents import from_engine
from shared.search.tantivy.ranking import Page, Ranked, Ranking
from shared.search.tantivy.snapshots import Snapshot, stemmed

_NO_WORDS: Final = SearchWarning(code="no-words", detail="There is no word in the query that could be looked for.")
_CUT: Final = SearchWarning(code="too-many-words", detail=f"Only the first {WORDS_MAX} words were looked for.")


class _Question(NamedTuple):
    """What is looked for: None where nothing can match; `scored` where documents differ in how well they match."""

    query: tantivy.Query | None
    asked: Asked
    scored: bool
    warnings: tuple[SearchWarning, ...] = ()


def answered(snapshot: Snapshot, query: EngineQuery, start: int) -> EngineAnswer:
    """The results from place `start` on; `snapshot` and `engine_ms` are left to the caller."""
    searcher = snapshot.searcher
    if searcher is None:
        return EngineAnswer(total=Total(value=0), facets=dict.fromkeys(query.facets, ()))
    question = _question(snapshot, searcher, query)
    if question.query is None:
        facets, _ = _counted(snapshot, searcher, query, None)
        return EngineAnswer(total=Total(value=0), facets=facets, warnings=question.warnings)
    ranking = _ranking(snapshot, searcher, query, question)
    page = (ranking.folded_page if query.fold_story else ranking.page)(start, query.size)
    facets, histogram = _counted(snapshot, searcher, query, question.query)
    return EngineAnswer(
        total=Total(value=ranking.total),
        hits=_hits(searcher, query, question, page),
        facets=facets,
        histogram=histogram,
        after=str(start + len(page.documents)) if page.more else None,
        warnings=question.warnings,
    )


def _counted(
    snapshot: Snapshot, searcher: tantivy.Searcher, query: EngineQuery, whole: tantivy.Query | None
) -> tuple[dict[str, tuple[FacetCount, ...]], tuple[HistogramBar, ...]]:
    """Counts over all that match; a facet that is filtered by itself is counted without this filter."""
    siblings = dict(own_filtered(query))
    others = [name for name in query.facets if name not in siblings]
    facets: dict[str, tuple[FacetCount, ...]] = {}
    histogram: tuple[HistogramBar, ...] = ()
    if whole is not None:
        facets, histogram = counted(searcher, whole, others, query.facet_size, query.histogram)
    for name, wider in siblings.items():
        found = _question(snapshot, searcher, wider).query
        if found is not None:
            facets |= counted(searcher, found, [name], query.facet_size, None)[0]
    return {name: facets.get(name, ()) for name in query.facets}, histogram


def _question(snapshot: Snapshot, searcher: tantivy.Searcher, query: EngineQuery) -> _Question:
    sought = asked(query.tree, query.match, languages_tried(snapshot, query))
    conditions = filters(query)
    if sought.whole is None:
        return _Question(None, sought, scored=False, warnings=(_NO_WORDS,))
    core = Clauses(searcher, sought.leaves, spare=query.spare).compiled(sought.whole)
    whole = None if core is None else narrowed(core, conditions)
    return _Question(whole, sought, scored=sought.scored, warnings=(_CUT,) if sought.cut else ())


def languages_tried(snapshot: Snapshot, query: EngineQuery) -> tuple[str | None, ...]:
    """The languages that the query's words are tried in; None is for documents of a language without stems."""
    known = query.filters.language or ((query.language,) if query.language else None)
    return (None, *(snapshot.languages if known is None else stemmed(known)))


def _ranking(snapshot: Snapshot, searcher: tantivy.Searcher, query: EngineQuery, question: _Question) -> Ranking:
    """Where nothing tells one document from another, relevance is the newest first."""
    assert question.query is not None
    sort = "newest" if query.sort == "relevance" and not question.scored else query.sort
    freshness = (query.freshness_days, snapshot.taken) if query.freshness_days else None
    return Ranking(searcher, question.query, sort, freshness)


def _hits(searcher: tantivy.Searcher, query: EngineQuery, question: _Question, page: Page) -> tuple[EngineHit, ...]:
    snippets = Snippets(question.asked.marked) if query.snippets else None
    hits = [_hit(searcher, found, snippets) for found in page.documents]
    if not query.fold_story or question.query is None:
        return tuple(hits)
    stories = [keyword(hit.document.story) for hit in hits if hit.document.story]
    counts = copies(searcher, question.query, stories)
    return tuple(
        hit.model_copy(update={"copies": counts.get(keyword(hit.document.story or ""), 1) - 1}) for hit in hits
    )


def _hit(searcher: tantivy.Searcher, found: Ranked, snippets: Snippets | None) -> EngineHit:
    document = from_engine(searcher.doc(found.address))
    snippet = snippets.of(document) if snippets else None
    return EngineHit(id=document.id, score=found.score, document=document, snippet=snippet)
