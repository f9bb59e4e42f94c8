from pydantic import SecretStr

from services.cli.failure import WRONG_USE, CommandFailed
from services.supervisor.folder_lock import owner
from shared.settings import Settings


def with_redis(settings: Settings) -> Settings:
    """The settings with a Redis in them: the one that is set, else that of a running `pagemill up`.

    Raises:
        CommandFailed: there is neither; an embedded server belongs to `pagemill up` and to nobody else.
    """
    if settings.redis_url:
        return settings
    told = owner(settings.data) or {}
    if url := told.get("redis_url"):
        return settings.model_copy(update={"redis_url": SecretStr(url)})
    raise CommandFailed(
        f"PAGEMILL_REDIS_URL is not set, and no `pagemill up` runs on {settings.data.absolute()}",
        "Set PAGEMILL_REDIS_URL, or run `pagemill up`, which brings a server with it.",
        code=WRONG_USE,
    )
