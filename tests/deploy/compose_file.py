"""docker-compose.yml as compose reads it: variables put in, secrets and mounts by name."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
COMPOSE: Final = ROOT / "docker-compose.yml"
PROJECT_IMAGE: Final = "deploy/Dockerfile"
_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+):-([^}]*)\})")


@dataclass(frozen=True)
class Service:
    """One service of the file.

    Args:
        name: what it is called, and its host name inside.
        told: all that the file says of it.
    """

    name: str
    told: Mapping[str, Any]

    @property
    def ours(self) -> bool:
        """Whether it runs the project's image."""
        return bool(self.told.get("build", {}).get("dockerfile") == PROJECT_IMAGE)

    @property
    def command(self) -> list[str]:
        """The words behind the entry point; behind `pagemill` where the image is ours."""
        return list(self.told.get("command", ()))

    @property
    def environment(self) -> dict[str, str]:
        """Its variables."""
        return dict(self.told.get("environment", {}))

    @property
    def secrets(self) -> dict[str, str]:
        """Its secrets: the file's name under /run/secrets, and the secret's name in the file."""
        named = (({"source": each} if isinstance(each, str) else each) for each in self.told.get("secrets", ()))
        return {each.get("target", each["source"]): each["source"] for each in named}

    @property
    def mounts(self) -> dict[str, str]:
        """Its volumes and folders: where they are inside, and what is mounted there."""
        return {place: source for source, place, *_ in (each.split(":") for each in self.told.get("volumes", ()))}

    @property
    def runs_on(self) -> bool:
        """Whether it is to run for ever, not once."""
        return self.told.get("restart") == "always"


@cache
def compose_file() -> dict[str, Any]:
    """The file, its variables replaced by their defaults.

    Raises:
        ValueError: a variable has no default.
    """
    text = COMPOSE.read_text()
    if lacking := re.findall(r"(?<!\$)\$(?:\{\w+\}|\w+)", text):
        raise ValueError(f"without a default: {lacking}")
    told: dict[str, Any] = yaml.safe_load(_VARIABLE.sub(lambda found: found[1] or found[3], text))
    return told


def services() -> dict[str, Service]:
    """Every service of the file, those behind profiles too."""
    return {name: Service(name, told) for name, told in compose_file()["services"].items()}


def variables() -> set[str]:
    """The variables that the file reads."""
    return {found[2] for found in _VARIABLE.finditer(COMPOSE.read_text()) if found[2]}


def in_ci() -> bool:
    """Whether nothing may be skipped."""
    return os.environ.get("CI") == "true"
