import os
from typing import Annotated

import typer

from services.cli.failure import WRONG_USE, CommandFailed
from services.cli.misspelt import warn_of_misspelt
from services.cli.running_redis import with_redis
from services.cli.worker_command import Lane, processes_for, worker_command
from shared.children import ROOT
from shared.environment import environment_for
from shared.settings import Settings
from shared.telemetry import configure_logging


def work(
    room: Annotated[Lane, typer.Argument(help="The room that the worker serves.")],
    concurrency: Annotated[int | None, typer.Option(min=1, help="Processes; the settings' number if absent.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Log lines as JSON.")] = False,
) -> None:
    """Becomes a Celery worker of one room, as `celery -A workers.app worker -Q ROOM` would.

    SIGTERM lets it finish what it has in its hands; a second one, or SIGQUIT, does not.
    """
    settings = Settings(log_format="json") if json else Settings()
    configure_logging(settings, "work")
    warn_of_misspelt()
    settings = with_redis(settings)
    processes = concurrency or processes_for(room, settings)
    _refuse_many(room, processes, settings)
    command = worker_command(room, processes, settings)
    environment = environment_for(settings, ROOT)
    os.chdir("/")  # Celery looks for `workers` in the working folder first, and somebody's own may be there
    os.execve(command[0], command, environment)  # noqa: S606  (no shell is wanted)


def _refuse_many(room: Lane, processes: int, settings: Settings) -> None:
    if processes == 1 or room in {"clean", "enrich", "names"} or (room == "index" and settings.search_url):
        return
    why = "suspects are worked on one by one" if room == "solo" else "one process writes the embedded index"
    raise CommandFailed(f"the {room} room takes no --concurrency {processes}: {why}", code=WRONG_USE)
