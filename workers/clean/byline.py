"""The lines between a headline and its story: who wrote it, and when."""

import re
from typing import Final

from workers.clean.days import MONTH, day_in
from workers.clean.line import Line

BY: Final = re.compile(
    r"(?:(?:written|posted|published|reviewed|reported|story|words|authored|created|article)\s+)?"
    r"(?:by|von|par|por|di|door|автор:?|作者[::]?)[:\s]\s*(?=\S|$)",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(
    rf"\s*(?:[|•·●\u2013—/(\n]|\bon\b|\bin\b|\bfor\b|\bpublished|\bposted|\bupdated|\blast\b|\breviewed\b|\bis\b|\bmedically\b"
    rf"|\b(?:{MONTH})\.?\s+\d|\d)",
    re.IGNORECASE,
)
_SURNAME_FIRST = re.compile(r"^(\w[\w'-]+),\s+(\w[\w'. -]*)$")
_PARTS = re.compile(r"\s*(?:;|&|\||\band\b|\bund\b|\bet\b|\by\b|\bwith\b)\s*")
_CREDENTIAL = re.compile(r"(?:[A-Z]\.?){2,5}|Jr\.?|Sr\.?|PhD|Ph\.D\.?|II|III|IV|MBE|OBE|Esq\.?")
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
    return bool(BY.match(text) or day_in(text) or _AROUND.search(text))


def names_in(text: str) -> tuple[str, ...]:
    """The writers that a byline names; empty where it names none."""
    text = text.lstrip("-*•●·| ")
    if not (by := BY.match(text)):
        return ()
    names = text[by.end() :]
    if end := _NAME_ENDS.search(names, 1):
        names = names[: end.start()]
    return tuple(name for name in parted(names) if name[:1].isupper() and len(name.split()) <= _LONGEST_NAME_WORDS)


def parted(text: str) -> tuple[str, ...]:
    """The names in a list of names, without credentials and offices after a comma."""
    text = " ".join(text.split()).strip(" .,:-|")
    if by := BY.match(text):
        text = text[by.end() :]
    if surname_first := _SURNAME_FIRST.match(text):
        return (
            (text,)
            if " " not in surname_first[1] and not _CREDENTIAL.fullmatch(surname_first[2])
            else (surname_first[1],)
        )
    found: list[str] = []
    for part in _PARTS.split(text):
        names = [name.strip() for name in part.split(",") if name.strip()]
        found += [name for at, name in enumerate(names) if at == 0 or _is_full_name(name)]
    return tuple(
        dict.fromkeys(name.strip(" .") if not name.endswith(("Jr.", "Sr.")) else name for name in found if name)
    )


def _is_full_name(name: str) -> bool:
    """Whether what stands after a comma is the next name: two to four words with capitals, not an office."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and not _CREDENTIAL.fullmatch(words[0])
        and not _OFFICE.search(name)
    )


_OFFICE: Final = re.compile(
    r"\b(?:CEO|CTO|Editor|Director|Manager|Expert|Founder|Officer|President|Professor|Engineer|Head|Chief|Writer|Reporter"
    r"|Contributor|Specialist|Analyst|Coach|Author|Advisor|Consultant|Columnist|Correspondent|Staff|Inc|LLC|Ltd)\b"
)
