"""The block of fields that may stand before a markdown page."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from shared.models.clean_page import Evidence
from workers.clean.addresses import absolute
from workers.clean.days import Day, never_set, read_day
from workers.clean.leading_fields import read_leading_fields
from workers.clean.metadata import tidy

_MOST_LINES: Final = 400
_FIELD = re.compile(r"([A-Za-z][\w:.-]{0,80}):(?:\s+(.*))?$")
_IN_QUOTES = re.compile(r"([\"'])(.*)\1\s*$")
_IN_BRACKETS = re.compile(r"\[([^\[\]]*)\]\s*$")
_ITEM = re.compile(r"\s*-\s+(\S.*)$")
_MOST_ITEMS: Final = 20
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
_CANONICAL: Final = ("canonical", "canonical_url", "canonical-url", "og:url")
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
    if not text.startswith(("---\n", "+++\n")):
        return _leading(text) or none
    lines = text.split("\n", _MOST_LINES)
    ends = {"+++"} if text.startswith("+++") else {"---", "..."}
    end = next((at for at, line in enumerate(lines[1:-1], 1) if line.strip() in ends), None)
    if end is None:
        return none
    fields = dict((_toml if ends == {"+++"} else _fields)(lines[1:end]))
    if not fields:
        return none
    return FrontMatter(fields, "\n".join(lines[: end + 1]), end + 2, "\n".join(lines[end + 1 :]))


def _leading(text: str) -> FrontMatter | None:
    """Fields that no sign parts from the page, unless they are all of it."""
    found = read_leading_fields(text)
    if found is None:
        return None
    lines = text.split("\n")
    rest = "\n".join(lines[found.lines :])
    if not rest.strip():
        return None
    fields = {name: value for name, written in found.fields.items() if (value := tidy(written))}
    return FrontMatter(fields, "\n".join(lines[: found.lines]), found.lines + 1, rest)


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
        "canonical_url": next(filter(None, (absolute(url, fields.get(name)) for name in _CANONICAL)), None),
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
    """What stands in a block of YAML: a value on its name's line, or items under it."""
    found = []
    for at, line in enumerate(lines):
        if match := _FIELD.match(line):
            written = match[2] or ", ".join(_items(lines[at + 1 :]))
            listed = _IN_BRACKETS.match(written)
            value = ", ".join(map(_unquoted, listed[1].split(","))) if listed else _unquoted(written)
            if name := tidy(value):
                found.append((match[1].lower().removeprefix("meta-"), name))
    return found


def _items(lines: list[str]) -> Iterator[str]:
    for line in lines[:_MOST_ITEMS]:
        if not (item := _ITEM.match(line)):
            return
        yield _unquoted(item[1])


def _unquoted(value: str) -> str:
    quoted = _IN_QUOTES.match(value.strip())
    return quoted[2].replace('\\"', '"') if quoted else value.strip()


def _toml(lines: list[str]) -> list[tuple[str, str]]:
    """What stands in a block of TOML; nothing where it is none."""
    try:
        table = tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    return [(name.lower(), value) for name, given in table.items() if (value := tidy(_said(given)))]


def _said(value: object) -> str:
    """A value of TOML in words; a table has none."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


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
