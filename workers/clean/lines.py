"""The lines of a text page: read one by one, with code and tables whole, and wrapped ones joined."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from workers.clean.line import Line, Shape
from workers.clean.markdown import read_inline
from workers.clean.markdown_parts import Part, opens_fence, read_parts
from workers.clean.numbered_links import read_numbered_links, unmarked
from workers.clean.wrapping import unwrapped

_HEADING = re.compile(r" {0,3}(#{1,6})\s+")
_HEADING_TAG = re.compile(r"\s{0,9}<h([1-6])\b[^<>]{0,500}>(?=.*</h\1>\s*$)", re.IGNORECASE)
_HEADING_ENDS: Final = " \t#"
_ITEM = re.compile(r"\s*([-*+•‣◦▪]|\d{1,3}[.)]|(?<=\s\s)o)(?:\s+|$)")
_QUOTE = re.compile(r"\s*>[>\s]*")
_QUOTED = re.compile(r">(?: ?>)*(?: |$)")
"""As mail quotes, each level behind a sign of its own."""
_CELLS = re.compile(r"(?<!\\)\|")
_DEEPER: Final = 2
"""Spaces from which on a list stands in the item over it."""
_DEEPEST: Final = 6
_NO_REFERENCES: Final[Mapping[str, str]] = {}


def read_lines(text: str, first: int = 1, *, markdown: bool) -> list[Line]:
    """The page's lines that are not blank, wrapped ones joined.

    Args:
        text: the page, or what follows its front matter.
        first: the number of the first line.
        markdown: whether signs are taken off, and code, tables and the like are taken whole.
    """
    if not markdown:
        return _nested(unwrapped(list(_after_blanks(_text_lines(text.split("\n"), first))), markdown=False))
    parts = read_parts(text, first)
    references: dict[str, str] = {}
    for part in parts:
        if part.kind == "definition" and (defined := part.definition):
            references.setdefault(*defined)
    lines = (_part(part, references) if any(map(str.strip, part.lines)) else None for part in parts)
    return _nested(unwrapped(list(_after_blanks(lines)), markdown=True))


def _nested(lines: Iterable[Line]) -> list[Line]:
    """The lines, the items among them with how deep their lists are in others, by their indents."""
    found, indents = [], list[int]()
    for line in lines:
        indent = len(line.raw[: len(line.raw) - len(line.raw.lstrip())].expandtabs(4))
        if line.shape == "item":
            while indents and indents[-1] + _DEEPER > indent:
                indents.pop()
            line.level = min(len(indents), _DEEPEST)
            indents.append(indent)
        elif not indent:
            indents = []
        found.append(line)
    return found


def _text_lines(written: list[str], first: int) -> Iterator[Line | None]:
    numbered = read_numbered_links(written)
    for at, raw in enumerate(written):
        if not raw.strip():
            yield None
        elif at >= numbered.first:
            yield Line(first + at, raw, raw.strip(), "markup")
        elif numbered.addresses:
            yield _numbered(first + at, raw, numbered.addresses)
        else:
            yield _line(first + at, raw, None)


def _numbered(number: int, raw: str, addresses: Mapping[str, str]) -> Line:
    found = unmarked(raw, addresses)
    line = _line(number, found.text, None)
    line.raw, line.links, line.linked = raw, found.links, min(found.linked, len(line.text))
    return line


def _after_blanks(lines: Iterable[Line | None]) -> Iterator[Line]:
    """The lines, each knowing whether a blank one stood before it."""
    blank = True
    for line in lines:
        if line is not None:
            line.after_blank = blank
            yield line
        blank = line is None


def _part(part: Part, references: Mapping[str, str]) -> Line:
    raw = "\n".join(part.lines)
    if part.kind == "code":
        has_words = any(map(str.isalnum, part.code))
        return Line(part.number, raw, part.code, "code" if has_words else "separator")
    if part.kind == "table":
        return _table(part, references)
    if part.kind in {"markup", "definition"}:
        return Line(part.number, raw, raw.strip(), "markup")
    line = _line(part.number, part.lines[0] if part.kind == "heading" else raw.replace("\n", " "), references)
    line.raw = raw
    if part.kind == "heading" and line.shape == "text":
        line.shape, line.level = "heading", 1 if "=" in part.lines[1] else 2
    if opens_fence(raw):
        line.shape = "fence"
    return line


def _table(part: Part, references: Mapping[str, str]) -> Line:
    rows = tuple(_row(part.number + at, raw, references) for at, raw in enumerate(part.lines) if at != 1)
    text = "\n".join(row.text for row in rows)
    links = tuple(link for row in rows for link in row.links)
    images = tuple(image for row in rows for image in row.images)
    shape: Shape = "table" if any(map(str.isalnum, text)) else "picture" if images else "separator"
    linked = sum(row.linked for row in rows)
    return Line(part.number, "\n".join(part.lines), text, shape, links=links, images=images, linked=linked, rows=rows)


def _row(number: int, raw: str, references: Mapping[str, str]) -> Line:
    written = raw.strip().removeprefix("|")
    cells = _CELLS.split(written[:-1] if written.endswith("|") and not written.endswith("\\|") else written)
    read = [read_inline(cell.replace("\\|", "|"), markdown=True, references=references) for cell in cells]
    return Line(
        number,
        raw,
        " | ".join(cell.text for cell in read),
        links=tuple(link for cell in read for link in cell.links),
        images=tuple(image for cell in read for image in cell.images),
        linked=sum(cell.linked for cell in read),
    )


def _line(number: int, raw: str, references: Mapping[str, str] | None) -> Line:
    """A single line; of markdown where there may be references."""
    markdown = references is not None
    shape: Shape = "text"
    level, marker, body, quoted = 0, "", raw, ""
    if item := _ITEM.match(raw):
        shape, marker, body = "item", item[1], raw[item.end() :]
    if markdown and (heading := _HEADING.match(body)):
        shape, level = shape if marker else "heading", len(heading[1])
        body = body[heading.end() :].rstrip(_HEADING_ENDS)
    elif markdown and not marker and (tag := _HEADING_TAG.match(body)):
        shape, level = "heading", int(tag[1])
    elif markdown and (quote := _QUOTE.match(body)):
        body, quoted = body[quote.end() :], "" if marker else ">"
    elif not markdown and (quote := _QUOTED.match(body)):
        body, quoted = body[quote.end() :], quote[0].replace(" ", "")
    inline = read_inline(body, markdown=markdown, references=references or _NO_REFERENCES)
    if not any(map(str.isalnum, inline.text)):
        shape = "picture" if inline.images else "separator"
    text = _with_marker(marker, inline.text) if shape == "item" else inline.text
    if quoted and shape == "text":
        text = f"{quoted} {text}"
    return Line(
        number,
        raw,
        text,
        shape,
        level,
        links=inline.links,
        images=inline.images,
        linked=inline.linked,
        quoted=quoted,
    )


def _with_marker(marker: str, text: str) -> str:
    """An item's words behind its number, or behind a hyphen for any other sign."""
    return f"{marker if marker[0].isdigit() else '-'} {text}"
