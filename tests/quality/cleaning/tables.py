"""`python -m tests.quality cleaning`: what is kept of labelled pages, ours beside other tools.

`QUALITY_PAGES` names the folder of the labelled pages; without it, the few that are in the repository are measured.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.quality.cleaning.extractors import FOR_DUMPS, FOR_HTML, Extractor, ours
from tests.quality.cleaning.labelled import SHAPES, TYPES, Labelled, read_pages
from tests.quality.cleaning.scores import score

FEW = Path(__file__).parents[1] / "data" / "wcxb"


def folder() -> Path:
    return Path(os.environ.get("QUALITY_PAGES") or FEW)


def measure() -> None:
    """Prints the tables."""
    pages = list(read_pages(folder()))
    kinds = [kind for kind in TYPES if any(page.page_type == kind for page in pages)]
    print(f"HTML, {len(pages)} pages: F1 of runs of four words, ms of CPU a page")
    print(_line("", ["all", *kinds, "ms"]))
    for name, extract in FOR_HTML.items():
        print(_row(name, [(page, page.html) for page in pages], extract, lambda page: page.page_type, kinds))
    _print_extractors(pages)
    dumped = [(page, shape, text) for page in pages for shape, text in page.dumps.items()]
    print(f"Dumps of {len(dumped) // len(SHAPES)} articles: the same")
    print(_line("", [*SHAPES, "ms"]))
    for name, extract in FOR_DUMPS.items():
        cells, spent = [], 0.0
        for shape in SHAPES:
            mean, ms = _measured([(page, text) for page, made, text in dumped if made == shape], extract)
            cells.append(f"{mean:.3f}")
            spent += ms / len(SHAPES)
        print(_line(name, [*cells, f"{spent:.1f}"]))


def _row(
    name: str,
    contents: Sequence[tuple[Labelled, str]],
    extract: Extractor,
    kind: Callable[[Labelled], str],
    kinds: Iterable[str],
) -> str:
    try:
        scores, ms = f1s(contents, extract)
    except ImportError as missing:
        return f"{name:28}{missing.name} is not installed"
    of_kind = [[f1 for f1, (page, _) in zip(scores, contents, strict=True) if kind(page) == wanted] for wanted in kinds]
    return _line(name, [f"{_mean(found):.3f}" for found in (scores, *of_kind)] + [f"{ms:.1f}"])


def f1s(contents: Sequence[tuple[Labelled, str]], extract: Extractor) -> tuple[list[float], float]:
    """The F1 of each page, and the CPU's milliseconds a page."""
    found, spent = [], 0.0
    for page, content in contents:
        started = time.process_time()
        try:
            text = extract(content, page)
        except (ValueError, TypeError, AttributeError, LookupError):  # a tool that breaks on a page finds nothing
            text = ""
        spent += time.process_time() - started
        found.append(score(text, page.text).f1)
    return found, spent / max(1, len(contents)) * 1000


def _measured(contents: Sequence[tuple[Labelled, str]], extract: Extractor) -> tuple[float, float]:
    scores, ms = f1s(contents, extract)
    return _mean(scores), ms


def _print_extractors(pages: Sequence[Labelled]) -> None:
    """Which extractor made the text, and how many of the labels' snippets are and are not in it."""
    used: Counter[str] = Counter()
    wanted = had = unwanted = got = 0
    for page in pages:
        text, extractor = ours(page.html, page, "text/html")
        used[extractor] += 1
        words = " ".join(text.split())
        wanted += len(page.must_have)
        had += sum(" ".join(part.split()) in words for part in page.must_have)
        unwanted += len(page.must_not_have)
        got += sum(" ".join(part.split()) in words for part in page.must_not_have)
    shares = ", ".join(f"{name} {count / len(pages):.0%}" for name, count in used.most_common())
    print(f"made by {shares}")
    print(
        f"must have: {had} of {wanted} ({had / max(1, wanted):.1%}); must not have: {got} of {unwanted} "
        f"({got / max(1, unwanted):.1%})"
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _line(name: str, cells: Iterable[str]) -> str:
    return f"{name:28}" + "".join(f"{cell[:10]:>12}" for cell in cells)
