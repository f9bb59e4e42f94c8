"""The `pagemill` command: every verb is a plain function in a file of its own, and has one line here."""

import errno
import os
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from services.cli import (
    alive,
    clean,
    dead_letters,
    delete,
    demo,
    doctor,
    export,
    index,
    keys,
    post,
    preview,
    search,
    serve,
    sites,
    status,
    up,
    work,
)
from services.cli.failure import FAILED, WRONG_USE, CommandFailed
from services.cli.wrong_settings import wrong_values
from shared.errors import PagemillError

app = typer.Typer(
    name="pagemill",
    help="A page in, a search out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"pagemill {version('pagemill')}")
        raise typer.Exit


@app.callback()
def _pagemill(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A page in, a search out."""


app.command("up")(up.up)
app.command("serve")(serve.serve)
app.command("work")(work.work)
app.command("alive")(alive.alive)
app.command("post")(post.post)
app.command("status")(status.status)
app.command("search")(search.search)
app.command("export")(export.export)
app.command("preview")(preview.preview)
app.command("clean")(clean.clean)
app.command("delete")(delete.delete)
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(index.app, name="index")
app.add_typer(keys.app, name="keys")
app.add_typer(sites.app, name="sites")
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)


def main() -> NoReturn:
    """Runs the verb that was asked for; exits 0 when done, 1 when it failed, 2 on wrong use."""
    try:
        app()
    except CommandFailed as failed:
        if failed.as_json:
            typer.echo(failed.as_json, err=True)
            sys.exit(failed.code)
        _leave(failed.code, str(failed), failed.remedy)
    except PagemillError as error:
        _leave(FAILED, str(error))
    except ValidationError as error:
        if error.title != "Settings":
            raise
        _leave(WRONG_USE, *wrong_values(error))
    except OSError as error:
        if error.errno not in {errno.EBADF, errno.ENOSPC, errno.EPIPE, errno.EIO}:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left of it would fail again
        _leave(FAILED, f"the output cannot be written: {error.strerror}")
    except SettingsError as error:
        _leave(WRONG_USE, str(error))
    sys.exit(0)


def _leave(code: int, message: str, *more: str) -> NoReturn:
    """Writes one line to stderr, what to do about it on the next, and ends the process."""
    typer.echo(f"pagemill: {message}", err=True)
    for line in filter(None, more):
        typer.echo(f"  {line}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
