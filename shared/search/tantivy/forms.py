"""What became of each word of a query, and how many documents have it so."""

from collections.abc import Iterator, Sequence

import tantivy

from shared.models.explanation import ExplainedWord, WordForm
from shared.search.analysis.stems import MARK
from shared.search.clauses import asked
from shared.search.labels import LABELLED, label
from shared.search.leaves import Leaf, Slot
from shared.search.port import EngineQuery

_STEMMED = ("text", "title")


def words(searcher: tantivy.Searcher, query: EngineQuery, languages: Sequence[str | None]) -> tuple[ExplainedWord, ...]:
    """The words in order, each with the forms that occur."""
    sought = asked(query.tree, "all", languages).sought
    return tuple(_word(searcher, leaf, slot, languages) for leaf in sought for slot in slots_of(leaf))


def slots_of(leaf: Leaf) -> Iterator[Slot]:
    """All words of a leaf, the joined one last."""
    yield from leaf.slots
    if leaf.joined:
        yield leaf.joined


def _word(searcher: tantivy.Searcher, leaf: Leaf, slot: Slot, languages: Sequence[str | None]) -> ExplainedWord:
    if leaf.field in LABELLED and leaf.field != "title":
        form = label(leaf.field, slot.exact)
        found = [WordForm(language=None, form=_bare(form), documents=searcher.doc_freq("labels", form))]
    else:
        field = "url" if leaf.field == "url" else "exact"
        found = [WordForm(language=None, form=slot.exact, documents=searcher.doc_freq(field, slot.exact))]
        tried = {
            stem: language for language, stem in reversed(list(zip((*languages, *languages), slot.stems, strict=False)))
        }
        found += [_stem(searcher, language, stem) for stem, language in tried.items()]
    there = [form for form in found if form.documents]
    return ExplainedWord(word=slot.exact, forms=tuple(there or found[:1]))


def _stem(searcher: tantivy.Searcher, language: str | None, stem: str) -> WordForm:
    documents = max(searcher.doc_freq(field, stem) for field in _STEMMED)
    return WordForm(language=language if MARK in stem else None, form=_bare(stem), documents=documents)


def _bare(form: str) -> str:
    return form.rpartition(MARK)[2]
