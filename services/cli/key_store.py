"""The keys as the command reaches them: in the Redis that is set, in a running stack's, or in a data folder at rest."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from services.cli.failure import CommandFailed
from services.cli.running_redis import with_redis
from services.supervisor.folder_lock import FolderLock, Taken, owner
from services.supervisor.orphans import end_left_over
from shared import clients
from shared.embedded.valkey import EmbeddedValkey
from shared.errors import DependencyUnavailable
from shared.keys.store import KeyStore
from shared.settings import Settings

_START_SECONDS: Final = 60.0
_END_SECONDS: Final = 30.0


@contextmanager
def opened(settings: Settings) -> Iterator[KeyStore]:
    """The keys; where the data folder is at rest its own server is started for as long as the block runs.

    Raises:
        CommandFailed: Redis does not answer.
    """
    try:
        if settings.redis_url or owner(settings.data):
            with _reached(with_redis(settings)) as store:
                yield store
            return
        data = settings.data.resolve()
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        valkey = EmbeddedValkey(data, settings.redis_memory_mib)
        own = settings.model_copy(update={"redis_url": SecretStr(valkey.url)})
        with FolderLock(data), _serving(valkey), _reached(own) as store:
            yield store
    except Taken as taken:
        raise CommandFailed(f"{settings.data} is being started or stopped", "try again in a moment") from taken
    except DependencyUnavailable as error:
        raise CommandFailed(str(error), "the keys are kept where the ledger is") from error


@contextmanager
def _reached(settings: Settings) -> Iterator[KeyStore]:
    with clients.redis_client(settings) as client:
        yield clients.key_store(settings, client)


@contextmanager
def _serving(valkey: EmbeddedValkey) -> Iterator[None]:
    """The server of a data folder that nobody else uses."""
    end_left_over(valkey.data)
    valkey.prepare()
    process = subprocess.Popen(  # noqa: S603  (our own words)
        valkey.command(), stdout=subprocess.DEVNULL, cwd=Path("/")
    )
    try:
        until = time.monotonic() + _START_SECONDS
        while not valkey.answers():
            if process.poll() is not None or time.monotonic() > until:
                raise CommandFailed("the embedded server did not start", "`pagemill up` tells more in DATA/logs")
            time.sleep(0.01)
        yield
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        valkey.clear_away()
