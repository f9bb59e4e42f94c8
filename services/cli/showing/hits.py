"""What a search found."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from services.cli.showing.terminal import highlighted, one_line


def results(told: Mapping[str, Any], *, signs: bool = False) -> RenderableType:
    """Hits with their snippets, facets, histogram, and how many there are in all.

    Args:
        told: the answer of `GET /v1/search`.
        signs: whether what matched stands between asterisks, for where no style is seen.
    """
    parts: list[RenderableType] = []
    for number, hit in enumerate(told["hits"], 1):
        parts += [_hit(number, hit, signs=signs), Text("")]
    return Group(*parts, *_facets(told["facets"]), *_histogram(told["histogram"]), _summary(told))


def _hit(number: int, hit: Mapping[str, Any], *, signs: bool) -> RenderableType:
    title = Text.assemble((f"{number:>2}. ", "dim"), (one_line(hit["title"] or hit["url"] or "(untitled)"), "bold"))
    shown: list[RenderableType] = [title, _indented(Text(_facts(hit), "dim"))]
    if hit["snippet"]:
        shown.append(_indented(highlighted(hit["snippet"], signs=signs)))
    return Group(*shown)


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 4), expand=False)


def _facts(hit: Mapping[str, Any]) -> str:
    copies = {0: None, 1: "1 near copy"}.get(hit["copies"], f"{hit['copies']} near copies")
    facts = (hit["site"], hit["language"], hit["published"] and hit["published"][:10], hit["id"], copies)
    return " · ".join(one_line(str(fact)) for fact in facts if fact)


def _facets(facets: Mapping[str, Any]) -> Iterator[Text]:
    for name, values in facets.items():
        counts = "  ".join(f"{one_line(str(each['value']))} {each['count']:,}" for each in values)
        yield Text.assemble((f"{one_line(name)}: ", "bold"), counts or "(none)")


def _histogram(bars: list[Mapping[str, Any]]) -> Iterator[Text]:
    most = max((bar["count"] for bar in bars), default=1) or 1
    for bar in bars:
        yield Text(f"{one_line(bar['start'])}  {'▇' * round(30 * bar['count'] / most)} {bar['count']:,}")


def _summary(told: Mapping[str, Any]) -> Text:
    count, exact = told["total"]["value"], told["total"]["exact"]
    noun = "document" if count == 1 else "documents"
    line = f"{'' if exact else 'at least '}{count:,} {noun} in {told['took_ms']['total']:.1f} ms"
    if told["partial"]:
        line += ", and not all could be asked"
    if told["next"]:
        line += f"\nmore: --cursor {one_line(told['next'])}"
    return Text(line, "dim")
