"""Title, writers and day of labelled pages, ours beside trafilatura's.

The matching rules. A title is right where one of the two, in lower case and without punctuation, is within the other,
or where four fifths of all their words are common to both; `exact` counts those that are the same. Writers are right
where a name that is found is within the label or the other way round. A day is right where it is the label's. Pages
without a label are not counted, but for `invented`: the share of undated pages that are given a day.
"""

import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from trafilatura import bare_extraction

from tests.quality.labelled_pages import FETCHED_AT, Labelled, folder, labelled_pages
from workers.clean.decode import decode
from workers.clean.limits import CleanLimits
from workers.clean.metadata import read_metadata
from workers.clean.tree import parse


class Said(NamedTuple):
    title: str
    authors: tuple[str, ...]
    published: str


class Figures(NamedTuple):
    pages: int
    title: float
    exact: float
    author: float
    published: float
    invented: float
    ms: float


@cache
def ours(page: Labelled) -> Said:
    tree = parse(decode(page.body, None).text, CleanLimits())
    found = read_metadata(tree, page.url, FETCHED_AT, search_body=True)
    return Said(found.title or "", found.authors, found.published or "")


@cache
def trafilatura(page: Labelled) -> Said:
    text = decode(page.body, None).text
    found = bare_extraction(text, url=page.url, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return Said("", (), "")
    return Said(found.title or "", tuple((found.author or "").split("; ")), found.date or "")


def figures(read: Callable[[Labelled], Said], pages: Sequence[Labelled]) -> Figures:
    started = time.process_time()
    said = [(page, read(page)) for page in pages]
    spent = time.process_time() - started
    return Figures(
        len(pages),
        _share([title_matches(page.title, found.title) for page, found in said if page.title]),
        _share([plain(page.title) == plain(found.title) for page, found in said if page.title]),
        _share([_author_matches(page.author, found.authors) for page, found in said if page.author]),
        _share([page.published[:10] == found.published[:10] for page, found in said if page.published]),
        _share([bool(found.published) for page, found in said if not page.published]),
        1000 * spent / len(pages),
    )


def measure() -> None:
    if folder() is None:
        print("Metadata: QUALITY_PAGES names no folder of labelled pages")
        return
    pages = labelled_pages()
    print("Metadata: pages, accuracy of title (and exact), author, day, undated pages given one, CPU ms a page")
    for part, chosen in (
        ("development", [page for page in pages if not page.held_out]),
        ("held out", [page for page in pages if page.held_out]),
        ("all", pages),
        ("articles", [page for page in pages if page.page_type == "article"]),
    ):
        for name, read in (("ours", ours), ("trafilatura", trafilatura)):
            ours.cache_clear()
            got = figures(read, chosen)
            print(
                f"  {part:12} {name:12} {got.pages:4}  {got.title:.3f} ({got.exact:.3f})  {got.author:.3f}"
                f"  {got.published:.3f}  {got.invented:.3f}  {got.ms:5.1f}"
            )


def title_matches(label: str, found: str) -> bool:
    """Whether one is within the other, or four fifths of all their words are common to both."""
    mine, theirs = plain(label), plain(found)
    within = bool(mine and theirs) and (mine in theirs or theirs in mine)
    return within or _alike(set(mine.split()), set(theirs.split())) >= 0.8


def _author_matches(label: str, found: Sequence[str]) -> bool:
    mine = plain(label)
    return any((theirs := plain(name)) and (theirs in mine or mine in theirs) for name in found)


def plain(text: str) -> str:
    """The words in small letters, without punctuation."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _share(right: Sequence[bool]) -> float:
    return sum(right) / max(1, len(right))
