"""`pagemill clean`: the cleaning stage as a filter, without any server."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.failure import FAILED, CommandFailed
from shared.settings import Settings

if TYPE_CHECKING:
    from services.cli.cleaning.lane import Lane

_ESCAPED = 6
"""Bytes of JSON that one byte of a page can take: `\\u0000`."""
_FIELDS_BYTES = 2**20
"""Room for everything that is said of a page."""


def clean(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that clean side by side.")] = 1,
    json: Annotated[  # noqa: ARG001  (every verb takes it)
        bool, typer.Option("--json", help="Changes nothing: the answers are JSON lines anyway.")
    ] = False,
) -> None:
    """Cleans pages as a filter, without a server.

    JSON lines in, as in a batch, and a line out for each but blank ones, in order. An answer is {"id", ...CLEAN} or
    {"id", "error": PROBLEM}; an `id` in a line is handed through. Each answer is written as soon as it is there. A
    page that hangs, or breaks a parser, gets an error and costs no other page.
    """
    from services.cli.cleaning.lane import Lane  # noqa: PLC0415  (the command must start fast)
    from services.cli.cleaning.ordered import in_order  # noqa: PLC0415  (likewise)

    settings = Settings()
    with ExitStack() as stack:
        lanes = [stack.enter_context(Lane(settings)) for _ in range(workers)]
        try:
            for answer in in_order(_lines(settings), lanes):
                sys.stdout.buffer.write(answer)
                sys.stdout.buffer.flush()
        except BrokenPipeError:
            _leave_quietly()
        _complain(lanes)


def _lines(settings: Settings) -> Iterator[bytes | None]:
    """Standard input's lines; not by way of `sys.stdin`, which cannot be closed while a thread waits in it."""
    from services.cli.posting.items import lines_of  # noqa: PLC0415  (the command must start fast)

    stdin = open(0, "rb", closefd=False)  # noqa: SIM115  (a descriptor has no path, and outlives this)
    for line, _ in lines_of(stdin, _ESCAPED * settings.page_max_bytes + _FIELDS_BYTES):
        text = line.strip() if line is not None else None
        if text != b"":
            yield text


def _complain(lanes: "Sequence[Lane]") -> None:
    """Where there were pages and none got through, it is hardly the pages' fault."""
    if any(lane.lost for lane in lanes) and not any(lane.answered for lane in lanes):
        raise CommandFailed(
            "every page ended the process that cleaned it, or took too long",
            "the errors say which; see PAGEMILL_PAGE_SECONDS and PAGEMILL_PAGE_MEMORY_MIB",
        )


def _leave_quietly() -> None:
    """Whoever read the answers has gone: there is nobody to tell, and nothing to flush at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(FAILED)
