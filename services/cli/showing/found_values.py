"""What was found out about a page: each value with where it was found, and how sure that is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rich.console import RenderableType
from rich.text import Text

from services.cli.showing.hanging import Hanging
from services.cli.showing.terminal import one_line

_INDENT: Final = 16
_VALUES: Final = {
    "title": "title",
    "standfirst": "standfirst",
    "authors": "authors",
    "published": "published",
    "publisher": "publisher",
    "canonical_url": "canonical url",
    "site": "site",
    "language": "language",
    "keywords": "keywords",
}
"""The document's names of values, and what they are called here."""
_NAMES: Final = ("people", "places", "organisations")


def found_values(clean: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """A line or more for each value that there is, for each picture, and for each flag with what it means.

    Args:
        clean: CLEAN of the contract.
        document: DOCUMENT of the contract.
    """
    for name, label in _VALUES.items():
        if (value := document.get(name)) not in (None, [], ""):
            yield _fact(label, _listed(value), _found(document["evidence"].get(name)))
    for kind in _NAMES:
        if names := (document.get("names") or {}).get(kind):
            yield _fact(kind, _listed(names))
    yield _fact("length", _length(clean, document))
    yield _fact("extractor", str(clean["extractor"]))
    yield from _labelled("pictures", map(_picture, clean.get("images") or ()))
    undone = {step: how for step, how in (document.get("enrichment") or {}).items() if how != "done"}
    yield from _labelled("steps", (Text(one_line(f"{step}: {how}")) for step, how in undone.items()))
    yield from _labelled("flags", _flags(document["quality"]))


def _fact(label: str, value: str, found: str = "") -> Hanging:
    said = Text.assemble(one_line(value), (f"  ({found})", "dim")) if found else Text(one_line(value))
    return Hanging(Text(label, "dim"), said, _INDENT)


def _labelled(label: str, values: Iterable[Text]) -> Iterator[Hanging]:
    """One below the other, the label before the first."""
    for number, value in enumerate(values):
        yield Hanging(Text("" if number else label, "dim"), value, _INDENT)


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _found(evidence: Mapping[str, Any] | None) -> str:
    """`json-ld, sure .95, time zone unknown`."""
    if evidence is None:
        return ""
    sure = f"{evidence['confidence']:.2f}".removeprefix("0")
    zone = f", time zone {evidence['zone']}" if evidence.get("zone") else ""
    return one_line(f"{evidence['found_in']}, sure {sure}{zone}")


def _length(clean: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    minutes = document["reading_minutes"]
    words = f"{document['word_count']:,} words, {minutes} minute{'' if minutes == 1 else 's'} to read"
    if clipped := clean.get("clipped"):
        return f"{words}; {clipped['kept']:,} of {clipped['original']:,} characters are kept"
    return words


def _picture(image: Mapping[str, Any]) -> Text:
    alt = f"  {one_line(image['alt'])}" if image.get("alt") else ""
    return Text.assemble(f"{one_line(image['role'])}  {one_line(image['url'])}", (alt, "dim"))


def _flags(quality: list[str]) -> Iterator[Text]:
    if quality:
        from workers.enrich import QUALITY  # noqa: PLC0415  (loads a language model's libraries)

        for flag in quality:
            yield Text.assemble((one_line(flag), "yellow"), f"  {QUALITY.get(flag, '')}".rstrip())
