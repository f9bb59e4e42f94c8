"""One search of one view of the index."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from elasticsearch import ApiError

from shared.models.document import Document
from shared.models.explanation import ExplainedWord
from shared.models.search import SearchWarning, Total
from shared.search.analysis.analyzers import ANALYZERS, OTHER, analyzed_as
from shared.search.analysis.languages import ALGORITHMS
from shared.search.clauses import WORDS_MAX, Asked, Group, asked
from shared.search.elasticsearch.clauses import Clauses
from shared.search.elasticsearch.client import Connection
from shared.search.elasticsearch.compiling import Query, filters, plain
from shared.search.elasticsearch.counting import bars_told, copies_asked, counts_asked, facets_told
from shared.search.elasticsearch.documents import SOURCE, from_engine
from shared.search.elasticsearch.figures import Known
from shared.search.elasticsearch.forms import words
from shared.search.elasticsearch.highlighting import highlight_asked, passages_told
from shared.search.elasticsearch.mapping import FOLD, WINDOW
from shared.search.elasticsearch.ordering import Place, freshened, order, written
from shared.search.elasticsearch.views import View, gone
from shared.search.fields import keyword
from shared.search.leaves import Leaf
from shared.search.port import EngineAnswer, EngineHit, EngineQuery
from shared.search.siblings import own_filtered
from shared.search.snippets import Snippets

_NO_WORDS: Final = SearchWarning(code="no-words", detail="There is no word in the query that could be looked for.")
_CUT: Final = SearchWarning(code="too-many-words", detail=f"Only the first {WORDS_MAX} words were looked for.")
_DEEP: Final = SearchWarning(
    code="too-deep", detail=f"Folded results end after {WINDOW}; narrow the search to see others."
)
_AWAY: Final = 503
_OURS: Final = tuple(code for code in ALGORITHMS if code not in ANALYZERS)
"""Languages whose stems are ours, in the sub-field for others; None for words without a language."""


_STEMMED: Final = frozenset({None, "title", "text"})
"""Fields of the query language that are analysed by language."""


class _Question(NamedTuple):
    """What is looked for; `scored` where documents differ in how well they match."""

    core: Query
    scored: bool
    whole: Query
    warnings: tuple[SearchWarning, ...]


class Search:
    """Asks one view.

    Args:
        connection: to the engine.
        view: what is read.
        keep_alive: how long the engine then holds it.
        seconds: after which the engine answers with what it has.
    """

    def __init__(self, connection: Connection, view: View, keep_alive: str, seconds: float) -> None:
        self._connection = connection
        self._view = view
        self._pit = {"id": view.pit, "keep_alive": keep_alive}
        self._timeout = f"{max(1, int(seconds * 1000))}ms"

    def answered(self, query: EngineQuery, place: Place) -> EngineAnswer:
        """The results behind a place; `snapshot` and `engine_ms` are left to the caller.

        Raises:
            SnapshotGone: the engine has let the view go.
            ApiError, TransportError: the engine failed.
        """
        question = self._question(query)
        if question is None:
            return EngineAnswer(total=Total(value=0), facets=dict.fromkeys(query.facets, ()), warnings=(_NO_WORDS,))
        told = self._ask(self._body(query, question, place))
        found, total = told["hits"]["hits"], told["hits"]["total"]["value"]
        partial = bool(told["timed_out"] or told["_shards"]["failed"])
        hits = self._hits(query, question, found[: query.size])
        after = self._after(query, place, found, total)
        counts = told.get("aggregations", {})
        return EngineAnswer(
            total=Total(value=total, exact=not partial),
            hits=hits,
            facets=facets_told(query, counts),
            histogram=bars_told(counts),
            after=written(after) if after else None,
            partial=partial,
            warnings=question.warnings + ((_DEEP,) if query.fold_story and place.seen + query.size >= WINDOW else ()),
        )

    def words(self, query: EngineQuery) -> tuple[ExplainedWord, ...]:
        """What became of each word of a query, in order."""
        sought = asked(query.tree, "all", (None, *_OURS)).sought
        return words(sought, self._known([leaf for leaf in sought if leaf.field in _STEMMED]))

    def _question(self, query: EngineQuery) -> _Question | None:
        sought = asked(query.tree, query.match, (None, *_OURS))
        conditions = filters(query)
        if sought.whole is None:
            return None
        core = self._compiled(query, sought, sought.whole)
        return _Question(core, sought.scored, _narrowed(core, conditions), (_CUT,) if sought.cut else ())

    def _compiled(self, query: EngineQuery, sought: Asked, whole: Group) -> Query:
        leaves = [leaf for leaf in sought.sought if leaf.field in _STEMMED and leaf.form != "prefix"]
        known = self._known(leaves)
        figures = self._view.figures
        given = query.filters.language or ((query.language,) if query.language else ())
        codes = dict.fromkeys(map(analyzed_as, given)) if given else figures.languages()
        tried = [code for code in codes if code != OTHER]
        return Clauses(known, tried, leaves, spare=query.spare).whole(whole)

    def _known(self, leaves: Sequence[Leaf]) -> Known:
        """What the index knows of the words of these leaves."""
        slots = [slot for leaf in leaves for slot in (*leaf.slots, *filter(None, (leaf.joined,)))]
        words = [slot.exact for slot in slots if plain(slot.exact)]
        forms = [form for slot in slots for form in slot.stems]
        return self._view.figures.known(list(dict.fromkeys(words)), list(dict.fromkeys(forms)))

    def _body(self, query: EngineQuery, question: _Question, place: Place) -> dict[str, Any]:
        relevance = query.sort == "relevance" and question.scored
        whole = question.whole
        if query.freshness_days and relevance:
            whole = freshened(whole, query.freshness_days, self._view.taken_ms)
        body: dict[str, Any] = {
            "query": whole,
            "size": query.size,
            "sort": order("newest" if query.sort == "relevance" and not relevance else query.sort),
            "track_total_hits": True,
            "_source": list(SOURCE) if query.size else False,
            "timeout": self._timeout,
        }
        if counts := counts_asked(query, self._siblings(query)):
            body["aggs"] = counts
        if query.fold_story and query.size:
            return {**body, "collapse": {"field": FOLD}, "from": place.seen, "size": self._folded_size(query, place)}
        return {**body, "search_after": list(place.last)} if place.last else body

    def _siblings(self, query: EngineQuery) -> dict[str, Query]:
        """What facets are counted over that are filtered by themselves."""
        questions = {name: self._question(wider) for name, wider in own_filtered(query)}
        return {name: question.whole for name, question in questions.items() if question}

    @staticmethod
    def _folded_size(query: EngineQuery, place: Place) -> int:
        """One more than asked for tells whether others follow: the engine does not count folded hits."""
        return max(1, min(query.size + 1, WINDOW - place.seen))

    def _after(self, query: EngineQuery, place: Place, found: Sequence[Mapping[str, Any]], total: int) -> Place | None:
        if not query.size or not found:
            return None
        seen = place.seen + len(found[: query.size])
        if query.fold_story:
            return Place(seen) if len(found) > query.size and seen < WINDOW else None
        return Place(seen, tuple(found[-1]["sort"])) if seen < total else None

    def _ask(self, body: dict[str, Any]) -> Any:
        try:
            return self._connection.client.search(
                pit=self._pit, search_type="dfs_query_then_fetch", **_named(body)
            ).body
        except ApiError as error:
            why = self._why() if error.meta.status == _AWAY else None
            raise gone(why or error, self._view.name) from error

    def _why(self) -> ApiError | None:
        """A deleted index looks like shards that are away, but where partial answers are not wanted."""
        try:
            self._connection.client.search(pit=self._pit, size=0, allow_partial_search_results=False)
        except ApiError as error:
            return error
        return None

    def _hits(
        self, query: EngineQuery, question: _Question, found: Sequence[Mapping[str, Any]]
    ) -> tuple[EngineHit, ...]:
        documents = [from_engine(hit["_source"]) for hit in found]
        snippets = self._snippets(query, question, documents) if query.snippets else {}
        copies = self._copies(question, documents) if query.fold_story else {}
        scored = query.sort == "relevance" and question.scored
        return tuple(
            EngineHit(
                id=document.id,
                score=hit["sort"][0] if scored else None,
                document=document,
                snippet=snippets.get(document.id),
                copies=copies.get(keyword(document.story or ""), 1) - 1,
            )
            for hit, document in zip(found, documents, strict=True)
        )

    def _snippets(self, query: EngineQuery, question: _Question, documents: Sequence[Document]) -> dict[str, str]:
        """Ours, which both engines share; the engine's where ours have no mark."""
        languages = dict.fromkeys(document.language for document in documents)
        ours = Snippets(asked(query.tree, query.match, (None, *languages)).marked)
        made = {document.id: ours.of(document) for document in documents}
        unmarked = [name for name, snippet in made.items() if "<mark>" not in snippet]
        if not question.scored or not unmarked:
            return made
        titles = {document.id: document.title for document in documents}
        told = self._ask({**highlight_asked(question.core, unmarked), "timeout": self._timeout})
        return made | dict(passages_told(told["hits"]["hits"], titles))

    def _copies(self, question: _Question, documents: Sequence[Document]) -> dict[str, int]:
        stories = list(dict.fromkeys(keyword(document.story) for document in documents if document.story))
        if not stories:
            return {}
        these = _narrowed(question.whole, [{"terms": {"story": stories}}])
        told = self._ask({"query": these, "size": 0, "aggs": copies_asked(stories), "timeout": self._timeout})
        return {bucket["key"]: bucket["doc_count"] for bucket in told["aggregations"]["story"]["buckets"]}


def _narrowed(core: Query, conditions: Sequence[Query]) -> Query:
    """`core` where all conditions hold, which do not change the score."""
    return {"bool": {"must": [core], "filter": list(conditions)}} if conditions else core


def _named(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body as the client takes it: by keywords, which in Python some names cannot be."""
    renamed = {"_source": "source", "from": "from_"}
    return {renamed.get(name, name): value for name, value in body.items()}
