"""Links and pictures of a page, made absolute."""

from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

_LONGEST = 4096
_SCHEMES = ("http://", "https://")


def absolute(base: str | None, reference: str | None) -> str | None:
    """An http(s) URL from what a page refers to; None for other schemes, fragments, and what cannot be resolved.

    Args:
        base: where the page stands; None where that is not known.
        reference: as written in the page.
    """
    reference = (reference or "").strip()
    if not reference or reference[0] == "#" or len(reference) > _LONGEST or not reference.isprintable():
        return None
    try:
        url = reference if reference.startswith(_SCHEMES) else urljoin(base or "", reference)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(sign in url for sign in ' "<>\\'):
        return None
    return url


def base_of(tree: HtmlElement, url: str | None) -> str | None:
    """What the page's relative references start from: its base tag, else its own URL."""
    base = tree.find(".//head//base[@href]")
    return (absolute(url, base.get("href")) if base is not None else None) or url
