"""The text of a page as it is kept, with the lines of tables, code and verse."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from services.cli.showing.hanging import Hanging
from services.cli.showing.terminal import plain

_ITEM: Final = re.compile(r"(\s*(?:-|\d+[.)])\s+)(?=\S)")
_QUOTED: Final = "> "


def kept_text(paragraphs: Sequence[str]) -> Iterator[RenderableType]:
    """The paragraphs, parted by blank lines but for the items of a list and the parts of a quotation.

    Args:
        paragraphs: as CLEAN has them.
    """
    shown = [plain(each) for each in paragraphs]
    for before, paragraph in pairwise(["", *shown]):
        if not (before and _go_together(before, paragraph)):
            yield Text("")
        yield from (_line(each) for each in paragraph.split("\n"))


def _go_together(one: str, other: str) -> bool:
    quoted = one.startswith(_QUOTED) and other.startswith(_QUOTED)
    return quoted or (_ITEM.match(one) is not None and _ITEM.match(other) is not None)


def _line(line: str) -> RenderableType:
    """One line; where the terminal breaks it, it goes on where its words begin."""
    line = line.expandtabs(4)
    lead = _ITEM.match(line) or re.match(r"[> ]*", line)
    width = lead.end() if lead else 0
    return Hanging(Text(line[:width]), Text(line[width:]), width)
