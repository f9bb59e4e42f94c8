"""Links and pictures of a page, made absolute."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

_LONGEST = 4096
_SCHEMES = ("http://", "https://")
_REST: Final = r"(?:/[A-Za-z0-9_~%=&,@!$+-][A-Za-z0-9_~%=&,@!$+.-]*)*/?(?:\?[A-Za-z0-9_~%=&,@!$+./-]+)?"
_PLAIN_URL = re.compile(rf"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{{1,5}})?{_REST}")
_PLAIN_PATH = re.compile(rf"(?=/){_REST}")
"""Most references are so plain that resolving them changes nothing; taking them apart costs ten times as much."""


def absolute(base: str | None, reference: str | None) -> str | None:
    """An http(s) URL from what a page refers to; None for other schemes, fragments, and what cannot be resolved.

    Args:
        base: where the page stands; None where that is not known.
        reference: as written in the page.
    """
    reference = (reference or "").strip()
    if not reference or reference[0] == "#" or len(reference) > _LONGEST or not reference.isprintable():
        return None
    if _PLAIN_URL.fullmatch(reference):
        return reference
    if base and (root := _root(base)) and _PLAIN_PATH.fullmatch(reference):
        return root + reference
    try:
        url = reference if reference.startswith(_SCHEMES) else urljoin(base or "", reference)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(sign in url for sign in ' "<>\\'):
        return None
    return url


@lru_cache(64)
def _root(base: str) -> str | None:
    """Scheme and host of a plain address."""
    return "/".join(base.split("/", 3)[:3]) if _PLAIN_URL.fullmatch(base) and "?" not in base else None


def base_of(tree: HtmlElement, url: str | None) -> str | None:
    """What the page's relative references start from: its base tag, else its own URL."""
    base = tree.find(".//head//base[@href]")
    return (absolute(url, base.get("href")) if base is not None else None) or url
