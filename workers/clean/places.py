"""Where a piece of an HTML page stands: the elements around it, and what their names say they are for."""

import re
from functools import lru_cache
from typing import Final

GROUPS: Final[dict[str, str]] = {
    "navigation": "nav navbar navigation menu submenu breadcrumb breadcrumbs crumb crumbs tabs tabbar dropdown "
    "megamenu pagination pager paging toc tablist menubar",
    "header": "header masthead topbar banner toolbar",
    "footer": "footer contentinfo colophon bottom copyright legal disclaimer",
    "sidebar": "aside sidebar side rail complementary widget widgets secondary",
    "comments": "comment comments disqus reply replies respond discussion discuss feedback guestbook",
    "share": "share sharing social addthis follow facebook twitter linkedin whatsapp pinterest print bookmark like "
    "likes",
    "related": "related recommend recommended recommendation recommendations recirc more also similar popular trending "
    "latest recent next previous prev upsell crosssell suggested suggestions readmore discover",
    "consent": "cookie cookies consent gdpr onetrust privacy popup modal overlay dialog alert notice paywall lightbox "
    "tooltip toast notification banner",
    "newsletter": "newsletter subscribe subscription signup mailing email optin mailchimp form input login register "
    "signin account",
    "byline": "author authors byline bio meta metadata date dateline timestamp time published info credit credits "
    "posted writer avatar profile",
    "media": "caption figure figcaption gallery slider slideshow carousel swiper slick video player image images img "
    "photo thumbnail thumb media embed audio",
    "card": "card cards teaser tile tiles grid item items list listing listings result results row feed excerpt "
    "product products",
    "article": "article story post entry articlebody storybody postcontent richtext rte prose markdown wysiwyg "
    "editorial blog news",
    "summary": "summary description desc intro lead standfirst dek subtitle deck abstract excerpt overview details "
    "specs specification specifications features",
    "price": "price prices cart buy add sku stock shipping checkout variant variants quantity qty money wishlist",
    "review": "review reviews rating ratings testimonial testimonials stars",
    "thread": "thread forum topic message messages posts reply answer answers question questions qa msg postbody "
    "signature",
    "faq": "faq faqs accordion collapse collapsible expand expandable toggle panel",
    "hidden": "hidden hide sr screen reader visually invisible offscreen noprint none",
    "quote": "quote blockquote pullquote",
    "main": "main",
}
"""General words of tags, roles, class names and ids, by what they tell. No site's own names."""

GROUP_NAMES: Final = tuple(GROUPS)
FAR: Final = 20
"""Levels; a group that no element around belongs to is as far away as this."""
_MEMBERS: Final[dict[str, tuple[int, ...]]] = {
    word: tuple(place for place, words in enumerate(GROUPS.values()) if word in words.split())
    for word in " ".join(GROUPS.values()).split()
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LONGEST: Final = 200
NOWHERE: Final = (-FAR,) * len(GROUP_NAMES)


class Place:
    """An element that text stands in, with the sums of what is in it, in words."""

    __slots__ = (
        "depth", "flags", "groups", "hidden", "inside", "items", "linked", "name", "near", "parent", "prose", "row",
        "said", "segments", "sums", "tag", "twins", "unit", "words",
    )  # fmt: skip

    def __init__(self, parent: "Place | None", tag: str, name: str, unit: str, groups: tuple[int, ...]) -> None:
        self.parent = parent
        self.tag = tag
        self.name = name
        """Tag, class, id and role as they stand in the page."""
        self.unit = unit
        """Tag and first class: neighbours that share it are records of one list."""
        self.groups = groups
        """For each group the depth of the nearest element around that belongs to it; below 0 where there is none."""
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.inside: list[Place] = []
        self.words = self.linked = self.prose = self.segments = self.said = 0
        self.items: int | None = None
        """The number of the last item of a list, once there is one."""
        self.hidden = False
        """Whether the page hides it from its readers."""
        self.twins = 1
        self.near: tuple[float, ...] | None = None
        self.flags: tuple[float, ...] = ()
        self.sums: tuple[float, ...] | None = None
        self.row: list[float] | None = None

    def distance(self, group: int) -> int:
        """Levels up to the nearest element of a group, FAR where there is none."""
        depth = self.groups[group]
        return self.depth - depth if depth >= 0 else FAR


def groups_of(name: str, around: tuple[int, ...], depth: int) -> tuple[int, ...]:
    """The groups of an element at a depth, those around it included.

    Args:
        name: its tag, class, id and role.
        around: the groups of the element around it.
        depth: its level.
    """
    found = _read(name[:_LONGEST])
    if not found:
        return around
    changed = list(around)
    for group in found:
        changed[group] = depth
    return tuple(changed)


@lru_cache(16_384)
def _read(name: str) -> tuple[int, ...]:
    found: set[int] = set()
    for word in _WORD.findall(name):
        found.update(_MEMBERS.get(word.lower(), ()))
    return tuple(found)
