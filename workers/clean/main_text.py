"""The story of an HTML page, as paragraphs."""

import logging
from functools import cache
from typing import NamedTuple

from lxml.etree import strip_attributes, strip_elements, strip_tags, tostring
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from workers.clean.decode import visible
from workers.clean.tags import FORMATTING, UNSEEN

for _name in ("trafilatura", "htmldate", "courlan", "readability"):
    # They log each page that gives them nothing as an error; that is ours to tell, by the page's outcome.
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class MainText(NamedTuple):
    """Paragraphs, and the extractor that found them."""

    paragraphs: tuple[str, ...]
    extractor: str


def by_trafilatura(tree: HtmlElement) -> MainText | None:
    """The story as trafilatura's default mode finds it; None where it finds nothing or breaks.

    Comments are left out, and its memory of texts seen on other pages is never used: it would make the result depend
    on what the process saw before. How many columns a cell spans is taken off first: it makes a cell for each.
    """
    strip_attributes(tree, "colspan", "rowspan")
    try:
        found = bare_extraction(tree, options=_options())
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (the vendor's own faults; there is a second extractor)
        return None
    paragraphs = _lines(found.text or "") if isinstance(found, Document) else ()
    return MainText(paragraphs, "trafilatura") if paragraphs else None


def by_resiliparse(tree: HtmlElement, *, whole: bool = False) -> MainText | None:
    """The story as resiliparse finds it, in a tenth of the time; the page's whole text where it sees no story.

    Its parser is given lxml's tree written out: well formed, no deeper than that, and without formatting, which
    HTML5 can multiply until a page never ends.

    Args:
        tree: the page; what is not needed is taken out of it.
        whole: take the whole text at once.
    """
    strip_elements(tree, *UNSEEN, with_tail=False)
    strip_tags(tree, *FORMATTING)
    html = tostring(tree, encoding="unicode", method="html")
    for main_content in (False,) if whole else (True, False):
        text = extract_plain_text(
            html, main_content=main_content, preserve_formatting=True, alt_texts=False, comments=False
        )
        if paragraphs := _lines(text):
            return MainText(paragraphs, "resiliparse" if main_content else "resiliparse-whole-page")
    return None


def _lines(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in visible(text).split("\n"))
    return tuple(line for line in lines if line.isalnum() or any(map(str.isalnum, line)))


@cache
def _options() -> Extractor:
    """Trafilatura's default options, made once: it reads them from a file's worth of strings."""
    return Extractor(output_format="python", comments=False, with_metadata=False)
