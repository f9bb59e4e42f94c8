"""Settings that cannot be read, in words."""

from pydantic import ValidationError


def wrong_values(error: ValidationError) -> list[str]:
    """One line a setting: its name, and what is wanted.

    Args:
        error: from making a `Settings`.
    """
    return [_line(found["loc"], found["msg"]) for found in error.errors(include_url=False, include_input=False)]


def _line(place: tuple[int | str, ...], message: str) -> str:
    return f"PAGEMILL_{str(place[0]).upper()}: {message}" if place else message
