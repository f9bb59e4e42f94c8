"""What on a page belongs to something other than its headline: the site's head, other stories, readers' comments."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

_OF_OTHERS: Final = re.compile(
    r"(?:^|[-_])(?:comments?|commentlist|respond|replies|related|recommend(?:ed|ations?)?|sidebar)(?:$|[-_])"
    r"|^(?:widgets?|footer|teasers?|popular|latest|trending|promo)(?:$|[-_])|^(?:site|page|main|global)[-_]footer"
)
_OVER_ALL: Final = {
    "header",
    "masthead",
    "topbar",
    "top-bar",
    "site-header",
    "siteheader",
    "navbar",
    "navigation",
    "nav",
}
_LEADS_ELSEWHERE: Final = XPath("boolean(descendant::nav) or boolean(descendant::a[@href='/' or @role='menuitem'])")
_HEADLINES_OWN: Final = {"html", "body", "article", "main"}


def is_anothers(element: HtmlElement, headline: HtmlElement | None) -> bool:
    """Whether an element stands in the comments, a sidebar, a related story or the site's foot, and the headline not.

    What holds the headline as well is the story's own, whatever it is called: a page may lie in a `sidebar-layout`.
    """
    return any(_is_of_others(each) for each in _apart(element, headline))


def is_over_all(element: HtmlElement, headline: HtmlElement | None) -> bool:
    """Whether an element stands in the head of the site or in a menu, and the headline not."""
    return any(
        each.tag == "nav"
        or (each.tag == "header" and _LEADS_ELSEWHERE(each))
        or not _OVER_ALL.isdisjoint(_marks_of(each))
        for each in _apart(element, headline)
    )


def _apart(element: HtmlElement, headline: HtmlElement | None) -> Iterator[HtmlElement]:
    """The elements around an element, but for those that the headline stands in, too."""
    shared = set() if headline is None else {headline, *headline.iterancestors()}
    line = (each for each in (element, *element.iterancestors()))
    return takewhile(lambda each: each not in shared and each.tag not in _HEADLINES_OWN, line)


def _is_of_others(element: HtmlElement) -> bool:
    return element.tag in {"aside", "footer"} or any(map(_OF_OTHERS.search, _marks_of(element)))


def _marks_of(element: HtmlElement) -> list[str]:
    return f"{element.get('class', '')} {element.get('id', '')}".lower().split()
