"""`pagemill status`: where a page is, or where all of them are."""

import re
from typing import Annotated

import typer

from services.cli.asking import client_of, show_answer
from services.cli.failure import WRONG_USE, CommandFailed
from shared.models.frozen import PAGE_ID_PATTERN


def status(
    page: Annotated[str | None, typer.Argument(metavar="[ID|URL]", help="A page; absent: the whole ledger.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")] = False,
) -> None:
    """Shows where a page is, or where all are.

    A page's receipt is shown as a timeline; without a page it is the ledger's equation and its rooms.
    """
    from services.cli.client import path_of  # noqa: PLC0415  (the command must start fast)
    from services.cli.showing.equation import ledger  # noqa: PLC0415  (likewise)
    from services.cli.showing.receipt import timeline  # noqa: PLC0415  (likewise)

    with client_of(json=json) as client:
        if page is None:
            told = client.get("/v1/monitor/ledger")
        elif "://" in page:
            told = client.get("/v1/pages", {"url": page})
        elif re.match(PAGE_ID_PATTERN, page):
            told = client.get(path_of("v1", "pages", page))
        else:
            raise CommandFailed(
                f"{page!r} is neither an id nor a URL", "a URL begins with https:// or another scheme", code=WRONG_USE
            )
    show_answer(told, ledger if page is None else timeline, json=json)
