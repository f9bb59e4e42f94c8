"""`pagemill post`: pages in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from services.cli.failure import FAILED, WRONG_USE, CommandFailed
from shared.settings import Settings

if TYPE_CHECKING:
    from services.cli.client import Client
    from services.cli.posting.inputs import Input
    from services.cli.posting.progress import Shown
    from services.cli.posting.rejections import Rejections
    from services.cli.posting.run import Run
    from services.cli.posting.waiting import Waiting

PathsArgument = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Pages, folders, .jsonl, .warc or .wet files; - reads lines.")
]
_PATIENCE: Final = 60.0


def post(
    paths: PathsArgument,
    mapping: Annotated[
        str | None, typer.Option("--map", help="NAME=FIELD,...: which of a dump's fields is which of a page's.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Who sends: a feed, a crawl; where a page names none.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag for pages that bring none; may be repeated.")] = None,
    url: Annotated[str | None, typer.Option(help="The URL of a single page.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every page is searchable, or why not.")] = False,
    errors: Annotated[Path | None, typer.Option(help="File that gets each rejected item as a JSON line.")] = None,
    resume: Annotated[
        Path | None, typer.Option(help="File that keeps the place; by default in ~/.local/state/pagemill.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew where an earlier run was cut.")] = False,
    patience: Annotated[float, typer.Option(min=0, help="Seconds to go on trying while nothing answers.")] = _PATIENCE,
    json: Annotated[bool, typer.Option("--json", help="The result as one JSON line.")] = False,
) -> None:
    """Posts pages: files, folders, dumps (.jsonl, .jsonl.gz), crawls (.warc, .warc.gz, .wet); - is standard input.

    Waits while the line is full. A run that was cut goes on where it was when the same command is given again. Exits
    with 1 when an item was rejected or, with --wait, a page could not be made searchable.
    """
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)
    from services.cli.posting.inputs import find  # noqa: PLC0415  (likewise)
    from services.cli.posting.progress import Shown  # noqa: PLC0415  (likewise)
    from services.cli.posting.rejections import Rejections  # noqa: PLC0415  (likewise)
    from services.cli.posting.run import where_it_was_cut  # noqa: PLC0415  (likewise)
    from services.cli.posting.waiting import Waiting  # noqa: PLC0415  (likewise)

    inputs = find(paths)
    _check(inputs, url)
    defaults = {name: value for name, value in (("source", source), ("tags", tag or None)) if value}
    with Client.of(Settings()) as client, Shown(sum(each.size for each in inputs), quiet=json) as shown:
        options = [mapping or "", source or "", *sorted(tag or []), url or ""]
        bookmark = _bookmark(client.url, inputs, paths, options, resume)
        saved = where_it_was_cut(bookmark, inputs, client, shown) if bookmark and not restart else None
        waiting = Waiting(client) if wait else None
        with Rejections(errors, shown.remark, go_on=saved is not None) as rejections:
            run = _run(client, inputs, defaults, mapping, url, patience, shown, rejections, waiting)
            run.bookmark, run.saved = bookmark, saved
            _until_the_end(run, waiting)
    _tell(run, shown, waiting, json=json)
