"""What a page's head and schema.org things say, gathered once for all readers of metadata."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from workers.clean.headings import heading_text
from workers.clean.json_ld import Thing, Things, read_json_ld, text_of, types_of
from workers.clean.meta_tags import MetaTags, read_meta_tags, tidy
from workers.clean.title import joined

_MOST_HEADINGS: Final = 10
_SHORT: Final = 3
_OF_A_STORY: Final = ("article:published_time", "article:author", "citation_author", "parsely-author", "datepublished")
_THREAD: Final = re.compile(
    r"(?:forum|thread|/t/|/topic|viewtopic|showtopic|boards?[./]|discussion|/questions/|community\.)[^#]*\d{3}|/comments/\w"
    r"|(?:viewtopic|showthread|showtopic)\b[^#]*[=/]\d",
    re.IGNORECASE,
)
_NAMING: Final = re.compile(r"(?:^|&)(?!srsltid=)(?:\w*id|p|t)=", re.IGNORECASE)
"""A field of an address that says which page it is; `srsltid` is a search engine's."""


@dataclass(frozen=True)
class Facts:
    """One page's declarations.

    Args:
        tree: the page.
        url: its address; None where nobody gave one.
        tags: its meta tags.
        things: its JSON-LD.
        canonical: what it calls its own address, None where it does not.
    """

    tree: HtmlElement
    url: str | None
    tags: MetaTags
    things: Things
    canonical: str | None = None

    @cached_property
    def story(self) -> Thing | None:
        """The article, posting or question that the page is; None for one that only lists some."""
        own = [path for path in map(_path, (self.url, self.canonical)) if path]
        stories = self.things.stories
        about = [each for each in stories if _path(_address(each)) in own]
        if about:
            return self._called_as_page(about)
        elsewhere = [each for each in stories if _path(_address(each)) is not None]
        if not stories or "/" in own or len(elsewhere) > 1:
            return None
        return self._called_as_page(stories)

    def _called_as_page(self, stories: list[Thing]) -> Thing:
        """The first of them whose headline is the page's; the first one where none is."""
        if len(stories) < 2:
            return stories[0]
        names = [self.title_tag, *(self.tags[name][0] for name in ("og:title", "twitter:title") if name in self.tags)]
        names += [heading_text(each) for each in islice(self.tree.iter("h1"), _MOST_HEADINGS)]
        called = [words for name in names if (words := joined(name or ""))]

        def is_called(story: Thing) -> bool:
            own = joined(text_of(story.get("headline") or story.get("name")) or "")
            return len(own) > _SHORT and any(own in words for words in called)

        return next(filter(is_called, stories), stories[0])

    @cached_property
    def title_tag(self) -> str | None:
        """The text of the title tag."""
        element = self.tree.find(".//head//title")
        return tidy(" ".join(element.itertext())) if element is not None else None

    @cached_property
    def is_front(self) -> bool:
        """Whether this is the site's front page, where the site's name is the headline."""
        return any(_path(each) == "/" for each in (self.url, self.canonical))

    @cached_property
    def is_story(self) -> bool:
        """Whether the page says that it is something somebody wrote on some day."""
        return self.story is not None or any(name in self.tags for name in _OF_A_STORY)

    @cached_property
    def may_be_story(self) -> bool:
        """Whether it is one or bears the type that some systems give to all their pages."""
        return self.is_story or (not self.is_front and "article" in " ".join(self.tags.get("og:type", ())).lower())

    @cached_property
    def is_thread(self) -> bool:
        """Whether the address is that of a thread in a forum: its first posting's writer and day are the page's."""
        return bool(_THREAD.search(self.url or self.canonical or ""))


def read_facts(tree: HtmlElement, url: str | None, canonical: str | None) -> Facts:
    """Reads the meta tags and the JSON-LD of a page."""
    return Facts(tree, url, read_meta_tags(tree), read_json_ld(tree), canonical)


def _address(thing: Thing) -> Any:
    for name in ("url", "mainEntityOfPage", "@id"):
        value = thing.get(name)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and "://" in value:
            return value
    return None


def _path(url: Any) -> str | None:
    """The path of an address without its fragment; what tells pages of one site apart."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (parts.path.rstrip("/") or "/") + (f"?{parts.query}" if _NAMING.search(parts.query) else "")


__all__ = ["Facts", "read_facts", "types_of"]
