import time
from typing import Annotated, Final, Literal

import typer

from services.cli.address import host_and_port
from services.cli.failure import WRONG_USE, CommandFailed
from services.cli.readiness import Readiness
from services.cli.worker_command import LANES
from shared.addresses import is_any
from shared.settings import Settings

What = Literal["ingest", "query", "monitor", "together", "clean", "enrich", "index", "solo", "names"]

_FRESH_SECONDS: Final = 15.0
"""A worker touches its file each second, unless the ledger keeps it waiting for ten."""


def alive(
    what: Annotated[What, typer.Argument(help="The service or the room whose process runs here.")],
    json: Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")] = False,
) -> None:
    """Whether the process beside this one does its work; exits 0 or 1. For the health checks of containers.

    A worker lives while it takes what waits for it (PAGEMILL_ALIVE_FILE), a service while it is ready but
    for what waits for others.
    """
    settings = Settings()
    if what in {*LANES, "names"}:
        _worker(settings)
    else:
        _service(settings)
    typer.echo(f'{{"alive": "{what}"}}' if json else f"{what} lives")


def _worker(settings: Settings) -> None:
    if settings.alive_file is None:
        raise CommandFailed("PAGEMILL_ALIVE_FILE is not set, here and for the worker", code=WRONG_USE)
    try:
        touched = settings.alive_file.stat().st_mtime
    except OSError as error:
        raise CommandFailed(f"{settings.alive_file}: {error.strerror}; the worker has not started") from error
    if (seconds := time.time() - touched) > _FRESH_SECONDS:
        raise CommandFailed(f"pages wait and the worker takes none, or it stands still: last seen {seconds:.0f} s ago")


def _service(settings: Settings) -> None:
    host, port = host_and_port(settings.listen)
    if is_any(host):
        host = "::1" if ":" in host else "127.0.0.1"
    readiness = Readiness(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    if not readiness.asked():
        raise CommandFailed(f"not ready: {readiness.lacks()}")
