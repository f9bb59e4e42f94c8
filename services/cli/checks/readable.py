"""The settings themselves: whether they can be read, and what is left to look at where they cannot."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from services.cli.checks.finding import Finding, fail
from services.cli.wrong_settings import wrong_names, wrong_values
from shared.settings import Settings


def readable(data: Path | None) -> tuple[Settings, list[Finding]]:
    """The settings, and a finding for each that cannot be read; its default stands in for it.

    Args:
        data: the data folder, where an option names it.

    Raises:
        SettingsError: they cannot be read without their file either.
    """
    given = {"data": data} if data else {}
    try:
        return _but_for_wrong_values(given)
    except SettingsError as error:
        os.environ["PAGEMILL_CONFIG"] = os.devnull  # everything else is looked at without the file
        settings, findings = _but_for_wrong_values(given)
        return settings, [fail("settings", str(error), "Mend the file, or move it away."), *findings]


def _but_for_wrong_values(given: dict[str, Any]) -> tuple[Settings, list[Finding]]:
    """What only a look at several settings together tells is known when each by itself is right: so more than once."""
    remedy = "Compare it with docs/configuration.md; the default stands in for it in what follows."
    stand_in: dict[str, Any] = {}
    findings: list[Finding] = []
    while True:
        try:
            return Settings(**{**given, **stand_in}), findings
        except ValidationError as error:
            wrong = wrong_names(error) - set(stand_in)
            if not wrong:
                raise
            findings += [fail("settings", line, remedy) for line in wrong_values(error)]
            fields = Settings.model_fields
            stand_in |= {name: fields[name].get_default(call_default_factory=True) for name in wrong}
