"""The environment variables of this process, and those that a child process gets."""

import os
from pathlib import Path

from shared.children import search_path
from shared.setting_files import config_file
from shared.settings import Settings

_BESIDE = {"PAGEMILL_CONFIG", "PAGEMILL_INSTANCE", "PAGEMILL_SECRETS", "PAGEMILL_TEST_ELASTICSEARCH"}
"""Variables that are no settings."""


def unknown_variables() -> list[str]:
    """Variables named `PAGEMILL_*` that set nothing: misspelt ones, most likely."""
    known = {f"PAGEMILL_{name.upper()}" for name in Settings.model_fields} | _BESIDE
    return sorted(name for name in os.environ if name.startswith("PAGEMILL_") and name not in known)


def environment_for(settings: Settings, root: Path) -> dict[str, str]:
    """What a child process needs to read the same settings from any folder.

    Args:
        settings: those of this process; where its parts lie is written out.
        root: the folder that holds our packages, which a child in another folder might not find.
    """
    added = {
        "PAGEMILL_DATA": str(settings.data.absolute()),
        "PAGEMILL_LISTEN": settings.listen,
        "PAGEMILL_LOG_FORMAT": settings.log_format,
        "PAGEMILL_CONFIG": str(config_file() if config_file().exists() else os.devnull),
    }
    if secrets := os.environ.get("PAGEMILL_SECRETS"):
        added["PAGEMILL_SECRETS"] = str(Path(secrets).absolute())
    if settings.search_ca_file:
        added["PAGEMILL_SEARCH_CA_FILE"] = str(settings.search_ca_file.absolute())
    if settings.redis_url:
        added["PAGEMILL_REDIS_URL"] = settings.redis_url.get_secret_value()
    return {**os.environ, **added, **search_path(root)}


def environment_without_settings(root: Path, config: Path) -> dict[str, str]:
    """What a child process needs to run on the defaults, whatever is set here.

    Args:
        root: as for `environment_for`.
        config: the TOML file that it is to read; none, if it is not there.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    return {**kept, "PAGEMILL_CONFIG": str(config if config.exists() else os.devnull), **search_path(root)}
