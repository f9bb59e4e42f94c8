"""CPU of the search service for what the search page asks, over 200,000 documents on Tantivy."""

import random
import re
import tempfile
import time
from html import unescape
from pathlib import Path
from typing import Any, Final

from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.bench.pages import sentence
from tests.bench.report import heading, row
from tests.integration.query.conftest import Service, page, serve

_READING: Final = {"Accept": "text/html"}
_TYPING: Final = {"HX-Request": "true", "HX-Target": "found", "HX-Trigger": "q"}
_FURTHER: Final = {"HX-Request": "true", "HX-Target": "more"}
_ASKED: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "as one types: a word that most documents have": ("/?q=harbour", _TYPING),
    "as one types: two such words": ("/?q=harbour+bridge", _TYPING),
    "as one types: a phrase that a twentieth has": ("/?q=%22railway+museum%22", _TYPING),
    "as one types: nothing found": ("/?q=harbuor+brigde", _TYPING),
    "suggestions": ("/search/suggestions?q=per", _TYPING),
    "the other facets, a pause later": ("/search/facets?q=harbour", _TYPING),
    "why nothing was found, a pause later": ("/search/why?q=harbuor+brigde", _TYPING),
    "the whole page, everything": ("/", _READING),
    "the whole page, a word, all facets": ("/?q=harbour", _READING),
    "the same narrowed to a language and a site": ("/?q=harbour&language=de&site=s1.example", _READING),
    "a document with what is like it": ("/documents/p4", _READING),
}
_BATCH: Final = 10_000


def measure(documents: int = 200_000) -> None:
    """Prints the least of five tries for each, and what the API takes for the first."""
    with tempfile.TemporaryDirectory() as folder:
        writer = TantivyWriter(Path(folder) / "index")
        for start in range(0, documents, _BATCH):
            writer.index([_document(number) for number in range(start, min(start + _BATCH, documents))])
        writer.close()
        ask(Path(folder) / "index")


def ask(path: Path) -> None:
    """The same over an index that is there."""
    index = TantivyIndex(path, cursor_idle_seconds=300, snapshots_max=8)
    service = serve(index)
    heading(f"the search page over {index.count():,} documents, CPU of the service")
    row("the API: ten hits and no counts", _milliseconds(service, "/v1/search?q=harbour&fold=story", {}), "ms")
    for name, (address, headers) in _ASKED.items():
        row(name, _milliseconds(service, address, headers), "ms")
    text = service.get("/?q=harbour", headers=_READING).text
    further = unescape(re.findall(r'rel="next" href="([^"]+)"', text)[0])
    row("more pages", _milliseconds(service, further, _FURTHER), "ms")
    service.close()
    index.close()


def _document(number: int) -> Any:
    dice = random.Random(number)

    def some(what: str, of: int) -> str:
        """Few values are frequent, and many are rare, as names are."""
        return f"{what} {int(dice.paretovariate(0.7)) % of}"

    return page(
        f"p{number}",
        " ".join(sentence(dice) for _ in range(20)),
        title=sentence(dice)[:60],
        url=f"https://s{number % 800}.example/{number}",
        site=f"s{int(dice.paretovariate(0.8)) % 800}.example",
        source=some("feed", 12),
        language=dice.choice(("en", "en", "en", "de", "fr", "ru", "es")),
        published=f"{dice.randint(2005, 2024)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        authors=(some("Author", 20_000),),
        tags=(some("tag", 8_000),),
        names={
            "people": (some("Person", 20_000), some("Person", 20_000)),
            "places": (some("Place", 3_000),),
            "organisations": (some("Organisation", 5_000),),
        },
        keywords=tuple({some("topic", 8_000) for _ in range(6)}),
        story=f"story{number // 10 * 10 if number % 10 < 2 else number}",
    )


def _milliseconds(service: Service, address: str, headers: dict[str, str]) -> float:
    times = []
    for _ in range(5):
        begun = time.process_time()
        assert service.get(address, headers=headers).status_code == 200
        times.append((time.process_time() - begun) * 1000)
    return min(times)
