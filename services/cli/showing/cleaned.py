"""A cleaned page as a person reads it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from services.cli.showing.terminal import one_line

_CLEAN: Final = ("authors", "published", "site_name", "canonical_url", "extractor")
_DOCUMENT: Final = ("language", "site", "word_count", "reading_minutes", "quality")


def cleaned(clean: Mapping[str, Any], document: Mapping[str, Any]) -> RenderableType:
    """Title, standfirst, paragraphs, facts, and what was dropped.

    Args:
        clean: CLEAN of the contract.
        document: DOCUMENT of the contract.
    """
    parts: list[RenderableType] = [Text(one_line(clean["title"] or "(no title)"), "bold")]
    if clean["standfirst"]:
        parts.append(Text(one_line(clean["standfirst"]), "italic"))
    for paragraph in clean["paragraphs"]:
        parts += [Text(""), Text(one_line(paragraph))]
    return Group(*parts, Text(""), *_facts(clean, _CLEAN), *_facts(document, _DOCUMENT), *_dropped(clean["dropped"]))


def _facts(told: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Text]:
    for name in names:
        value = told.get(name)
        if value not in (None, [], ""):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield Text.assemble((f"{name.replace('_', ' '):<16}", "dim"), one_line(shown))


def _dropped(blocks: list[Mapping[str, Any]]) -> Iterator[RenderableType]:
    if blocks:
        yield Text(f"\ndropped {len(blocks)}", "bold")
    for block in blocks:
        line = f"line {block['line']}: " if block["line"] is not None else ""
        text = one_line(block["text"])
        shown = text if len(text) <= 100 else f"{text[:99]}…"
        yield Padding(
            Text.assemble((f"{line}{one_line(block['reason'])}  ", "yellow"), (shown, "dim")),
            (0, 0, 0, 2),
            expand=False,
        )
