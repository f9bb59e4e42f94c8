"""From the pieces that are kept to paragraphs: lists, tables, code and quotes keep their shape."""

from collections.abc import Sequence

from workers.clean.places import Place
from workers.clean.segments import Segment, is_quoted


def paragraphs_of(segments: Sequence[Segment]) -> tuple[str, ...]:
    """The pieces as paragraphs.

    A list's item begins with a hyphen or its number; the rows of one table are one paragraph, a row a line, its cells
    parted by ` | `; code keeps its lines and indents; a quotation begins with `> ` unless the page is one.
    """
    words = sum(segment.words for segment in segments)
    quoted = sum(segment.words for segment in segments if is_quoted(segment))
    marks_quotes = quoted * 2 < words
    paragraphs: list[str] = []
    table: object = None
    for segment in segments:
        text = _shaped(segment, quoted=marks_quotes and is_quoted(segment))
        rows = _table(segment) if segment.kind == "row" else None
        if rows is not None and rows is table:
            paragraphs[-1] += "\n" + text
        else:
            paragraphs.append(text)
        table = rows
    return tuple(paragraph for paragraph in paragraphs if any(map(str.isalnum, paragraph)))


def _shaped(segment: Segment, *, quoted: bool) -> str:
    text = f"{segment.marker} {segment.text}" if segment.marker else segment.text
    if not quoted:
        return text
    marks = "> " * max(1, _quotations(segment))
    return "\n".join(f"{marks}{line}" for line in text.split("\n"))


def _quotations(segment: Segment) -> int:
    place: Place | None = segment.place
    count = 0
    while place is not None:
        count += place.tag == "blockquote"
        place = place.parent
    return count


def _table(segment: Segment) -> object:
    """The table that a row is in."""
    place = segment.place.parent
    while place is not None and place.tag != "table":
        place = place.parent
    return place
