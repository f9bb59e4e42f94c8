"""The embedded ledger's files, where no server has them open: whether one could start with them."""

from collections.abc import Iterator
from shlex import quote
from typing import Final

from services.cli.checks.finding import Finding, fail, ok
from shared.embedded.append_only import Broken, first_broken
from shared.embedded.valkey import EmbeddedValkey
from shared.settings import Settings

_NAME: Final = "ledger files"


def ledger_files(settings: Settings) -> Iterator[Finding]:
    """Says which file keeps the server from starting, and what can be done without a tool of its own."""
    if settings.redis_url is not None:
        return
    valkey = EmbeddedValkey(settings.data.resolve())
    if valkey.answers():
        yield ok(_NAME, "the server has read them")
        return
    try:
        broken = first_broken(valkey.folder)
    except OSError as error:
        yield fail(
            _NAME, f"{error.filename}: {error.strerror}", "Give the data folder to the user that runs `pagemill up`."
        )
        return
    yield fail(_NAME, f"{broken.path} {broken.why}", _remedy(broken)) if broken else ok(_NAME, "can be read")


def _remedy(broken: Broken) -> str:
    if broken.whole is None:
        return (
            "Stop `pagemill up` and put the ledger folder back from a backup; without one move it away: pages on their "
            "way are lost and have to be sent again, what is searchable stays."
        )
    return (
        f"Stop `pagemill up`, copy the ledger folder, then `truncate -s {broken.whole} {quote(str(broken.path))}`: "
        "what was written behind that is lost."
    )
