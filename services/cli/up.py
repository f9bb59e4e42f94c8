import errno
import resource
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import structlog
import typer

from services.cli.address import bound, host_and_port, local_url, refuse_open
from services.cli.data_folder import DataFolder
from services.cli.durability import warn_of_loss
from services.cli.failure import CommandFailed
from services.cli.misspelt import warn_of_misspelt
from services.cli.programs import program_waves
from services.cli.where_it_is import announce, where
from services.supervisor.asked_to_stop import AskedToStop
from services.supervisor.folder_lock import FolderLock, Taken
from services.supervisor.logs import Tail
from services.supervisor.orphans import end_left_over
from services.supervisor.program import Place
from services.supervisor.supervisor import NotStarting, Supervisor
from shared import clients
from shared.embedded.valkey import EmbeddedValkey, private_folder
from shared.errors import DependencyUnavailable
from shared.redis_urls import redis_url
from shared.settings import Settings
from shared.telemetry import configure_logging

log = structlog.get_logger("up")

_FILES: Final = 10_240
"""macOS lets no process have more."""


def up(
    data: DataFolder = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show what every process prints, too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Where everything is, as a JSON line; logs too.")] = False,
) -> None:
    """Keeps everything running on one address until SIGTERM or Ctrl-C; a second one ends it at once."""
    settings = _settings(data, port, json=json, verbose=verbose)
    configure_logging(settings, "up")
    warn_of_misspelt()
    refuse_open(settings)  # before there is anything on the disk
    place = Place(settings.data, settings.log_file_max_bytes)
    with _told_of(place):
        _make_folders(place)
    _raise_file_limit()
    try:
        with AskedToStop() as stop, ExitStack() as held:
            with _told_of(place):
                lock = held.enter_context(FolderLock(place.data))
            if settings.redis_url:
                warn_of_loss(settings)
            if ended := end_left_over(place.data):
                log.warning("ended what a killed predecessor left running", processes=ended)
            _set_search_up(settings)
            _keep_up(settings, place, stop, lock, verbose=verbose, json=json)
            _settle(settings)
            if not settings.redis_url:
                EmbeddedValkey(place.data).clear_away()
    except Taken as taken:
        raise _taken(place, taken.owner) from taken
    except NotStarting as failure:
        raise CommandFailed(str(failure), f"The whole story is in {failure.log_file}") from failure


def _settings(data: Path | None, port: int | None, *, json: bool, verbose: bool) -> Settings:
    settings = Settings(log_format="json") if json else Settings()
    if verbose and settings.log_format == "auto" and sys.stderr.isatty():
        settings = settings.model_copy(update={"log_format": "text"})  # their own stderr is a file
    host, set_port = host_and_port(settings.listen)
    shown = f"[{host}]" if ":" in host else host
    listen = f"{shown}:{set_port if port is None else port}"
    return settings.model_copy(update={"data": (data or settings.data).resolve(), "listen": listen})


def _make_folders(place: Place) -> None:
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    private_folder(place.run)
    private_folder(place.logs)


@contextmanager
def _told_of(place: Place) -> Iterator[None]:
    """What cannot be written in this block is the data folder, and that is how it is told."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        remedy = f"{'Make room, or choose' if full else 'Choose'} another with --data or PAGEMILL_DATA."
        raise CommandFailed(f"cannot use {place.data} as data folder: {error.strerror}", remedy) from error


def _set_search_up(settings: Settings) -> None:
    """Does what `pagemill index setup` does, if it was not done; where that fails the house starts, and pages wait."""
    try:
        for line in clients.set_search_up(settings, only_missing=True):
            log.info("search engine", done=line)
    except DependencyUnavailable as error:
        log.warning("search engine not set up", detail=error.detail, remedy="pagemill index setup, when that is mended")


def _settle(settings: Settings) -> None:
    try:
        clients.settle_archive(settings)
    except DependencyUnavailable as error:
        log.warning(
            "archive left as it is", detail=error.detail, remedy="none is needed; copy the files beside it, too"
        )


def _raise_file_limit() -> None:
    """Takes as many open files as this user may have, up to a sensible number; macOS starts with 256."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _keep_up(
    settings: Settings, place: Place, stop: AskedToStop, lock: FolderLock, *, verbose: bool, json: bool
) -> None:
    address = place.data / "url"
    listening = bound(settings)
    facts = where(settings, local_url(listening))
    with _told_of(place):
        address.unlink(missing_ok=True)
        lock.tell(address=facts["address"], redis_url=redis_url(settings))
    waves = program_waves(settings, place, listening)
    tails = [(program.name, Tail(place.log_file(program.name))) for wave in waves for program in wave]

    def ready() -> None:
        fresh = address.with_suffix(".new")
        with _told_of(place):
            fresh.write_text(f"{facts['address']}\n")
            fresh.rename(address)
        announce(facts, json_line=json)

    def stopping() -> None:
        log.info("stopping")
        address.unlink(missing_ok=True)
        listening.close()  # from here on callers are refused, and do not wait for an answer that never comes

    def show() -> None:
        for name, tail in tails if verbose else ():
            for line in tail.lines():
                typer.echo(f"{name:>8} | {line}", err=True)

    Supervisor(waves, place, each_round=show).run(stop, ready, stopping)
    log.info("stopped")


def _taken(place: Place, owner: dict[str, Any]) -> CommandFailed:
    who = f"process {owner['pid']}" if "pid" in owner else "another process"
    where_it_answers = f", which answers on {owner['address']}" if "address" in owner else ""
    return CommandFailed(
        f"{place.data} belongs to {who}{where_it_answers}",
        "Stop that one, or choose another folder with --data.",
    )
