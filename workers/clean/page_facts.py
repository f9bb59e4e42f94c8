"""What a page says about its kind: in its address, its declared type, the names of its software, its description."""

import re
from typing import Final, NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from workers.clean.tags import names

_JSON_LD = XPath("//script[@type='application/ld+json']/text()", smart_strings=False)
_METAS = XPath("//head//meta[@content]")
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]+)"')
_DESCRIPTION = re.compile(r'"(?:description|articleBody)"\s*:\s*"((?:[^"\\]|\\.){30,4000})')
_FORUM = re.compile(
    r"forums?\b|community|discuss|threads?\b|topics?\b|viewtopic|showthread|\bboards?\b|/t/|/comments/|/questions?\b"
    r"|answers",
    re.IGNORECASE,
)
_SHELF = re.compile(
    r"/collections?\b(?!/[^/]+/products)|/categor|/c/|/cat/|/shop/?$|/browse|/s/|/w/|/b/|/search|/store/?$|/cp/"
    r"|/departments?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"/(?:19|20)\d\d/|/blog/.|/news/.|/articles?/.|/stor(?:y|ies)|/posts?/.|/p/", re.IGNORECASE)
_HOME = re.compile(r"[^/]+(?:/(?:[a-z]{2}(?:[-_][a-zA-Z]{2})?/?)?(?:(?:index|default|home)(?:\.\w{2,5})?/?)?)?")
"""A host with no path, but for a language or the name of the first file."""
_FORUM_SOFTWARE: Final = (
    *names("discourse xenforo vbulletin phpbb invision mybb nodebb flarum ipslayout"),
    "simple machines",
)
_DESCRIPTIONS: Final = frozenset(("description", "og:description", "twitter:description"))
_LONGEST_LD: Final = 50_000
_MOST_DESCRIPTIONS: Final = 8
_START: Final = 20_000


class PageFacts(NamedTuple):
    """What is known of a page before its text is read."""

    row: tuple[float, ...]
    """As numbers, in the order of FACTS."""
    said: str
    """Its descriptions, in small letters."""
    is_forum: bool
    is_article: bool
    is_product: bool
    is_home: bool = False
    """Whether its address is the site's own, and it says nothing else of itself."""


FACTS: Final = ("ld", "og", "u_forum", "u_shelf", "u_article")


def read_facts(tree: HtmlElement, source: str, url: str | None) -> PageFacts:
    """Reads them from a page that has not been cut yet.

    Args:
        tree: the page.
        source: the same as text; some software says its name in its beginning.
        url: its address; without one the page's own word for it.
    """
    structured = "\n".join(_JSON_LD(tree))[:_LONGEST_LD]
    types = set(_TYPE.findall(structured))
    metas = [((m.get("property") or m.get("name") or "").lower(), m.get("content")) for m in _METAS(tree)]
    named = dict(reversed(metas))
    path = _path(url or named.get("og:url") or _canonical(tree))
    kind = (named.get("og:type") or "").lower()
    declared = {"article": 1.0, "product": 2.0, "og:product": 2.0, "website": -1.0}.get(kind, 0.0)
    software = source[:_START].lower()
    forum_types = bool(types & {"DiscussionForumPosting", "QAPage"})
    in_address, in_software = bool(_FORUM.search(path)), any(name in software for name in _FORUM_SOFTWARE)
    product = bool(types & {"Product", "ProductGroup"})
    said = [text for name, text in metas if name in _DESCRIPTIONS]
    said += [found[1] for found in _DESCRIPTION.finditer(structured)][:_MOST_DESCRIPTIONS]
    by_type = _declared_by_type(types, forum=forum_types, product=product)
    in_articles = bool(_ARTICLE.search(path))
    row = (by_type, declared, float(in_address), float(bool(_SHELF.search(path))), float(in_articles))
    blob = " ".join("\n".join(said).replace("\\n", " ").lower().split())
    forum = in_address or in_software or forum_types
    article = 1.0 in {by_type, declared} or in_articles
    sells = (product or declared == 2.0) and not forum
    home = bool(_HOME.fullmatch(path)) and not (forum or article or sells)
    return PageFacts(row, blob, forum, article, sells, home)


def _declared_by_type(types: set[str], *, forum: bool, product: bool) -> float:
    if any(name.endswith(("Article", "BlogPosting")) for name in types):
        return 1.0
    if forum:
        return 2.0
    if types & {"CollectionPage", "ItemList"}:
        return 3.0
    return 4.0 if product else 0.5 if types else 0.0


def _canonical(tree: HtmlElement) -> str:
    for link in tree.iterfind(".//link[@rel][@href]"):
        if link.get("rel").lower() == "canonical":
            return str(link.get("href"))
    return ""


def _path(url: str) -> str:
    """Host and path."""
    return url.rsplit("://", maxsplit=1)[-1].partition("?")[0]
