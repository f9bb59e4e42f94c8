"""Variables that look like settings and are none."""

import difflib

import structlog

from shared.settings import Settings, unknown_variables

log = structlog.get_logger("settings")


def misspelt() -> dict[str, str | None]:
    """Variables that set nothing, each with the setting that may have been meant."""
    known = [f"PAGEMILL_{name.upper()}" for name in Settings.model_fields]
    return {name: next(iter(difflib.get_close_matches(name, known, 1)), None) for name in unknown_variables()}


def warn_of_misspelt() -> None:
    """A line of the log for each."""
    for name, meant in misspelt().items():
        log.warning("this variable sets nothing", variable=name, **({"meant": meant} if meant else {}))
