"""What the `pagemill` command would say to words, without running them."""

from typing import Any

import typer.main

from services.cli.main import app
from shared.settings import Settings


def refusal(words: list[str]) -> str | None:
    """Why `pagemill` would not take these words; None where it would run."""
    command: Any = typer.main.get_command(app)
    path = "pagemill"
    while known := getattr(command, "commands", None):
        if not words or words[0] not in known:
            return f"{path} knows no {words[:1]}"
        path, command, words = f"{path} {words[0]}", known[words[0]], words[1:]
    try:
        command.make_context(path, list(words))
    except Exception as error:  # noqa: BLE001  (Typer brings its own parser, and its errors have no public name)
        return f"{path}: {getattr(error, 'message', error)}"
    return None


KNOWN = {f"PAGEMILL_{field.upper()}" for field in Settings.model_fields} | {"PAGEMILL_SECRETS"}
"""Every variable that can be set."""
