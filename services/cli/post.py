"""`pagemill post`: pages in."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.failure import FAILED, WRONG_USE, CommandFailed
from shared.settings import Settings

if TYPE_CHECKING:
    from services.cli.posting.inputs import Input
    from services.cli.posting.order import Order
    from services.cli.posting.progress import Shown
    from services.cli.posting.run import Run
    from services.cli.posting.waiting import Waiting


def post(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Pages, folders, .jsonl, .warc, .wet; - reads JSON lines.")
    ],
    mapping: Annotated[
        str | None, typer.Option("--map", help="NAME=FIELD,...: which of a dump's fields is which of a page's.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Who sends: a feed, a crawl; for pages that do not say.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag, for pages without; may be repeated.")] = None,
    url: Annotated[str | None, typer.Option(help="The URL of a single page.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every page posted has come to its end.")] = False,
    errors: Annotated[Path | None, typer.Option(help="File that gets each rejected item as a JSON line.")] = None,
    resume: Annotated[
        Path | None, typer.Option(help="File that keeps the place; by default one in ~/.local/state/pagemill.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew where an earlier run was cut.")] = False,
    patience: Annotated[float, typer.Option(min=0, help="Seconds to go on trying while nothing answers.")] = 60.0,
    json: Annotated[bool, typer.Option("--json", help="The result as one JSON line.")] = False,
) -> None:
    """Posts files, folders, dumps and crawls.

    Reads pages (.html, .htm, .md, .markdown, .txt), JSON lines (.jsonl, .ndjson, with .gz), WARC and WET files (with
    .gz), folders of them, and JSON lines from standard input (-). Waits while the line is full. A run that was cut
    goes on where it was when the same command is given again. Exits with 1 when an item was
    rejected or, with --wait, a page is dead.
    """
    from services.cli.posting.inputs import find  # noqa: PLC0415  (the command must start fast)
    from services.cli.posting.order import Order  # noqa: PLC0415  (likewise)
    from services.cli.posting.side_files import check_side_files  # noqa: PLC0415  (likewise)
    from services.cli.showing.tally import summary  # noqa: PLC0415  (likewise)
    from services.cli.showing.terminal import out, print_json  # noqa: PLC0415  (likewise)

    inputs = find(paths)
    _check(inputs, url, mapping)
    check_side_files(inputs, errors, resume)
    order = Order(tuple(inputs), mapping, source, tuple(tag or ()), url, patience, errors, resume, restart=restart)
    told = _carried_out(order, wait=wait, quiet=json)
    if json:
        print_json(told)
    else:
        out().print(summary(told))
    if told["counts"]["rejected"] or (told["states"] or {}).get("dead"):
        raise typer.Exit(FAILED)


def _check(inputs: "list[Input]", url: str | None, mapping: str | None) -> None:
    from services.cli.posting.renaming import renaming  # noqa: PLC0415  (the command must start fast)

    if mapping is not None:
        renaming(mapping)
    if url is not None:
        if [each.kind for each in inputs] != ["page"]:
            raise CommandFailed("--url is the address of one page", "name one page file with it", code=WRONG_USE)
        _check_url(url)
    if sum(each.path is None for each in inputs) > 1:
        raise CommandFailed("standard input is named twice", "name - once", code=WRONG_USE)


def _check_url(url: str) -> None:
    from shared.urls import canonical_url  # noqa: PLC0415  (the command must start fast)

    try:
        canonical_url(url)
    except ValueError as error:
        raise CommandFailed(f"--url: {error}", "give the page's whole address", code=WRONG_USE) from error


def _carried_out(order: "Order", *, wait: bool, quiet: bool) -> dict[str, Any]:
    """Posts everything; what came of it."""
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)
    from services.cli.posting.progress import Shown  # noqa: PLC0415  (likewise)
    from services.cli.posting.waiting import Waiting  # noqa: PLC0415  (likewise)

    begun = time.monotonic()
    with ExitStack() as stack:
        client = stack.enter_context(Client.of(Settings()))
        limits = order.limits(client)
        shown = stack.enter_context(Shown(sum(each.size for each in order.inputs), quiet=quiet))
        waiting = Waiting(client) if wait else None
        run = stack.enter_context(order.run(client, limits, shown, waiting))
        _until_the_end(run, waiting, shown)
    seconds = time.monotonic() - begun
    return {
        "items": run.tally.answered,
        "earlier": run.tally.earlier,
        "counts": run.tally.counts,
        "earlier_counts": run.tally.earlier_counts,
        "states": dict(waiting.states) if waiting else None,
        "seconds": round(seconds, 3),
        "per_second": round((run.tally.answered - run.tally.earlier) / max(seconds, 1e-3), 1),
    }


def _until_the_end(run: "Run", waiting: "Waiting | None", shown: "Shown") -> None:
    try:
        run.go()
    except KeyboardInterrupt:
        told = f"stopped after {run.tally.answered:,} items were answered; the batch on its way may be in, too"
        raise CommandFailed(told, run.way_on) from None
    except CommandFailed as failed:
        if run.tally.answered > run.tally.earlier and not failed.remedy.endswith(run.way_on):
            raise CommandFailed(str(failed), f"{failed.remedy}; {run.way_on}".strip("; "), code=failed.code) from failed
        raise
    try:
        if waiting:
            waiting.settle(shown)
    except KeyboardInterrupt:
        raise CommandFailed(
            "every item is answered, but not every page has come to its end", "see `pagemill status`"
        ) from None
