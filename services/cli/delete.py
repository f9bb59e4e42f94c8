"""`pagemill delete`: pages out."""

import sys
from typing import Annotated

import typer

from services.cli.asking import client_of, show_answer
from services.cli.failure import CommandFailed


def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Pages, by their ids.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")] = False,
) -> None:
    """Deletes pages by their ids.

    They are found no more within seconds, and only a page fetched later comes back. On a terminal it asks first.
    Exits with 1 where an id names no page.
    """
    if not yes and not json and sys.stdin.isatty():
        noun = "page" if len(ids) == 1 else "pages"
        typer.confirm(f"Delete {len(ids)} {noun}, from the index, the archive and the dead letters?", abort=True)
    with client_of(json=json) as client:
        told = client.post("/v1/pages/delete", {"ids": ids})
    show_answer(told, lambda told: f"{told['done']:,} deleted", json=json)
    if told["done"] < told["matched"]:
        undone = told["matched"] - told["done"]
        raise CommandFailed(f"the ledger went away before {undone:,} of them", "the same again deletes the rest")
    if told["unknown"]:
        raise CommandFailed(f"nothing is known of {', '.join(told['unknown'])}", "ids are in the answers to posts")
