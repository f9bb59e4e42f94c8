"""`pagemill preview`: what would become of a page, nothing kept."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.asking import client_of, show_answer
from services.cli.failure import WRONG_USE, CommandFailed


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

    page = page_at(path, url, content_type)
    with client_of(json=json) as client:
        told = client.post("/v1/preview", page)
    show_answer(told, lambda told: cleaned(told["clean"], told["document"]), json=json)


def page_at(path: str, url: str | None, content_type: str | None) -> dict[str, Any]:
    """A file as an item of the API.

    Raises:
        CommandFailed: there is no such file.
    """
    import base64  # noqa: PLC0415  (the command must start fast)

    from services.cli.posting.inputs import PAGES  # noqa: PLC0415  (likewise)

    try:
        body = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise CommandFailed(f"cannot read {path}: {error.strerror}", "name a file", code=WRONG_USE) from error
    kind = content_type or PAGES.get(Path(path).suffix.lower())
    told = {"body": base64.b64encode(body).decode(), "content_type": kind, "url": url}
    return {name: value for name, value in told.items() if value is not None}
