"""`pagemill delete`: pages out."""

import sys
from typing import Annotated

import typer

from shared.settings import Settings


def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Pages, by their ids.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")] = False,
) -> None:
    """Deletes pages: they are found no more within seconds, and only a page fetched later comes back.

    On a terminal it asks first.
    """
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)
    from services.cli.showing.terminal import one_line, out, print_json  # noqa: PLC0415  (likewise)

    noun = "page" if len(ids) == 1 else "pages"
    if not yes and not json and sys.stdin.isatty():
        typer.confirm(f"Delete {len(ids)} {noun}, from the index, the archive and the dead letters?", abort=True)
    with Client.of(Settings()) as client:
        told = client.post("/v1/pages/delete", {"ids": ids})
    if json:
        print_json(told)
    else:
        out().print(f"deleted: {one_line(' '.join(ids))}")
