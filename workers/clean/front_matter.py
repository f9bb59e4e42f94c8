"""The block of fields that may stand before a markdown page."""

import re
from datetime import datetime
from typing import Final, NamedTuple

from shared.models.clean_page import Evidence
from workers.clean.addresses import absolute
from workers.clean.days import Day, never_set, read_day
from workers.clean.metadata import tidy

_MOST_LINES: Final = 400
_FIELD = re.compile(r"([A-Za-z][\w:.-]{0,80}):(?:\s+(.*))?$")
_IN_QUOTES = re.compile(r"([\"'])(.*)\1\s*$")
_TITLES: Final = ("og:title", "title", "twitter:title", "headline")
_AUTHORS: Final = ("author", "authors", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator")
_DATES: Final = (
    "article:published_time",
    "datepublished",
    "published",
    "pubdate",
    "publish-date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "date",
)
_SITES: Final = ("og:site_name", "site_name", "sitename", "application-name")
_DESCRIPTIONS: Final = ("description", "og:description", "excerpt", "summary", "subtitle")
_AUTHOR_PARTS = re.compile(r"\s*(?:;|,(?!\s*(?:Jr|Sr|MD|M\.D|PhD|Ph\.D|RD|CFP|II|III)\b)|\band\b|&)\s*")


class FrontMatter(NamedTuple):
    """The fields, the block they stood in, and the line after it."""

    fields: dict[str, str]
    block: str
    next_line: int
    """Number, from 1."""
    rest: str


def read_front_matter(text: str) -> FrontMatter:
    """Parts the fields before a page from the page; without such a block the fields are empty."""
    none = FrontMatter({}, "", 1, text)
    if not text.startswith("---\n"):
        return none
    lines = text.split("\n", _MOST_LINES)
    end = next((at for at, line in enumerate(lines[1:-1], 1) if line.strip() in {"---", "..."}), None)
    if end is None:
        return none
    fields = dict(_fields(lines[1:end]))
    if not fields:
        return none
    return FrontMatter(fields, "\n".join(lines[: end + 1]), end + 2, "\n".join(lines[end + 1 :]))


def title_of(fields: dict[str, str]) -> str | None:
    """The page's title, as its head calls it."""
    return _first(fields, _TITLES)


def description_of(fields: dict[str, str]) -> str | None:
    """What the page says it is about."""
    return _first(fields, _DESCRIPTIONS)


def values_of(fields: dict[str, str], url: str | None, fetched_at: datetime) -> dict[str, object]:
    """The other fields of a CLEAN that are given, by name."""
    names = tuple(name for name in _AUTHOR_PARTS.split(_first(fields, _AUTHORS) or "") if 1 < len(name) < 100)
    day = _published(fields, fetched_at)
    found: dict[str, object] = {
        "authors": tuple(name for name in names if "://" not in name) or None,
        "published": day.text if day else None,
        "site_name": _first(fields, _SITES),
        "canonical_url": absolute(url, fields.get("canonical")) or absolute(url, fields.get("og:url")),
        "language_hint": _language(fields),
    }
    return {name: value for name, value in found.items() if value}


def evidence_of(values: dict[str, object], fields: dict[str, str], fetched_at: datetime) -> dict[str, Evidence]:
    """Each of the values was found in the front matter."""
    evidence = dict.fromkeys(values, Evidence(found_in="front-matter", confidence=0.9))
    if "published" in values and (day := _published(fields, fetched_at)):
        evidence["published"] = Evidence(found_in="front-matter", confidence=0.9, zone=day.zone or "unknown")
    return evidence


def _fields(lines: list[str]) -> list[tuple[str, str]]:
    found = []
    for line in lines:
        if (match := _FIELD.match(line)) and match[2]:
            quoted = _IN_QUOTES.match(match[2])
            value = quoted[2].replace('\\"', '"') if quoted else match[2]
            if name := tidy(value):
                found.append((match[1].lower().removeprefix("meta-"), name))
    return found


def _first(fields: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((fields[name] for name in names if name in fields), None)


def _published(fields: dict[str, str], fetched_at: datetime) -> Day | None:
    """The first believable day; else one that cannot be, which enrichment drops, and says why."""
    newest = fetched_at.strftime("%Y-%m-%d")
    said = [fields[name] for name in _DATES if name in fields]
    days = [day for value in said if (day := read_day(value))]
    days += [Day("1970-01-01") for value in said if never_set(value)]
    return next((day for day in days if day.day <= newest), None) or next(iter(days), None)


def _language(fields: dict[str, str]) -> str | None:
    value = fields.get("language") or fields.get("lang") or fields.get("og:locale") or ""
    code = re.split(r"[-_]", value)[0].lower()
    return code if code.isascii() and code.isalpha() and len(code) in {2, 3} else None
