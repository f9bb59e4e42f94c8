"""`pagemill preview`: what would become of a page, nothing kept."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.asking import client_of, show_answer
from services.cli.failure import WRONG_USE, CommandFailed

if TYPE_CHECKING:
    from services.cli.client import Client


def preview(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file; - is standard input.")],
    url: Annotated[str | None, typer.Option(help="The page's URL.")] = None,
    content_type: Annotated[
        str | None, typer.Option("--type", help="text/html, text/markdown or text/plain; by default from the name.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")] = False,
) -> None:
    """Shows what would become of a page.

    It is cleaned and enriched as the workers would do it, and nothing of it is kept.
    """
    from services.cli.showing.cleaned import cleaned  # noqa: PLC0415  (the command must start fast)

    with client_of(json=json) as client:
        told = client.post("/v1/preview", page_at(path, client, url, content_type))
    show_answer(told, lambda told: cleaned(told["clean"], told["document"]), json=json)


def page_at(path: str, client: "Client", url: str | None, content_type: str | None) -> dict[str, Any]:
    """A file, or standard input where it is `-`, as an item of the API.

    Raises:
        CommandFailed: there is no such file, or it holds more than the services read as a page.
    """
    import base64  # noqa: PLC0415  (the command must start fast)

    from services.cli.posting.inputs import PAGES  # noqa: PLC0415  (likewise)

    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            most = client.get("/v1/limits")["page_max_bytes"]
            body = file.read(most + 1)
    except OSError as error:
        raise CommandFailed(f"cannot read {path}: {error.strerror}", "name a file", code=WRONG_USE) from error
    if len(body) > most:
        raise CommandFailed(
            f"{path} has more than {most} bytes", "PAGEMILL_PAGE_MAX_BYTES of the services limits a page"
        )
    kind = content_type or PAGES.get(Path(path).suffix.lower())
    told = {"body": base64.b64encode(body).decode(), "content_type": kind, "url": url}
    return {name: value for name, value in told.items() if value is not None}
