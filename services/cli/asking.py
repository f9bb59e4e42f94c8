"""What commands share that ask the services one thing and show the answer."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shared.settings import Settings

if TYPE_CHECKING:
    from services.cli.client import Client


def client_of(*, json: bool) -> "Client":
    """A client of the services that the settings name; failures are told as JSON where answers are."""
    from services.cli.client import Client  # noqa: PLC0415  (the command must start fast)

    return Client.of(Settings(), json=json)


def show_answer(told: Mapping[str, Any], shown: Callable[[Any], Any], *, json: bool) -> None:
    """Prints an answer as one JSON line, or as `shown` makes it for a terminal."""
    from services.cli.showing.terminal import out, print_json  # noqa: PLC0415  (the command must start fast)

    if json:
        print_json(told)
    else:
        out().print(shown(told))
