"""`pagemill index`: the index set up, built anew beside the live one, and the way back."""

import json as json_text
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from services.cli.asking import client_of, show_answer
from services.cli.failure import WRONG_USE, CommandFailed
from shared.errors import DependencyUnavailable, Refused
from shared.settings import Settings

if TYPE_CHECKING:
    from services.cli.client import Client

_PATH: Final = "/v1/monitor/index"
_DONE: Final = {"live", "rolled-back", "retired"}

app = typer.Typer(help="The search index: built anew, and back.", no_args_is_help=True, rich_markup_mode=None)

Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Whether to stay until it has ended.")]
Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")]


@app.command("setup")
def setup(
    adopt: Annotated[
        str | None, typer.Option(metavar="INDEX", help="The index that is to be live, where none is.")
    ] = None,
    grant: Annotated[
        str | None,
        typer.Option(
            metavar="USER",
            help="Make this user, too, with the role that services and workers need.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Makes templates, indices and aliases in Elasticsearch where they are missing; what is there stays as it is."""
    from shared import clients  # noqa: PLC0415  (the command must start fast)

    settings = Settings()
    if adopt is not None and not adopt.strip():
        raise CommandFailed("--adopt names no index", "`pagemill index status` names them", code=WRONG_USE)
    if grant is not None and not grant.strip():
        raise CommandFailed("--grant names no user", "give its name", code=WRONG_USE)
    if settings.search_url is None:
        raise CommandFailed(
            "the embedded index is made when it is first written to",
            "Set PAGEMILL_SEARCH_URL to use Elasticsearch.",
            code=WRONG_USE,
        )
    try:
        done = clients.set_search_up(settings, adopt=adopt)
        if grant is not None:
            done += clients.grant_search(settings, grant, _grant_password(settings))
    except Refused as error:
        raise CommandFailed(f"--grant {grant}: {error.detail}", "See docs/elasticsearch.md.", code=WRONG_USE) from error
    except DependencyUnavailable as error:
        raise CommandFailed(str(error), "See docs/elasticsearch.md.") from error
    typer.echo(json_text.dumps({"done": done}) if json else "\n".join(done))


@app.command("rebuild")
def rebuild(
    from_raw: Annotated[
        bool, typer.Option("--from-raw", help="Clean the raw pages in the archive again; else documents are copied.")
    ] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="End the one that runs.")] = False,
    wait: Wait = True,
    json: Json = False,
) -> None:
    """Builds a new index beside the live one.

    Pages go on being indexed and found meanwhile. The new one is compared with the live one and takes its place in one
    step; `pagemill index rollback` goes back. Exits with 1 where it was refused or ended.
    """
    if cancel and from_raw:
        raise CommandFailed("--cancel ends a rebuild and --from-raw begins one", "give one of them", code=WRONG_USE)
    with client_of(json=False) as client:
        told = client.post(f"{_PATH}/cancel", {}) if cancel else client.post(f"{_PATH}/rebuild", {"from_raw": from_raw})
        told = _followed(client, told, quiet=json) if wait else told
    _tell(told, json=json, good=_DONE | {"cancelled"} if cancel else _DONE)


@app.command("rollback")
def rollback(wait: Wait = True, json: Json = False) -> None:
    """Makes the earlier index the live one again.

    Nothing that was written since is lost, for both have it. Exits with 1 where none is kept.
    """
    _ask("rollback", wait=wait, json=json)


@app.command("retire")
def retire(wait: Wait = True, json: Json = False) -> None:
    """Takes every index but the live one from the disk; there is no way back then."""
    _ask("retire", wait=wait, json=json)


@app.command("status")
def status(json: Json = False) -> None:
    """Shows the generations of the index, and how far a rebuild has got."""
    with client_of(json=False) as client:
        told = client.get(_PATH)
    _print(told, json=json)


def _grant_password(settings: Settings) -> str:
    if settings.search_grant_password is None:
        raise CommandFailed("PAGEMILL_SEARCH_GRANT_PASSWORD is not set", "it is the new user's", code=WRONG_USE)
    return settings.search_grant_password.get_secret_value().strip()


def _ask(verb: str, *, wait: bool, json: bool) -> None:
    with client_of(json=False) as client:
        told = client.post(f"{_PATH}/{verb}", {})
        told = _followed(client, told, quiet=json) if wait else told
    _tell(told, json=json, good=_DONE)


def _followed(client: "Client", told: Mapping[str, Any], *, quiet: bool) -> Mapping[str, Any]:
    from services.cli.following import followed  # noqa: PLC0415  (the command must start fast)

    return followed(client, _PATH, told, quiet=quiet)


def _tell(told: Mapping[str, Any], *, json: bool, good: set[str]) -> None:
    _print(told, json=json)
    rebuild = told["rebuild"]
    if rebuild["ended_at"] and rebuild["state"] not in good:
        raise CommandFailed(
            f"the {rebuild['kind']} was {rebuild['state']}" + f": {rebuild['reason']}" * bool(rebuild["reason"]),
            "the live index is as it was",
        )


def _print(told: Mapping[str, Any], *, json: bool) -> None:
    from services.cli.showing.generations import index  # noqa: PLC0415  (the command must start fast)

    show_answer(told, lambda told: index(told, datetime.now(UTC)), json=json)
