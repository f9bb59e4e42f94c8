"""Who, when and where of an HTML page: trafilatura's readers, each asked by itself, so that evidence can be given."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Final, TypeVar

from lxml.html import HtmlElement
from trafilatura.metadata import examine_meta, extract_sitename
from trafilatura.settings import Document

from shared.models.clean_page import Evidence
from workers.clean.addresses import absolute
from workers.clean.authors import author_in_body
from workers.clean.decode import visible
from workers.clean.json_ld import read_json_ld
from workers.clean.published import read_published
from workers.clean.title import Found, choose_title

_T = TypeVar("_T")
_LONGEST_META: Final = 2_000
_MOST_METAS: Final = 500
_LONGEST_TITLE: Final = 1_000
_LONGEST_NAME: Final = 200
_MOST_AUTHORS: Final = 20
_MOST_HEADINGS: Final = 10
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_\s,;].*)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself; None and () where it does not say."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    language_hint: str | None = None
    description: str | None = None
    image: str | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)


def read_metadata(tree: HtmlElement, url: str | None, fetched_at: datetime, *, search_body: bool) -> Metadata:
    """Reads the fields of a page.

    Args:
        tree: the page; overlong meta tags are cut in it.
        url: its address.
        fetched_at: no date after it is believed.
        search_body: whether authors may be searched for outside the head, which costs a walk over the page.
    """
    _cut_metas(tree)
    meta = _tried(lambda: examine_meta(tree)) or Document()
    if meta.author and " " not in meta.author:
        meta.author = None
    before = (meta.title, meta.author, meta.sitename)
    meta = read_json_ld(tree, meta)
    found = {
        "title": _title(tree, meta, _source(before[0], meta.title)),
        "authors": _author(tree, meta, _source(before[1], meta.author), search_body=search_body),
        "published": _tried(lambda: read_published(tree, url, fetched_at)),
        "site_name": _site_name(tree, meta, _source(before[2], meta.sitename)),
        "canonical_url": _canonical_url(tree, url, meta.url),
        "language_hint": _language(tree),
    }
    values = {name: given.value for name, given in found.items() if given}
    authors = tuple(values.pop("authors").split("; ")) if "authors" in values else ()
    return Metadata(
        **values,
        authors=authors,
        description=tidy(meta.description),
        image=absolute(url, meta.image if isinstance(meta.image, str) else None),
        evidence={
            name: Evidence(found_in=given.found_in, confidence=given.confidence)
            for name, given in found.items()
            if given
        },
    )


def tidy(value: object, longest: int = _LONGEST_META) -> str | None:
    """One line of visible text out of a field's value; None for nothing, and for what is no text."""
    if not isinstance(value, str):
        return None
    line = " ".join(visible(unescape(value[:longest])).split())
    return line or None


def _tried(read: Callable[[], _T]) -> _T | None:
    """What a vendor's reader gives; where it stumbles over a page, a field is lost and not the page."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (any of the vendor's own faults)
        return None


def _cut_metas(tree: HtmlElement) -> None:
    for count, meta in enumerate(tree.findall(".//meta[@content]")):
        if count >= _MOST_METAS:
            meta.attrib.pop("content")
        elif len(meta.get("content")) > _LONGEST_META:
            meta.set("content", visible(meta.get("content")[:_LONGEST_META]))


def _source(before: object, after: object) -> str:
    return "meta" if before == after else "json-ld"


def _title(tree: HtmlElement, meta: Document, source: str) -> Found | None:
    element = tree.find(".//head//title")
    tag = _text_of(element) if element is not None else None
    headings = [_text_of(heading) for heading in tree.findall(".//h1")[:_MOST_HEADINGS]]
    declared = tidy(meta.title, _LONGEST_TITLE)
    return choose_title(declared, source, tag, [text for text in headings if text], tidy(meta.sitename))


def _text_of(element: HtmlElement) -> str | None:
    return tidy(" ".join(element.itertext()), _LONGEST_TITLE)


def _author(tree: HtmlElement, meta: Document, source: str, *, search_body: bool) -> Found | None:
    names, confidence = meta.author, 0.9
    if not names and search_body:
        names, source, confidence = _tried(lambda: author_in_body(tree)), "byline", 0.6
    parted = (tidy(name, _LONGEST_NAME) for name in (names or "").split(";")[:_MOST_AUTHORS])
    authors = dict.fromkeys(name for name in parted if name)
    return Found("; ".join(authors), source, confidence) if authors else None


def _site_name(tree: HtmlElement, meta: Document, source: str) -> Found | None:
    name = tidy(meta.sitename, _LONGEST_NAME)
    if name and "://" not in name and name[0] not in "©(":
        return Found(name.lstrip("@"), source, 0.9) if name.lstrip("@") else None
    guessed = tidy(_tried(lambda: extract_sitename(tree)), _LONGEST_NAME)
    return Found(guessed, "title", 0.5) if guessed else None


def _canonical_url(tree: HtmlElement, url: str | None, open_graph: str | None) -> Found | None:
    for link in tree.iterfind(".//link[@rel][@href]"):
        if "canonical" in link.get("rel").lower().split() and (canonical := absolute(url, link.get("href"))):
            return Found(canonical, "link", 0.95)
    declared = absolute(url, open_graph)
    return Found(declared, "meta", 0.8) if declared else None


def _language(tree: HtmlElement) -> Found | None:
    root = tree.getroottree().getroot()
    places = [(root.get("lang"), "html"), (root.get("{http://www.w3.org/XML/1998/namespace}lang"), "html")]
    places.append((root.get("xml:lang"), "html"))
    for meta in tree.iterfind(".//head//meta[@content]"):
        name = (meta.get("property") or meta.get("http-equiv") or meta.get("name") or "").lower()
        if name in {"og:locale", "content-language", "language"}:
            places.append((meta.get("content"), "meta"))
    for value, where in places:
        if value and (language := _LANGUAGE.fullmatch(value)):
            return Found(language[1].lower(), where, 0.8 if where == "html" else 0.6)
    return None
