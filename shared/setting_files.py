"""The files that settings come from: one in TOML, and one for each secret."""

import os
import tomllib
from pathlib import Path

from pydantic_settings import BaseSettings, SecretsSettingsSource, SettingsError, TomlConfigSettingsSource


def config_file() -> Path:
    """The TOML file that settings are read from, absolute; it need not be there."""
    return Path(os.environ.get("PAGEMILL_CONFIG", "pagemill.toml")).absolute()


def toml_file(settings_cls: type[BaseSettings]) -> TomlConfigSettingsSource:
    """What the TOML file says.

    Raises:
        SettingsError: PAGEMILL_CONFIG names none, it cannot be read, or has a name that is no setting.
    """
    file = config_file()
    if "PAGEMILL_CONFIG" in os.environ and not file.exists():
        raise SettingsError(f"PAGEMILL_CONFIG names {file}, and there is no such file")
    toml = _read(file, settings_cls)
    if unknown := sorted(set(toml.toml_data) - set(settings_cls.model_fields)):
        raise SettingsError(f"{file} sets what is no setting: {', '.join(unknown)}")
    return toml


def is_in_config_file(name: str) -> bool:
    """Whether the TOML file says something of a setting, by its name in lower case, and no variable wins over it."""
    if any(variable.lower() == f"pagemill_{name}" for variable in os.environ):
        return False
    try:
        return name in tomllib.loads(config_file().read_text("utf-8"))
    except (OSError, ValueError):
        return False


def secret_files(settings_cls: type[BaseSettings]) -> SecretsSettingsSource:
    """What the files in the folder of secrets say.

    Raises:
        SettingsError: PAGEMILL_SECRETS names no folder, or one of its files no setting.
    """
    return SecretsSettingsSource(settings_cls, secrets_dir=_secrets_folder(settings_cls))


def _read(file: Path, settings_cls: type[BaseSettings]) -> TomlConfigSettingsSource:
    if file.exists() and not file.is_file() and str(file) != os.devnull:
        raise SettingsError(f"{file} is no file that settings can be read from")
    try:
        return TomlConfigSettingsSource(settings_cls, file)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is no TOML: it is not UTF-8, at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is no TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error


def _secrets_folder(settings_cls: type[BaseSettings]) -> Path | None:
    if not (named := os.environ.get("PAGEMILL_SECRETS")):
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise SettingsError(f"PAGEMILL_SECRETS names {folder}, and there is no such folder")
    known = {f"pagemill_{name}" for name in settings_cls.model_fields}
    files = {path.name for path in folder.iterdir() if path.name.lower().startswith("pagemill_")}
    if unknown := sorted(name for name in files if name.lower() not in known):
        raise SettingsError(f"{folder} holds what is no setting: {', '.join(unknown)}")
    return folder
