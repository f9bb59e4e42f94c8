"""`pagemill dead-letters`: pages that could not be taken through the house, read, sent again or let go."""

from typing import Annotated, Any, Literal

import typer

from services.cli.asking import client_of, show_answer
from services.cli.failure import WRONG_USE, CommandFailed

app = typer.Typer(
    help="Pages that could not be taken through.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Reason = Annotated[str | None, typer.Option(help="Only those that died for this reason.")]
Stage = Annotated[str | None, typer.Option(help="Only those that died in this room.")]
Site = Annotated[str | None, typer.Option(help="Only those of this registered domain.")]
Source = Annotated[str | None, typer.Option(help="Only those sent by this source.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="These; else those that the options name.")]
Every = Annotated[bool, typer.Option("--all", help="Every dead letter.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say how many it would be.")]
Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")]


@app.command("list")
def list_(
    reason: Reason = None,
    stage: Stage = None,
    site: Site = None,
    source: Source = None,
    cursor: Annotated[str | None, typer.Option(help="Where the page before ended.")] = None,
    json: Json = False,
) -> None:
    """Lists dead letters, newest first, with counts by reason, room and site."""
    from services.cli.showing.letters import listed  # noqa: PLC0415  (the command must start fast)

    with client_of(json=json) as client:
        told = client.get("/v1/dead-letters", {**_filter(reason, stage, site, source), **_given(cursor=cursor)})
    show_answer(told, listed, json=json)


@app.command("show")
def show(
    page_id: Annotated[str, typer.Argument(metavar="ID", help="A page's id.")],
    json: Json = False,
) -> None:
    """Shows one dead letter with its traceback and how its page begins."""
    from services.cli.client import path_of  # noqa: PLC0415  (the command must start fast)
    from services.cli.showing.letters import letter  # noqa: PLC0415  (likewise)

    with client_of(json=json) as client:
        told = client.get(path_of("v1", "dead-letters", page_id))
    show_answer(told, letter, json=json)


@app.command("mend")
def mend(
    page_id: Annotated[str, typer.Argument(metavar="ID", help="A page's id.")],
    path: Annotated[str, typer.Argument(metavar="PATH", help="The page as it should be; - is standard input.")],
    content_type: Annotated[
        str | None, typer.Option("--type", help="text/html, text/markdown or text/plain; by default from the name.")
    ] = None,
    json: Json = False,
) -> None:
    """Sends a dead letter again with another body; its URL, title and other fields stay."""
    from services.cli.client import path_of  # noqa: PLC0415  (the command must start fast)
    from services.cli.preview import page_at  # noqa: PLC0415  (likewise)
    from services.cli.showing.letters import mended  # noqa: PLC0415  (likewise)

    with client_of(json=json) as client:
        told = client.put(path_of("v1", "dead-letters", page_id), page_at(path, client, None, content_type))
    show_answer(told, mended, json=json)
    if told["status"] == "superseded":
        raise CommandFailed("a version that was fetched later is there", "the dead letter stays as it is")


@app.command("redrive")
def redrive(
    ids: Ids = None,
    reason: Reason = None,
    stage: Stage = None,
    site: Site = None,
    source: Source = None,
    every: Every = False,
    dry_run: DryRun = False,
    note: Annotated[str | None, typer.Option(help="Why, for whoever asks later.")] = None,
    json: Json = False,
) -> None:
    """Sends dead letters again, by id or by filter."""
    chosen = _chosen(ids, _filter(reason, stage, site, source), every=every)
    _act("redrive", chosen, note, dry_run=dry_run, json=json)


@app.command("discard")
def discard(
    ids: Ids = None,
    reason: Reason = None,
    stage: Stage = None,
    site: Site = None,
    source: Source = None,
    every: Every = False,
    dry_run: DryRun = False,
    note: Annotated[str | None, typer.Option(help="Why; needed, unless it is a dry run.")] = None,
    json: Json = False,
) -> None:
    """Lets dead letters go for good, by id or by filter."""
    if not note and not dry_run:
        raise CommandFailed("nothing is discarded without a reason", "give it with --note", code=WRONG_USE)
    chosen = _chosen(ids, _filter(reason, stage, site, source), every=every)
    _act("discard", chosen, note, dry_run=dry_run, json=json)


def _chosen(ids: list[str] | None, where: dict[str, Any], *, every: bool) -> dict[str, Any]:
    if bool(ids) + bool(where) + every != 1:
        raise CommandFailed(
            "it is not clear which dead letters are meant", "name ids, or filters, or say --all", code=WRONG_USE
        )
    return {"ids": ids} if ids else {"filter": {"all": True} if every else where}


def _act(
    verb: Literal["redrive", "discard"], chosen: dict[str, Any], note: str | None, *, dry_run: bool, json: bool
) -> None:
    from services.cli.showing.letters import acted  # noqa: PLC0415  (the command must start fast)

    with client_of(json=json) as client:
        told = client.post(f"/v1/dead-letters/{verb}", {**chosen, "dry_run": dry_run, **_given(note=note)})
    show_answer(told, lambda told: acted(verb, told, dry_run=dry_run), json=json)
    if chosen.get("ids") and told["matched"] < len(set(chosen["ids"])):
        raise CommandFailed("not all of these are dead letters", "`pagemill dead-letters list` shows those there are.")


def _filter(reason: str | None, stage: str | None, site: str | None, source: str | None) -> dict[str, Any]:
    return _given(reason=reason, stage=stage, site=site, source=source)


def _given(**values: str | None) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
