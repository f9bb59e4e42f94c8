"""What each step of enrichment costs: CPU ms a page, on labelled texts where there are some, else on XQuAD."""

import time
from collections.abc import Callable, Sequence

from tests.quality.labelled_pages import folder, labelled_texts
from tests.quality.relevance import collection
from workers.enrich.fingerprint import fingerprint
from workers.enrich.keywords import find_keywords
from workers.enrich.language import find_language
from workers.enrich.names import find_names

STEPS: dict[str, Callable[[str], object]] = {
    "language": find_language,
    "fingerprint": fingerprint,
    "names": find_names,
    "keywords": lambda text: find_keywords(None, text, "en"),
}
MOST = 120


def measure() -> None:
    texts = labelled_texts() if folder() else [each.text for each in collection("en").documents]
    texts = texts[:MOST]
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"Enrichment: CPU ms a page, {len(texts)} pages of {words:,.0f} words")
    for name, step in STEPS.items():
        print(f"  {name:12} {_cost(step, texts):.2f}")


def _cost(step: Callable[[str], object], texts: Sequence[str]) -> float:
    """Once to load what it needs, once to be counted."""
    step(texts[0])
    started = time.process_time()
    for text in texts:
        step(text)
    return 1000 * (time.process_time() - started) / len(texts)
