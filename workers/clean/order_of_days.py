"""Whether `3/4/2024` is in April or in March: by the page's other days, the country of its domain, or its language."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

from shared.urls import registered_domain
from workers.clean.days import SLASHED, Order
from workers.clean.facts import Facts
from workers.clean.under_headline import Near

_LOCALES: Final = ("og:locale", "content-language", "language")
_MOST: Final = 500
_LONGEST: Final = 200
_WHOLE_YEAR: Final = 4
"""Digits; without them, the year may go first."""
_WITH_SLASHES: Final = XPath("//text()[contains(., '/') and not(parent::script or parent::style)]")
_MONTH_FIRST: Final = {"us", "ph", "gov", "mil", "edu"}
"""Countries that write the month first, and the domains of one of them."""
_TELL_NOTHING: Final = {
    "ai", "cc", "co", "fm", "gg", "gl", "io", "is", "ly", "me", "sh", "so", "to", "tv", "vc", "ws",
    "ca", "cn", "hk", "hu", "jp", "kr", "lt", "mn", "tw",
}  # fmt: skip
"""Countries whose domains anybody takes, and those that write both or the year first."""
_YEAR_FIRST: Final = {"zh", "ja", "ko", "hu", "lt", "mn"}
_LOCALE: Final = re.compile(r"\s*([a-z]{2,3})(?:[-_](?:[a-z]{4}[-_])?([a-z]{2})\b)?.*", re.IGNORECASE | re.DOTALL)


def ordered(near: Sequence[Near], facts: Facts) -> list[Near]:
    """The texts by a headline, each with the order of day and month; it is looked for only where one has such a day."""
    if not any(SLASHED.search(text.text) for text in near):
        return list(near)
    order = order_of(facts)
    return [text._replace(order=order) for text in near]


def order_of(facts: Facts) -> Order | None:
    """The order in which a page writes day and month between slashes; None where nothing tells it.

    Another day on the page that can be read in one way only tells the most, then the country of its domain: many sites
    outside of America leave their software at its language.
    """
    root = facts.tree.getroottree().getroot()
    locales = [root.get("lang", ""), *(facts.tags[name][0] for name in _LOCALES if name in facts.tags)]
    return (
        _of_other_days(facts.tree)
        or _of_country(facts.url or facts.canonical)
        or next(filter(None, map(_of_locale, locales)), None)
    )


def _of_other_days(tree: HtmlElement) -> Order | None:
    """The order of the days that can be read in one way only, where they agree."""
    texts = (text for text in islice(_WITH_SLASHES(tree), _MOST) if len(text) < _LONGEST)
    days = (match for text in texts for match in SLASHED.finditer(text) if len(match["y"]) == _WHOLE_YEAR)
    found = {order for match in days if (order := _plain(match["a"], match["b"]))}
    return found.pop() if len(found) == 1 else None


def _plain(one: str, other: str) -> Order | None:
    if 12 < int(one) <= 31 and 0 < int(other) <= 12:
        return "day first"
    return "month first" if 0 < int(one) <= 12 < int(other) <= 31 else None


def _of_country(url: str | None) -> Order | None:
    last = (registered_domain(url) or "").rpartition(".")[2]
    if last in _MONTH_FIRST:
        return "month first"
    return "day first" if len(last) == 2 and last not in _TELL_NOTHING else None


def _of_locale(locale: str) -> Order | None:
    """By the country; without one, all but English and those that write the year first have the day first."""
    if not (match := _LOCALE.fullmatch(locale)):
        return None
    language, country = match[1].lower(), (match[2] or "").lower()
    if language in _YEAR_FIRST or country in _TELL_NOTHING or (language == "en" and not country):
        return None
    return "month first" if country in _MONTH_FIRST else "day first"
