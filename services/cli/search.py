"""`pagemill search`: an answer out."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from shared.settings import Settings


class Sort(StrEnum):
    """Orders of hits."""

    relevance = "relevance"
    newest = "newest"
    oldest = "oldest"
    indexed = "indexed"


class Match(StrEnum):
    """How many of the words are needed."""

    auto = "auto"
    all = "all"
    best = "best"


class Mode(StrEnum):
    """What happens to mistakes in the query."""

    lenient = "lenient"
    strict = "strict"


class Interval(StrEnum):
    """Widths of a histogram's bars."""

    day = "day"
    week = "week"
    month = "month"
    year = "year"


class Fold(StrEnum):
    """What makes documents one hit."""

    story = "story"


Values = Annotated[list[str] | None, typer.Option(help="Filter; repeat it for more values.")]


def search(
    q: Annotated[
        list[str] | None,
        typer.Argument(metavar="[Q]...", help="The query, see docs/query-language.md; empty finds everything."),
    ] = None,
    language: Values = None,
    site: Values = None,
    source: Values = None,
    author: Values = None,
    tag: Values = None,
    person: Values = None,
    place: Values = None,
    organisation: Values = None,
    keyword: Values = None,
    story: Values = None,
    since: Annotated[str | None, typer.Option("--from", help="First day of publication, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day of publication.")] = None,
    indexed_from: Annotated[str | None, typer.Option(help="Searchable since this time.")] = None,
    indexed_to: Annotated[str | None, typer.Option(help="Searchable up to this time.")] = None,
    sort: Annotated[Sort | None, typer.Option(help="Undated documents come last.")] = None,
    size: Annotated[int | None, typer.Option(min=0, max=100, help="Hits on a page; 10 if absent.")] = None,
    cursor: Annotated[str | None, typer.Option(help="Where the page before ended.")] = None,
    freshness: Annotated[float | None, typer.Option(help="Days after which a document counts half as much.")] = None,
    facets: Annotated[str | None, typer.Option(help="Filters whose values are counted, parted by commas.")] = None,
    facet_size: Annotated[int | None, typer.Option(min=1, max=1000, help="Values of each facet.")] = None,
    histogram: Annotated[Interval | None, typer.Option(help="Counts documents by publication.")] = None,
    fold: Annotated[Fold | None, typer.Option(help="Near copies are one hit.")] = None,
    match: Annotated[Match | None, typer.Option(help="auto: all words, else any of them.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="lenient reads past mistakes in Q; strict refuses them.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Shows how Q is understood instead.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")] = False,
) -> None:
    """Searches, with matches highlighted.

    Write -- before a Q that begins with a hyphen.
    """
    asked: dict[str, Any] = {
        "q": " ".join(q or ()),
        "language": language,
        "site": site,
        "source": source,
        "author": author,
        "tag": tag,
        "person": person,
        "place": place,
        "organisation": organisation,
        "keyword": keyword,
        "story": story,
        "from": since,
        "to": until,
        "indexed_from": indexed_from,
        "indexed_to": indexed_to,
        "sort": sort,
        "size": size,
        "cursor": cursor,
        "freshness": freshness,
        "facets": facets,
        "facet_size": facet_size,
        "histogram": histogram,
        "fold": fold,
        "match": match,
        "mode": mode,
    }
    _show({name: value for name, value in asked.items() if value not in (None, [])}, explain=explain, json=json)


def _show(asked: dict[str, Any], *, explain: bool, json: bool) -> None:
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)
    from services.cli.showing.explained import explanation  # noqa: PLC0415  (likewise)
    from services.cli.showing.hits import results  # noqa: PLC0415  (likewise)
    from services.cli.showing.terminal import err, one_line, out, print_json  # noqa: PLC0415  (likewise)

    with Client.of(Settings(), json=json) as client:
        told = client.get("/v1/search/explain" if explain else "/v1/search", asked)
    if json:
        print_json(told)
        return
    for warning in told["warnings"]:
        err().print(one_line(f"pagemill: {warning['detail']}"), style="yellow")
    console = out()
    console.print(explanation(told) if explain else results(told, signs=not console.is_terminal))
