"""deploy/helm/pagemill as helm renders it."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from tests.deploy.compose_file import ROOT
from tests.deploy.go_tools import tool

CHART: Final = ROOT / "deploy" / "helm" / "pagemill"
_KUBERNETES: Final = ("--kube-version", "1.31.0")
Thing = Mapping[str, Any]


def helm(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """One helm command."""
    return subprocess.run([tool("helm"), *words, *_KUBERNETES], capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Rendered:
    """What a release called `mill` consists of.

    Args:
        values: as `--set` takes them.
    """

    values: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The values as words of a command."""
        return [word for value in self.values for word in ("--set-json", value)]

    @cached_property
    def things(self) -> list[Thing]:
        """Every object.

        Raises:
            RuntimeError: helm could not render it.
        """
        ran = helm("template", "mill", CHART, *self.words)
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        return [thing for thing in yaml.safe_load_all(ran.stdout) if thing]

    def of(self, *kinds: str) -> dict[str, Thing]:
        """The objects of these kinds, by name."""
        return {thing["metadata"]["name"]: thing for thing in self.things if thing["kind"] in kinds}

    def pods(self) -> dict[str, Thing]:
        """The pod templates, by the name of what makes pods of them."""
        return {name: thing["spec"]["template"] for name, thing in self.of("Deployment", "StatefulSet", "Job").items()}

    def containers(self) -> Iterator[tuple[str, Thing]]:
        """Every container, with the name of what makes its pod; each pod has one."""
        for name, pod in self.pods().items():
            (container,) = pod["spec"]["containers"]
            yield name, container

    def ours(self) -> dict[str, Thing]:
        """Containers of the project's image."""
        return {name: container for name, container in self.containers() if container["image"].startswith("pagemill:")}


def environment(container: Thing) -> dict[str, str]:
    """A container's variables."""
    return {each["name"]: each["value"] for each in container["env"]}
