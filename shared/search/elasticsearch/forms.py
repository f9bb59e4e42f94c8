"""What became of each word of a query, and how many documents have it so."""

from collections.abc import Iterator, Sequence

from shared.models.explanation import ExplainedWord, WordForm
from shared.search.analysis.analyzers import OTHER
from shared.search.analysis.stems import MARK
from shared.search.elasticsearch.figures import STEMMED, Known
from shared.search.labels import LABELLED, label
from shared.search.leaves import Leaf, Slot


def words(leaves: Sequence[Leaf], figures: Known) -> tuple[ExplainedWord, ...]:
    """The words in order, each with the forms that occur, as the engine's analyzers have them."""
    return tuple(_word(leaf, slot, figures) for leaf in leaves for slot in (*leaf.slots, *filter(None, (leaf.joined,))))


def _word(leaf: Leaf, slot: Slot, figures: Known) -> ExplainedWord:
    if leaf.field in LABELLED and leaf.field != "title":
        form = label(leaf.field, slot.exact).rpartition(MARK)[2]
        return ExplainedWord(word=slot.exact, forms=(WordForm(language=None, form=form),))
    if leaf.field in ("exact", "url"):
        return ExplainedWord(word=slot.exact, forms=(WordForm(language=None, form=slot.exact),))
    most: dict[tuple[str | None, str], int] = {}
    for language, form, documents in _forms(slot, figures):
        most[language, form] = max(documents, most.get((language, form), 0))
    made = [WordForm(language=language, form=form, documents=count) for (language, form), count in most.items()]
    return ExplainedWord(word=slot.exact, forms=tuple(form for form in made if form.documents) or tuple(made[:1]))


def _forms(slot: Slot, figures: Known) -> Iterator[tuple[str | None, str, int]]:
    for place, terms in figures.terms.items():
        field, _, code = place.partition(".")
        for word in dict.fromkeys(slot.stems) if code == OTHER else (slot.exact,):
            term = terms.get(word)
            if field in STEMMED and term and term.text:
                language, _, form = term.text.rpartition(MARK)
                yield (language or None) if code == OTHER else code, form, term.documents
