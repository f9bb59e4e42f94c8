"""`pagemill sites`: what the mill has learnt of a site's pages, shown and undone."""

from typing import Annotated

import typer

from services.cli.asking import client_of, show_answer

app = typer.Typer(help="What sites repeat on their pages.", no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")]


@app.command("show")
def show(
    host: Annotated[str | None, typer.Argument(metavar="[HOST]", help="A site; without one, those there are.")] = None,
    json: Json = False,
) -> None:
    """Shows the blocks that a site repeats, with their ids: they are left out of its pages."""
    from services.cli.client import path_of  # noqa: PLC0415  (the command must start fast)
    from services.cli.showing.sites import learnt, repeated  # noqa: PLC0415  (likewise)

    with client_of(json=json) as client:
        told = client.get(path_of("v1", "monitor", "sites", host) if host else "/v1/monitor/sites-learnt")
    show_answer(told, repeated if host else learnt, json=json)


@app.command("keep")
def keep(
    host: Annotated[str, typer.Argument(metavar="HOST", help="A site.")],
    block: Annotated[str, typer.Argument(metavar="BLOCK", help="A block's id, from `pagemill sites show HOST`.")],
    undo: Annotated[bool, typer.Option("--undo", help="Leave it out again.")] = False,
    note: Annotated[str | None, typer.Option(help="Why, for whoever asks later.")] = None,
    json: Json = False,
) -> None:
    """Has a block of a site kept from now on, or left out again."""
    from urllib.parse import urlencode  # noqa: PLC0415  (the command must start fast)

    from services.cli.client import path_of  # noqa: PLC0415  (likewise)
    from services.cli.showing.sites import kept  # noqa: PLC0415  (likewise)

    path = path_of("v1", "monitor", "sites", host, "blocks", block, "drop" if undo else "keep")
    with client_of(json=json) as client:
        told = client.post(f"{path}?{urlencode({'note': note})}" if note else path, {})
    show_answer(told, kept, json=json)
