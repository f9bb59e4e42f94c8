"""The parts of a markdown page that are more than a line: code, tables, scripts and comments, links' addresses."""

import re
from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import Final, Literal, NamedTuple

Kind = Literal["line", "heading", "code", "table", "markup", "definition"]

_FENCE = re.compile(r"[ \t]*(?P<sign>`{3,}(?=[^`]*$)|~{3,})")
_INDENT = re.compile(r" {4}|\t")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")
_RULER: Final = "|-: \t"
_HIDDEN = re.compile(r" {0,3}<(?:(?P<tag>script|style)\b|!--)", re.IGNORECASE)
_DEFINITION = re.compile(
    r" {0,3}\[(?P<label>[^\[\]\n^][^\[\]\n]{0,200})\]:[ \t]+(?:<(?P<long>[^<>\n]+)>|(?P<short>\S+))"
    r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$"
)
_OPEN_TAG = re.compile(r"[^<>\n]{0,200}<[a-z][a-z0-9]{0,20}(?:\s[^<>]*)?$", re.IGNORECASE)
_UNDERLINE = re.compile(r" {0,3}(?P<sign>={2,}|-{3,})[ \t]*$")
_NO_HEADING = re.compile(r"\s*(?:[-*+>|#=_]|\d{1,3}[.)]\s|(?:    |\t))")
_HEADING_WORDS: Final = 30
_TAG_LINES: Final = 20
_PROSE_WORDS: Final = 8
_PROSE_ENDS: Final = (".", "!", "?", "…", "。")


class Part(NamedTuple):
    """Some lines of the page that belong together, or a single one."""

    kind: Kind
    number: int
    """Of its first line."""
    lines: Sequence[str]
    """As they stand in the page."""
    code: str = ""
    """The lines within the fences, without the indent they share."""

    @property
    def definition(self) -> tuple[str, str] | None:
        """Of a link's address: the label, small, and the address."""
        found = _DEFINITION.match(self.lines[0])
        return (label_of(found["label"]), found["long"] or found["short"]) if found else None


def opens_fence(line: str) -> bool:
    """Whether the line is the fence of some code."""
    return bool(_FENCE.match(line))


def label_of(text: str) -> str:
    """A link's label as it is compared."""
    return " ".join(text.lower().split())


def read_parts(text: str, first: int) -> list[Part]:
    """Cuts a page into its parts; blank lines are single ones, but within code.

    Args:
        text: the page, or what follows its front matter.
        first: the number of the first line.
    """
    return list(_Cutter(text.split("\n")).parts(first))


class _Cutter:
    """Goes down the lines once; what is opened and never closed is looked for only once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._hopeless: dict[str, int] = {}
        """By a fence's sign: the shortest that nothing closes; 0 for a tag or comment that nothing ends."""
        self._prose_until = 0
        """Up to where indented lines are known to be no code."""

    def parts(self, first: int) -> Iterator[Part]:
        """The parts, in order."""
        at, in_list = 0, False
        while at < len(self._lines):
            line = self._lines[at]
            if line.strip():
                in_list = bool(_ITEM.match(line)) or (in_list and bool(_INDENT.match(line)))
            part = self._part(at, first + at, may_indent=not in_list and (at == 0 or not self._lines[at - 1].strip()))
            yield part
            at += len(part.lines)

    def _part(self, at: int, number: int, *, may_indent: bool) -> Part:
        line = self._lines[at]
        if (fence := _FENCE.match(line)) and (end := self._fence_end(at, fence["sign"])):
            return self._code(at, end, number)
        if (hidden := _HIDDEN.match(line)) and (end := self._hidden_end(at, hidden)):
            return Part("markup", number, self._lines[at:end])
        if "|" in line and (end := self._table_end(at)):
            return Part("table", number, self._lines[at:end])
        if self._is_underlined(at):
            return Part("heading", number, self._lines[at : at + 2])
        if may_indent and _INDENT.match(line) and (end := self._indented_end(at)):
            lines = self._lines[at:end]
            return Part("code", number, lines, dedent("\n".join(lines).expandtabs(4)))
        end = self._tag_end(at) if "<" in line and _OPEN_TAG.match(line) else None
        return Part("definition" if _DEFINITION.match(line) else "line", number, self._lines[at : end or at + 1])

    def _code(self, at: int, end: int, number: int) -> Part:
        code = dedent("\n".join(line.rstrip() for line in self._lines[at + 1 : end - 1]).expandtabs(4)).strip("\n")
        return Part("code" if code.strip() else "line", number, self._lines[at:end], code)

    def _fence_end(self, at: int, sign: str) -> int | None:
        """The place after the line that closes a fence."""
        if len(sign) >= self._hopeless.get(sign[0], len(sign) + 1):
            return None
        for place in range(at + 1, len(self._lines)):
            line = self._lines[place].strip()
            if len(line) >= len(sign) and not line.strip(sign[0]):
                return place + 1
        self._hopeless[sign[0]] = len(sign)
        return None

    def _hidden_end(self, at: int, found: re.Match[str]) -> int | None:
        """The place after a script, a style or a comment that begins a line."""
        ends = f"</{found['tag'].lower()}" if found["tag"] else "-->"
        if ends in self._hopeless:
            return None
        for place in range(at, len(self._lines)):
            _, end, behind = self._lines[place].lower().partition(ends)
            if end:
                return None if place == at and behind.strip(" >\t") else place + 1
        self._hopeless[ends] = 0
        return None

    def _tag_end(self, at: int) -> int | None:
        """The place after the line on which a tag ends that has its attributes on lines of their own."""
        for place in range(at + 1, min(at + _TAG_LINES, len(self._lines))):
            before, end, _ = self._lines[place].partition(">")
            if "<" in before or not self._lines[place].strip():
                return None
            if end:
                return place + 1
        return None

    def _is_underlined(self, at: int) -> bool:
        """Whether a line is a heading for the signs under it; a rule under the end of a paragraph makes it none."""
        line, under = self._lines[at], _UNDERLINE.match("".join(self._lines[at + 1 : at + 2]))
        if under is None or not line.strip() or len(line.split()) > _HEADING_WORDS or _NO_HEADING.match(line):
            return False
        alone = at == 0 or not self._lines[at - 1].strip()
        return alone and (under["sign"][0] == "=" or not line.rstrip().endswith(_PROSE_ENDS))

    def _table_end(self, at: int) -> int | None:
        """The place after a table's last row; a table has a ruler under its first row."""
        ruler = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        if "-" not in ruler or "|" not in ruler or ruler.strip(_RULER):
            return None
        return next(
            (place for place in range(at + 2, len(self._lines)) if "|" not in self._lines[place]), len(self._lines)
        )

    def _indented_end(self, at: int) -> int | None:
        """The place after indented code; what reads as sentences is none."""
        if at < self._prose_until:
            return None
        end = at
        for place in range(at, len(self._lines)):
            if _INDENT.match(self._lines[place]):
                end = place + 1
            elif self._lines[place].strip():
                break
        lines = [line for line in self._lines[at:end] if line.strip()]
        prose = sum(1 for line in lines if "](" in line or _is_prose(line) or _ITEM.match(line))
        if prose * 3 > len(lines):
            self._prose_until = end
            return None
        return end


def _is_prose(line: str) -> bool:
    return len(line.split()) >= _PROSE_WORDS and line.rstrip("\"'”)» ").endswith(_PROSE_ENDS)
