"""The lines between a headline and its story: who wrote it, and when."""

import re
from typing import Final

from workers.clean.days import day_in
from workers.clean.line import Line
from workers.clean.months import MONTH

BY: Final = re.compile(
    r"(?:(?:written|posted|published|reviewed|reported|story|words|authored|created|article)\s+)?"
    r"(?:by|von|par|por|di|door|автор:?|作者|本[报報刊]记者|新华社记者|记者|記者|执笔|執筆|撰文|글쓴이|بقلم|كتبه?|الكاتب|מאת|द्वारा|लेखक"
    r"|เขียนโดย|โดย|ผู้เขียน)(?:\s?[:\uff1a/\uff0f丨]|\s)\s*(?=\S|$)|(?:文|取材・文|文・写真|글)\s?[:\uff1a/\uff0f\uff1d=]\s*(?=\S|$)",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"(?:text[eo]?|te[sk]sto?|teksti|autor(?:in|a|ka|ka tekstu)?|auteure?|autore|authors?|автори?|yazan|yazar|oleh"
    r"|penulis|tác giả|skribent|γράφε\w+|συντάκτ\w+)\s?[:\uff1a]\s*(?=\S)",
    re.IGNORECASE,
)
_SHORT_BY: Final = re.compile(r"(?:av|af|oleh|od)\s+(?=\S)", re.IGNORECASE)
"""Such a word begins many a line that is no byline; it is read only before a name."""
_LABEL_WITHIN: Final = re.compile(
    r"(?:作者|记者|記者|撰文|執筆|글쓴이)\s?[:\uff1a/\uff0f]\s*([\u3005\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3·]{2,8})(?![^\s|,\uff0c/])"
)
"""In a line of several fields."""
_OFFICE_AFTER: Final = re.compile(r"\s*(?:[가-힣]{0,2}기자|특파원|논설위원|記者|记者|特派員)$")
_REPORTER: Final = re.compile(r"([가-힣]{2,4})\s?(?:기자|선임기자|전문기자|특파원|논설위원)(?!\w)")
_OTHERS_WORK: Final = re.compile(
    r"\s*(?:[,;|/]|\b(?:and|und|et|y|og|och)\b)?\s*"
    r"(?:\b(?:fotos?|photos?|photograph(?:y|s|ie)?|bild(?:er)?|illustrations?"
    r"|video|kamera|grafik|pictures|foto(?:grafie|grafía|s)?)\s?(?::|/|\bby\b|\bvon\b)|(?:写真|撮影|摄影|攝影|图|사진)\s?[:\uff1a/\uff0f\uff1d=]).*",
    re.IGNORECASE,
)
"""Who took the pictures."""
_NAME_ENDS = re.compile(
    rf"\s*(?:[|•·●»\u203a\u2013—/(\n]|\bon\b|\bin\b|\bfor\b|\bpublished|\bposted|\bupdated|\blast\b|\breviewed\b|\bis\b|\bmedically\b"
    rf"|\b(?:{MONTH})\.?\s+\d|\d)",
    re.IGNORECASE,
)
_SURNAME_FIRST = re.compile(r"^(\w[\w'-]+),\s+(\w[\w'. -]*)$")
_PARTS = re.compile(r"\s*(?:;|&|\||、|،|\band\b|\bund\b|\bet\b|\by\b(?=\s+\w[\w.'-]*\s+\w)|\bwith\b)\s*")
"""A Spanish `y` before one word is a part of a name."""
_CREDENTIAL = re.compile(r"(?:[A-Z]\.?){2,5}|Jr\.?|Sr\.?|PhD|Ph\.D\.?|II|III|IV|MBE|OBE|Esq\.?")
_AROUND = re.compile(
    r"\b(?:\d+\s*(?:min(?:ute)?s?|мин|分钟)\b|updated|published|posted|last (?:modified|updated)|views|comments?|share"
    r"|photo)",
    re.IGNORECASE,
)
_QUOTES: Final = re.compile(r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|написал\w*)\s?:$")
"""Mail says so over what it answers: whose words and of which day the quotation is."""
_LONGEST_WORDS: Final = 25
_LONGEST_NAME_WORDS: Final = 5


def is_byline(line: Line) -> bool:
    """Whether a short line names a writer, a day, or how long the reading takes."""
    text = line.bare
    if line.words > _LONGEST_WORDS or line.is_prose or _QUOTES.search(text):
        return False
    return bool(BY.match(text) or day_in(text) or _AROUND.search(text))


def is_credit(text: str) -> bool:
    """Whether a line says who took a picture, and names no writer."""
    return BY.match(text.lstrip("-* ")) is None and _OTHERS_WORK.search(text) is not None


def names_in(text: str) -> tuple[str, ...]:
    """The writers that a byline names; empty where it names none."""
    text = text.lstrip("-*•●·| ")
    if reporter := _REPORTER.match(text):
        return (reporter[1],)
    by = BY.match(text) or _LABEL.match(text)
    if by is None and (within := _LABEL_WITHIN.search(text)):
        return (within[1],)
    if by is None and not ((by := _SHORT_BY.match(text)) and text[by.end()].isupper()):
        return ()
    names = _OTHERS_WORK.sub("", text[by.end() :])
    if end := _NAME_ENDS.search(names, 1):
        names = names[: end.start()]
    return tuple(name for name in parted(names) if begins_name(name) and len(name.split()) <= _LONGEST_NAME_WORDS)


def begins_name(word: str) -> bool:
    """Whether a word may begin a name: with a capital, or with a letter of a script that has none."""
    return word[:1].isupper() or (word[:1].isalpha() and not word[:1].islower())


def parted(text: str) -> tuple[str, ...]:
    """The names in a list of names, without credentials and offices after a comma."""
    text = " ".join(text.split()).strip(" .,:-|")
    if by := BY.match(text) or _LABEL.match(text):
        text = text[by.end() :]
    text = _OFFICE_AFTER.sub("", _OTHERS_WORK.sub("", text))
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
        and begins_name(words[0])
        and begins_name(words[-1])
        and not _CREDENTIAL.fullmatch(words[0])
        and not _OFFICE.search(name)
    )


_OFFICE: Final = re.compile(
    r"\b(?:CEO|CTO|Editor|Director|Manager|Expert|Founder|Officer|President|Professor|Engineer|Head|Chief|Writer|Reporter"
    r"|Contributor|Specialist|Analyst|Coach|Author|Advisor|Consultant|Columnist|Correspondent|Staff|Inc|LLC|Ltd)\b"
    r"|^(?i:special (?:to|for)|for the|from the)\b"
)
