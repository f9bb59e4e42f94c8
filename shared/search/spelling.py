"""Words of texts that are spelt nearly as a word that was asked for."""

from collections import Counter
from collections.abc import Iterable

from shared.models.document import Document
from shared.search.analysis.alike import Alike
from shared.search.analysis.characters import normal
from shared.search.analysis.words import cut, placed_runs

_READ_CHARS = 20_000
"""How much of each text is read."""


def near_words(documents: Iterable[Document], word: str, distance: int) -> Counter[str]:
    """The words that at most `distance` letters make of `word`, with how many of these documents have each."""
    sought = normal(word)
    alike = Alike(sought, distance)
    found: Counter[str] = Counter()
    for document in documents:
        text = f"{document.title or ''}\n{document.standfirst or ''}\n{document.text[:_READ_CHARS]}"
        words = {piece.exact for run in {run[0] for run in placed_runs(text)} for piece in cut(run).pieces}
        found.update(each for each in words if each != sought and alike(each))
    return found
