"""The lines between a headline and its story: who wrote it, and when."""

import re
from datetime import date
from typing import Final

from workers.clean.lines import Line
from workers.clean.published import valid_published

_MONTH_NAMES: Final = (
    "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october"
    "|nov november|dec december"
)
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES.split("|"), 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\.?,?\s+(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.IGNORECASE)
_BY = re.compile(
    r"(?:(?:written|posted|published|reviewed|reported|story|words)\s+)?(?:by|von|par|por|di|автор:?)\s+(?=\S)",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(
    rf"\s*(?:[|•·\u2013—/(\n]|\bon\b|\bin\b|\bfor\b|,|\bpublished|\bposted|\bupdated|\blast\b|\b(?:{_MONTH})\.?\s+\d|\d)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:&|\band\b|\bund\b|\bet\b|\by\b)\s*")
_AROUND = re.compile(
    r"\b(?:\d+\s*(?:min(?:ute)?s?|мин|分钟)\b|updated|published|posted|last (?:modified|updated)|views|comments?|share"
    r"|photo)",
    re.IGNORECASE,
)
_LONGEST_WORDS: Final = 25
_LONGEST_NAME_WORDS: Final = 5


def is_byline(line: Line) -> bool:
    """Whether a short line names a writer, a day, or how long the reading takes."""
    text = line.text.lstrip("-* ")
    if line.words > _LONGEST_WORDS or line.is_prose:
        return False
    return bool(_BY.match(text) or day_in(text) or _AROUND.search(text))


def names_in(text: str) -> tuple[str, ...]:
    """The writers that a byline names; empty where it names none."""
    text = text.lstrip("-* ")
    if not (by := _BY.match(text)):
        return ()
    names = text[by.end() :]
    if end := _NAME_ENDS.search(names, 1):
        names = names[: end.start()]
    return tuple(
        name
        for name in _AND.split(names.strip(" ."))
        if name[:1].isupper() and len(name.split()) <= _LONGEST_NAME_WORDS
    )


def day_in(text: str) -> str | None:
    """The first day written out in a line, as `YYYY-MM-DD`."""
    found: list[tuple[int, int, int, int]] = []
    if match := _ISO.search(text):
        found.append((match.start(), int(match[1]), int(match[2]), int(match[3])))
    if match := _DOTTED.search(text):
        found.append((match.start(), int(match[3]), int(match[2]), int(match[1])))
    if match := _DAY_FIRST.search(text):
        found.append((match.start(), int(match[3]), _MONTHS[match[2].lower()], int(match[1])))
    if match := _MONTH_FIRST.search(text):
        found.append((match.start(), int(match[3]), _MONTHS[match[1].lower()], int(match[2])))
    for _, year, month, day in sorted(found):
        try:
            return valid_published(date(year, month, day).isoformat())
        except ValueError:
            continue
    return None
