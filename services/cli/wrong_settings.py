"""Settings that cannot be read, in words."""

from pydantic import ValidationError

from shared.setting_files import config_file, is_in_config_file
from shared.settings import Settings


def wrong_values(error: ValidationError) -> list[str]:
    """One line a setting: its name, the file where it stands in one, and what is wanted.

    Args:
        error: from making a `Settings`.
    """
    return [_line(found["loc"], found["msg"]) for found in error.errors(include_url=False, include_input=False)]


def wrong_names(error: ValidationError) -> set[str]:
    """The settings that are to be given up so that the others can be read.

    Args:
        error: from making a `Settings`. What is wrong with several together has no place; its type names the one.
    """
    named = {str(found["loc"][0]) if found["loc"] else found["type"] for found in error.errors(include_url=False)}
    return named & set(Settings.model_fields)


def _line(place: tuple[int | str, ...], message: str) -> str:
    if not place:
        return message
    name = str(place[0])
    stands = f", as {name} in {config_file()}" if is_in_config_file(name) else ""
    return f"PAGEMILL_{name.upper()}{stands}: {message}"
