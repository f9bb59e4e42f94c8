"""Variables that look like settings and are none."""

import difflib

import structlog

from shared.environment import unknown_variables
from shared.settings import Settings

log = structlog.get_logger("settings")


def misspelt() -> dict[str, str | None]:
    """Variables that set nothing, each with the setting that may have been meant."""
    return {name: _nearest(name) for name in unknown_variables()}


def warn_of_misspelt() -> None:
    """A line of the log for each."""
    for name, meant in misspelt().items():
        log.warning("this variable sets nothing", variable=name, **({"meant": meant} if meant else {}))


def _nearest(variable: str) -> str | None:
    """Compared without the prefix, which would make all of them alike."""
    name = variable.removeprefix("PAGEMILL_").lower()
    return next(
        (f"PAGEMILL_{near.upper()}" for near in difflib.get_close_matches(name, Settings.model_fields, 1)), None
    )
