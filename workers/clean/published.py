"""When a page says it was published."""

from datetime import date, datetime, timedelta
from typing import Final

from htmldate import find_date
from lxml.html import HtmlElement

from shared.moments import normal_published
from workers.clean.title import Found

_SURE: Final = {"json-ld": 0.95, "meta": 0.95, "url": 0.9, "time": 0.8, "text": 0.5}
_SCRIPTS: Final = './/script[@type="application/ld+json"]'


def read_published(tree: HtmlElement, url: str | None, fetched_at: datetime) -> Found | None:
    """The day of publication as `YYYY-MM-DD`.

    The extensive search stays off: with it, most pages without a date are given one that they do not have.

    Args:
        tree: the page.
        url: its address, which often holds the day.
        fetched_at: nothing is published more than a day (of time zones) after it was fetched.
    """
    newest = (fetched_at + timedelta(days=1)).strftime("%Y-%m-%d")
    day = find_date(tree, extensive_search=False, original_date=True, url=url, max_date=newest)
    if not (valid := valid_published(day)):
        return None
    where = _where(tree, url, valid)
    return Found(valid, where, _SURE[where])


def valid_published(text: str | None) -> str | None:
    """The date in the wire's form, or None for what is none."""
    if not text:
        return None
    try:
        return normal_published(text)
    except (ValueError, OverflowError):
        return None


def _where(tree: HtmlElement, url: str | None, day: str) -> str:
    slashed = date.fromisoformat(day).strftime("%Y/%m/%d")
    if url and (slashed in url or day in url):
        return "url"
    if any(day in script.text for script in tree.iterfind(_SCRIPTS) if script.text):
        return "json-ld"
    if any(day in meta.get("content") for meta in tree.iterfind(".//meta[@content]")):
        return "meta"
    return "time" if any(day in time.get("datetime") for time in tree.iterfind(".//time[@datetime]")) else "text"
