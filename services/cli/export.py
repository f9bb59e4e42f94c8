"""`pagemill export`: a whole result into a file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.search import Match, Mode, Sort, Values
from shared.settings import Settings


class Format(StrEnum):
    """What the file is."""

    ndjson = "ndjson"
    csv = "csv"
    parquet = "parquet"


def export(
    q: Annotated[
        list[str] | None,
        typer.Argument(metavar="[Q]...", help="The query, see docs/query-language.md; empty finds everything."),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where it goes.")] = ...,  # type: ignore[assignment]  # (it has to be given)
    form: Annotated[Format, typer.Option("--format", help="What it is written as.")] = Format.ndjson,
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
    freshness: Annotated[float | None, typer.Option(help="Days after which a document counts half as much.")] = None,
    match: Annotated[Match | None, typer.Option(help="auto: all words, else any of them.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="lenient reads past mistakes in Q; strict refuses them.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Writes over what is there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The manifest as one JSON line.")] = False,
) -> None:
    """Writes every document that a search finds into a file, and a manifest beside it.

    Where it was cut, the same command goes on. Write -- before a Q that begins with a hyphen.
    """
    asked: dict[str, Any] = {
        "q": " ".join(q or ()),
        "format": form.value,
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
        "freshness": freshness,
        "match": match,
        "mode": mode,
    }
    _fetch({name: value for name, value in asked.items() if value not in (None, [])}, output, force=force, json=json)


def _fetch(asked: dict[str, Any], output: Path, *, force: bool, json: bool) -> None:
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)
    from services.cli.exporting.files import ExportFiles  # noqa: PLC0415  (likewise)
    from services.cli.exporting.run import ExportRun  # noqa: PLC0415  (likewise)
    from services.cli.failure import CommandFailed  # noqa: PLC0415  (likewise)
    from services.cli.showing.terminal import err, one_line, out, print_json  # noqa: PLC0415  (likewise)

    with Client.of(Settings(), json=json) as client:
        try:
            files = ExportFiles(output, {"address": client.url, **asked}, force=force)
            manifest = ExportRun(client, asked, files).run()
        except OSError as error:
            raise CommandFailed(f"{error.filename or output} cannot be written: {error.strerror}") from error
    if json:
        print_json(manifest)
        return
    for warning in manifest["warnings"]:
        err().print(one_line(f"pagemill: {warning['detail']}"), style="yellow")
    left_out = f", {manifest['left_out']} deleted meanwhile" if manifest["left_out"] else ""
    out().print(f"{manifest['count']} documents, {manifest['bytes']} bytes in {output}{left_out}")
