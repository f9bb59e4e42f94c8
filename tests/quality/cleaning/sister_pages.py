"""Ten pages of one site each, made of labelled pages: the frame of one page around the texts of ten others."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cache
from typing import Final, NamedTuple

from lxml.html import HtmlElement, tostring

from shared.models.raw_page import ContentType
from tests.quality.cleaning.alignment import shares
from tests.quality.cleaning.labelled import Labelled
from tests.quality.relevance import collection
from workers.clean.limits import CleanLimits
from workers.clean.lines import read_lines
from workers.clean.segments import cut
from workers.clean.tree import parse

PAGES: Final = 10
_LEAST_PARAGRAPHS: Final = 3
_LIMITS: Final = CleanLimits()
_PARAGRAPHS: Final = ("p", "li", "blockquote", "div", "td", "pre", "dd", "section", "article", "span")


class Sister(NamedTuple):
    """One page of a site, and what is to be kept of it."""

    content: str
    text: str
    content_type: ContentType


def html_sites(pages: Sequence[Labelled]) -> Iterator[list[Sister]]:
    """Ten HTML pages for each page that holds paragraphs which a person kept."""
    for page in pages:
        if len(page.html) < _LIMITS.max_weight and (sisters := _html(page, _others(page, pages))):
            yield sisters


def dump_sites(pages: Sequence[Labelled], shape: str) -> Iterator[list[Sister]]:
    """The same of dumps of one shape."""
    dumped = [page for page in pages if page.dumps]
    for page in dumped:
        if sisters := _dumps(page.dumps[shape], page.text, _others(page, dumped), markdown=shape == "markdown"):
            yield sisters


def _others(page: Labelled, pages: Sequence[Labelled]) -> list[str]:
    """The texts of ten pages of its kind behind it, from the first again at the end; of XQuAD where there are fewer."""
    place = pages.index(page)
    turned = [*pages[place + 1 :], *pages[:place]]
    texts = [each.text for each in turned if each.page_type == page.page_type and len(_lines(each.text)) > 2]
    return texts[:PAGES] if len(texts) >= PAGES else _of_xquad()


@cache
def _of_xquad() -> list[str]:
    """Ten texts of five paragraphs each."""
    paragraphs = [each.text for each in collection("en").documents]
    return ["\n".join(paragraphs[start : start + 5]) for start in range(0, 5 * PAGES, 5)]


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _html(page: Labelled, others: Sequence[str]) -> list[Sister]:
    tree = parse(page.html, _LIMITS)
    elements = list(tree.iter())
    numbers = {element: number for number, element in enumerate(elements)}
    found = cut(tree)
    shared = shares([segment.text for segment in found.segments], page.text)
    kept = [segment for segment, share in zip(found.segments, shared, strict=True) if share > 0.5]
    headings = {numbers[segment.element] for segment in kept if segment.level}
    places = list(
        dict.fromkeys(numbers[each.element] for each in kept if not each.level and _is_paragraph(each.element))
    )
    if len(places) < _LEAST_PARAGRAPHS:
        return []
    whole = parse(page.html, _LIMITS)
    return [_in_frame(whole, places, headings, _lines(other)) for other in others]


def _is_paragraph(element: HtmlElement) -> bool:
    return element.tag in _PARAGRAPHS


def _in_frame(whole: HtmlElement, places: Sequence[int], headings: set[int], texts: list[str]) -> Sister:
    """The page with its own text taken out and another one put there."""
    tree = deepcopy(whole)
    elements = list(tree.iter())
    own = [elements[place] for place in places]
    for heading in (elements[place] for place in headings):
        _empty(heading, "")
    for element in tree.iter("title"):
        element.text = texts[0][:80]
    for meta in list(tree.iter("meta")):
        if (meta.get("property") or meta.get("name") or "").endswith(("title", "description")):
            meta.drop_tree()
    for number, element in enumerate(own):
        lines = texts[number : number + 1] if number + 1 < len(own) else texts[number:]
        _empty(element, lines[0] if lines else "")
        for line in lines[:0:-1]:
            after = deepcopy(element)
            after.text, after.tail = line, None
            element.addnext(after)
    return Sister(tostring(tree, encoding="unicode"), "\n".join(texts), "text/html")


def _empty(element: HtmlElement, text: str) -> None:
    """Puts a text in the place of all that an element holds, where it is still on the page."""
    for child in list(element):
        element.remove(child)
    element.text = text


def _dumps(content: str, text: str, others: Sequence[str], *, markdown: bool) -> list[Sister]:
    lines = content.split("\n")
    found = read_lines(content, markdown=markdown)
    shared = shares([line.text for line in found], text)
    kept = [line.number - 1 for line, share in zip(found, shared, strict=True) if share > 0.5]
    if len(kept) < _LEAST_PARAGRAPHS:
        return []
    between = [
        lines[place] for place in range(kept[0], kept[-1] + 1) if place not in set(kept) and lines[place].strip()
    ]
    kind: ContentType = "text/markdown" if markdown else "text/plain"
    made = []
    for other in others:
        body = _mixed(_lines(other), between)
        parted = "\n\n" if markdown else "\n"
        made.append(
            Sister(
                "\n".join(lines[: kept[0]]) + parted + parted.join(body) + parted + "\n".join(lines[kept[-1] + 1 :]),
                other,
                kind,
            )
        )
    return made


def _mixed(texts: Sequence[str], between: Sequence[str]) -> list[str]:
    """A text with what stood between the paragraphs of the frame's own, at even distances."""
    mixed = list(texts)
    for number, line in reversed(list(enumerate(between))):
        mixed.insert(1 + number * (len(texts) - 1) // max(1, len(between)), line)
    return mixed
