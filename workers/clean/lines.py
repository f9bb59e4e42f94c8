"""The lines of a text page, each with the features that tell a story from what is around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from workers.clean.markdown import read_inline

Shape = Literal["text", "heading", "item", "picture", "separator", "fence"]

_HEADING = re.compile(r" {0,3}(#{1,6})\s+")
_HEADING_ENDS: Final = " \t#"
_ITEM = re.compile(r"\s*([-*+•‣◦▪]|\d{1,3}[.)]|(?<=\s\s)o)(?:\s+|$)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_QUOTE = re.compile(r"\s*>[>\s]*")
_ENDS: Final = tuple(".!?…。\uff01\uff1f؟।\u0589:;")
_CLOSERS: Final = "\"'”\u2019»«“)]*_ 」』\uff09"
_CJK = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_CJK_PER_WORD: Final = 2
_WRAPPED: Final = range(40, 110)
"""Characters of a line in text that was wrapped."""
_RAGGED: Final = 25
_CLAUSE: Final = re.compile(r"[,;:.!?—\u2013،、\uff0c。] ?\w")


@dataclass(slots=True)
class Line:
    """One line, or some that one paragraph was wrapped into."""

    number: int
    """From 1."""
    raw: str
    """As it stands in the page."""
    text: str
    """Its words, without markdown's signs."""
    shape: Shape = "text"
    level: int = 0
    """Of a heading, from 1."""
    after_blank: bool = True
    links: tuple[str, ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    linked: int = 0
    words: int = field(init=False)
    ends: bool = field(init=False)
    """Whether it ends as a sentence does."""

    def __post_init__(self) -> None:
        """Sets what follows from the words; a sign of Chinese, Japanese or Thai counts half a word."""
        signs = 0 if self.text.isascii() else len(_CJK.findall(self.text))
        self.words = len(self.text.split()) + signs // _CJK_PER_WORD
        self.ends = self.text.rstrip(_CLOSERS).endswith(_ENDS)

    @property
    def link_share(self) -> float:
        """Of its characters, how many stand in links."""
        return self.linked / len(self.text) if self.text else 0.0

    @property
    def is_prose(self) -> bool:
        """Whether it reads as sentences: long enough, mostly unlinked, with a clause or an end."""
        if self.shape not in {"text", "item"} or self.link_share > 0.5:
            return False
        return (self.words >= 8 and self.ends) or (self.words >= 14 and bool(_CLAUSE.search(self.text)))


def read_lines(text: str, first: int = 1, *, markdown: bool) -> list[Line]:
    """The page's lines that are not blank, wrapped ones joined.

    Args:
        text: the page, or what follows its front matter.
        first: the number of the first line.
        markdown: whether inline signs are taken off.
    """
    return list(_unwrapped(list(_read(text, first, markdown=markdown))))


def _read(text: str, first: int, *, markdown: bool) -> Iterator[Line]:
    blank = True
    fenced = False
    for number, raw in enumerate(text.split("\n"), first):
        if not raw.strip():
            blank = True
            continue
        line = _line(number, raw, markdown=markdown and not fenced)
        if markdown and _FENCE.match(raw):
            line.shape, fenced = "fence", not fenced
        line.after_blank = blank
        blank = False
        yield line


def _line(number: int, raw: str, *, markdown: bool) -> Line:
    shape: Shape = "text"
    level, marker, body = 0, "", raw
    if item := _ITEM.match(raw):
        shape, marker, body = "item", item[1], raw[item.end() :]
    if markdown and (heading := _HEADING.match(body)):
        shape, level = shape if marker else "heading", len(heading[1])
        body = body[heading.end() :].rstrip(_HEADING_ENDS)
    elif markdown and (quote := _QUOTE.match(body)):
        body = body[quote.end() :]
    inline = read_inline(body, markdown=markdown)
    if not any(map(str.isalnum, inline.text)):
        shape = "picture" if inline.images else "separator"
    text = _with_marker(marker, inline.text) if shape == "item" else inline.text
    return Line(number, raw, text, shape, level, links=inline.links, images=inline.images, linked=inline.linked)


def _with_marker(marker: str, text: str) -> str:
    """An item's words behind its number, or behind a hyphen for any other sign."""
    return f"{marker if marker[0].isdigit() else '-'} {text}"


def _unwrapped(lines: Sequence[Line]) -> Iterator[Line]:
    """Joins the lines of paragraphs that were wrapped."""
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and not lines[end].after_blank and lines[end].shape == "text":
            end += 1
        chunk = lines[start:end]
        yield from [_joined(chunk)] if _is_wrapped(chunk) else _joined_where_open(chunk)
        start = end


def _is_wrapped(chunk: Sequence[Line]) -> bool:
    """Whether all lines but the last are about as long as each other, and few end where a sentence does."""
    full = chunk[:-1]
    if len(full) < 2 or chunk[0].shape not in {"text", "item"}:
        return False
    lengths = [len(line.raw.strip()) for line in full]
    if min(lengths) < _WRAPPED.start or max(lengths) >= _WRAPPED.stop or max(lengths) - min(lengths) > _RAGGED:
        return False
    return sum(line.ends for line in full) * 2 < len(full)


def _joined_where_open(chunk: Sequence[Line]) -> Iterator[Line]:
    run: list[Line] = []
    for line in chunk:
        if run and not _goes_on(run[-1], line):
            yield _joined(run)
            run = []
        run.append(line)
    if run:
        yield _joined(run)


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a sentence runs on: the line breaks off, and what stands right under it starts small."""
    if line.shape not in {"text", "item"} or line.ends or len(line.text) < _WRAPPED.start:
        return False
    return following.text[:1].islower()


def _joined(run: Sequence[Line]) -> Line:
    first = run[0]
    if len(run) == 1:
        return first
    return Line(
        number=first.number,
        raw="\n".join(line.raw for line in run),
        text=" ".join(line.text for line in run),
        shape=first.shape,
        after_blank=first.after_blank,
        links=tuple(link for line in run for link in line.links),
        images=tuple(image for line in run for image in line.images),
        linked=sum(line.linked for line in run),
    )
