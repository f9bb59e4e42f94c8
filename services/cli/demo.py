"""`pagemill demo`: the whole way of a page, on a stack of its own that leaves nothing behind."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer

from services.cli.failure import CommandFailed


def demo(
    json: Annotated[bool, typer.Option("--json", help="The result as one JSON line, and nothing else.")] = False,
) -> None:
    """Shows the whole way of a page, on its own.

    Starts a stack, posts the pages that come with Pagemill, searches them, shows one receipt and the ledger, and stops
    the stack. Takes a free port and a temporary folder; settings and a running Pagemill are left alone.
    """
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)
    from services.cli.demonstration.own_stack import OwnStack  # noqa: PLC0415  (likewise)
    from services.cli.demonstration.tour import tour  # noqa: PLC0415  (likewise)
    from services.cli.showing.terminal import out, print_json  # noqa: PLC0415  (likewise)

    begun = time.monotonic()
    console = out()
    console.quiet = json
    with _ended_by_signals(), OwnStack() as stack:
        try:
            with console.status("starting") as status:
                url = stack.ready(lambda: status.update(f"starting, {time.monotonic() - begun:.0f} s"))
                console.print(f"a stack of its own on {url}, ready after {time.monotonic() - begun:.1f} s")
                with Client(url) as client:
                    tour(client, console, status.update)
                    ledger = client.get("/v1/monitor/ledger")
                status.update("stopping")
        except CommandFailed as failed:
            raise CommandFailed(f"the demo failed: {failed}", f"logs: {stack.where_logs_are}") from failed
    seconds = time.monotonic() - begun
    console.print(f"\nstopped, nothing is left of it; {seconds:.1f} s in all. To keep one: pagemill up")
    console.print("which has the search page at / and the control room at /monitor of the address that it tells")
    if json:
        print_json({"seconds": round(seconds, 2), "ledger": ledger})


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and a terminal that closes end the demo as Ctrl-C does: what was started is stopped."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
