"""`pagemill keys`: API keys made, listed and revoked by whoever reaches the ledger; the services offer no way to it."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.failure import WRONG_USE, CommandFailed
from shared.keys import SCOPES, Scope
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.keys import ApiKey

app = typer.Typer(help="API keys: made, listed, revoked.", no_args_is_help=True, rich_markup_mode=None)


class Reach(StrEnum):
    """The scopes, in the form that Typer takes several of."""

    ingest = "ingest"
    query = "query"
    admin = "admin"


Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON line.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who gets it, for people.")],
    scope: Annotated[list[Reach], typer.Option(help="What it reaches; may be given several times.")],
    rate: Annotated[int | None, typer.Option(min=1, help="Requests a minute.")] = None,
    quota: Annotated[int | None, typer.Option(min=1, help="Requests a day, UTC.")] = None,
    given: Annotated[
        bool, typer.Option("--given", help="Take PAGEMILL_KEY instead of a new one; done if it is there already.")
    ] = False,
    json: Json = False,
) -> None:
    """Makes a key and prints it, this once: nobody can show it again."""
    from services.cli.key_store import opened  # noqa: PLC0415  (the command must start fast)
    from shared.keys import fresh, new_key, read_key  # noqa: PLC0415  (likewise)

    settings = Settings()
    text = _given(settings) if given else fresh()
    try:
        key = new_key(text, _named(name), _scopes(scope), rate=rate, quota=quota)
    except ValueError as error:
        raise CommandFailed(f"PAGEMILL_KEY is no key: {error}", code=WRONG_USE) from error
    with opened(settings) as store:
        added = store.add(key)
        there = None if added else store.get(key.id)
    shown = read_key(text)
    if not added and not (there and shown and there.is_of(shown)):
        raise CommandFailed(f"there is another key with the id {key.id}", "choose another id, or revoke that one")
    _tell(there or key, text, given=given, json=json)


@app.command("list")
def list_(json: Json = False) -> None:
    """Lists the keys: whose they are, what they reach, how often they were used today."""
    from services.cli.key_store import opened  # noqa: PLC0415  (the command must start fast)
    from services.cli.showing.api_keys import table  # noqa: PLC0415  (likewise)
    from services.cli.showing.terminal import out, print_json  # noqa: PLC0415  (likewise)
    from shared.keys.store import today  # noqa: PLC0415  (likewise)

    with opened(Settings()) as store:
        keys, used = store.all(), store.used(today())
    told = [_facts(key) | {"used_today": used.get(key.id, 0)} for key in keys]
    if json:
        print_json({"keys": told})
    else:
        out().print(table(told))


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, from `pagemill keys list`.")],
    json: Json = False,
) -> None:
    """Takes a key away; it opens nothing from then on, in no process."""
    from services.cli.key_store import opened  # noqa: PLC0415  (the command must start fast)
    from services.cli.showing.terminal import out, print_json  # noqa: PLC0415  (likewise)

    with opened(Settings()) as store:
        gone = store.revoke(key_id)
    if not gone:
        raise CommandFailed(f"there is no key with the id {key_id!r}", "`pagemill keys list` shows those there are.")
    if json:
        print_json({"revoked": key_id})
    else:
        out().print(f"{key_id} is revoked")


def _given(settings: Settings) -> str:
    if settings.key is None:
        raise CommandFailed("PAGEMILL_KEY is not set", "set it, or leave --given out", code=WRONG_USE)
    return settings.key.get_secret_value().strip()


def _named(name: str) -> str:
    if not (name.isprintable() and 0 < len(name.strip()) <= 64):
        raise CommandFailed("NAME has 1 to 64 characters that can be printed", code=WRONG_USE)
    return name.strip()


def _scopes(chosen: list[Reach]) -> set[Scope]:
    return {scope for scope in SCOPES if scope in chosen}


def _facts(key: "ApiKey") -> dict[str, Any]:
    return {**key.model_dump(mode="json", exclude={"salt", "digest"}), "scopes": sorted(key.scopes)}


def _tell(key: "ApiKey", text: str, *, given: bool, json: bool) -> None:
    """The key alone on standard output, so that it can be put into a variable or a file; not one that was given."""
    from services.cli.showing.terminal import out, print_json  # noqa: PLC0415  (the command must start fast)

    if json:
        print_json(_facts(key) | ({} if given else {"key": text}))
        return
    typer.echo(f"{key.id} ({key.name}) reaches {', '.join(sorted(key.scopes))}", err=True)
    if not given:
        out().print(text)
