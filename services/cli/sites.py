"""`pagemill sites`: what the mill has learnt of a site's pages, shown and undone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.settings import Settings

if TYPE_CHECKING:
    from services.cli.client import Client

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

    with _client(json=json) as client:
        told = client.get(path_of("v1", "monitor", "sites", host) if host else "/v1/monitor/sites-learnt")
    _print(told, repeated if host else learnt, json=json)


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
    with _client(json=json) as client:
        told = client.post(f"{path}?{urlencode({'note': note})}" if note else path, {})
    _print(told, kept, json=json)


def _client(*, json: bool) -> "Client":
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)

    return Client.of(Settings(), json=json)


def _print(told: Mapping[str, Any], shown: Any, *, json: bool) -> None:
    from services.cli.showing.terminal import out, print_json  # noqa: PLC0415  (the command must start fast)

    if json:
        print_json(told)
    else:
        out().print(shown(told))
