import signal
import socket
import sys
from typing import Annotated, Final, Literal

import typer

from services.cli.address import bound, local_url, refuse_open
from services.cli.durability import warn_of_loss
from services.cli.failure import FAILED
from services.cli.misspelt import warn_of_misspelt
from services.cli.running_redis import with_redis
from shared.settings import Settings, keys_needed
from shared.telemetry import configure_logging

Service = Literal["ingest", "query", "monitor", "together"]

_KEEP_ALIVE_SECONDS: Final = 75
"""Longer than the minute that gateways and clients keep an idle connection, so that they close it, not we."""
_GRACE_SECONDS: Final = 5


def serve(
    service: Annotated[Service, typer.Argument(help="Which service; `together` is all three behind one address.")],
    fd: Annotated[int | None, typer.Option(hidden=True, help="A socket that listens already.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Log lines as JSON.")] = False,
) -> None:
    """Answers HTTP on PAGEMILL_LISTEN, in this process, until SIGTERM or Ctrl-C."""
    settings = Settings(log_format="json") if json else Settings()
    configure_logging(settings, "services" if service == "together" else service)
    if fd is None:
        warn_of_misspelt()
    if service != "query" or keys_needed(settings):
        settings = with_redis(settings)
    _answer(service, settings, _listening(service, settings) if fd is None else socket.socket(fileno=fd))


def _listening(service: Service, settings: Settings) -> socket.socket:
    refuse_open(settings)
    if service in {"ingest", "together"}:
        warn_of_loss(settings)
    listening = bound(settings)
    typer.echo(f"{service} listens on {local_url(listening)}", err=True)
    return listening


def _answer(service: Service, settings: Settings, listening: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415  (other verbs start faster without)

    from services import together  # noqa: PLC0415  (other verbs start faster without)
    from services.http.protocol import protocol_for  # noqa: PLC0415  (other verbs start faster without)

    app = together.make_together(settings) if service == "together" else together.app_for(settings, service)
    config = uvicorn.Config(
        app,
        http=protocol_for(settings),
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    signal.signal(signal.SIGTERM, _leave)  # uvicorn raises it again after it has closed
    signal.signal(signal.SIGINT, _leave)
    server = uvicorn.Server(config)
    try:
        server.run(sockets=[listening])
    except SystemExit as leaving:
        sys.exit(FAILED if leaving.code else 0)


def _leave(*_: object) -> None:
    sys.exit(0)
