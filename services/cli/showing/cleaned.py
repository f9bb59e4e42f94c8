"""A cleaned page as a person reads it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from services.cli.showing.found_values import found_values
from services.cli.showing.hanging import Hanging
from services.cli.showing.kept_text import kept_text
from services.cli.showing.terminal import one_line

_INDENT: Final = 4
_SHOWN_CHARS: Final = 100


def cleaned(clean: Mapping[str, Any], document: Mapping[str, Any]) -> RenderableType:
    """Title, standfirst, the text as it is kept, each value with where it was found, flags, and what was dropped.

    Args:
        clean: CLEAN of the contract.
        document: DOCUMENT of the contract.
    """
    parts: list[RenderableType] = [Text(one_line(clean["title"] or "(no title)"), "bold")]
    if clean["standfirst"]:
        parts.append(Text(one_line(clean["standfirst"]), "italic"))
    parts += kept_text(clean["paragraphs"])
    return Group(*parts, Text(""), *found_values(clean, document), *_dropped(clean["dropped"]))


def _dropped(blocks: list[Mapping[str, Any]]) -> Iterator[RenderableType]:
    if blocks:
        yield Text(f"\ndropped {len(blocks)}", "bold")
    for block in blocks:
        line = f"line {block['line']}: " if block["line"] is not None else ""
        text = one_line(block["text"])
        shown = text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
        said = Text.assemble((f"{line}{one_line(block['reason'])}  ", "yellow"), (shown, "dim"))
        yield Hanging(Text(""), said, _INDENT)
