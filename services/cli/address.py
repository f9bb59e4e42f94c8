"""The address that services listen on: read, guarded, bound."""

import errno
import os
import socket
from contextlib import suppress
from typing import Any, Final

from services.cli.failure import WRONG_USE, CommandFailed
from shared.addresses import is_any, parse_listen
from shared.settings import Settings, keys_needed

_BACKLOG: Final = 2048
"""Connections that wait while a service is being started again."""


def host_and_port(listen: str) -> tuple[str, int]:
    """`HOST:PORT`, an IPv6 address in brackets, taken apart.

    Raises:
        CommandFailed: it is not of that form.
    """
    try:
        return parse_listen(listen)
    except ValueError as error:
        raise CommandFailed(f"PAGEMILL_LISTEN: {error}", code=WRONG_USE) from error


def refuse_open(settings: Settings) -> None:
    """Stops where a key is needed to call, and there is none yet.

    Raises:
        CommandFailed: nobody could call, or the keys cannot be read.
    """
    if not keys_needed(settings) or _has_keys(settings):
        return
    why = "which others can reach" if not settings.require_keys else "and PAGEMILL_REQUIRE_KEYS is set"
    raise CommandFailed(
        f"PAGEMILL_LISTEN is {settings.listen}, {why}, and there is no key yet",
        "Make one: pagemill keys add NAME --scope admin. Or listen on 127.0.0.1, or set PAGEMILL_ALLOW_OPEN=true "
        "where something else asks who is calling.",
        code=WRONG_USE,
    )


def _has_keys(settings: Settings) -> bool:
    from services.cli.key_store import opened  # noqa: PLC0415  (it imports what knows addresses)

    if not settings.redis_url and not settings.data.exists():
        return False
    with opened(settings) as store:
        return bool(store.all())


def bound(settings: Settings) -> socket.socket:
    """A socket that listens already; port 0 has become a real one.

    Raises:
        CommandFailed: the address is taken, or not this machine's.
    """
    host, port = host_and_port(settings.listen)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return _listening(found[0][0], found[0][4])
    except OSError as error:
        raise _not_bound(settings.listen, port, error) from error


def _listening(family: int, address: tuple[Any, ...]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def listen_of(listening: socket.socket) -> str:
    """`HOST:PORT` of a bound socket."""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def local_url(listening: socket.socket) -> str:
    """The address that clients on this machine call."""
    host, port = host_and_port(listen_of(listening))
    if is_any(host):
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def holder(port: int) -> str:
    """Who listens on a port, as ` by process 123 (nginx)`; empty where that cannot be told."""
    import psutil  # noqa: PLC0415  (asked only when something is wrong)

    with suppress(psutil.Error, OSError):
        for line in psutil.net_connections("tcp"):
            if line.status == psutil.CONN_LISTEN and line.laddr.port == port and line.pid:
                return f" by process {line.pid} ({psutil.Process(line.pid).name()})"
    return ""


def _not_bound(listen: str, port: int, error: OSError) -> CommandFailed:
    if error.errno == errno.EADDRINUSE:
        return CommandFailed(
            f"{listen} is in use{holder(port)}",
            "Stop it, or choose another port by `up --port` or PAGEMILL_LISTEN; 0 takes any free one.",
        )
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else error
    return CommandFailed(f"cannot listen on {listen}: {why}", "Set PAGEMILL_LISTEN to an address of this machine.")
