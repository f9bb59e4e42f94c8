"""helm and the compose plugin, built from their Go modules and kept: nothing here can fetch a finished program.

    python -m tests.deploy.go_tools

builds both beforehand. Without optimisation, for they run for a second: that takes a third off the three minutes.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.deploy.compose_file import in_ci


class Tool(NamedTuple):
    """A Go program: its package, and the module's version."""

    package: str
    version: str


TOOLS: Final = {
    "helm": Tool("helm.sh/helm/v3/cmd/helm", "v3.16.4"),
    "docker-compose": Tool("github.com/docker/compose/v2/cmd", "v2.30.0"),
}


def tool(name: str) -> Path:
    """The program, built at the first call; skips the test where there is no Go, and fails it in CI."""
    try:
        return built(name)
    except (OSError, subprocess.CalledProcessError) as error:
        told = getattr(error, "stderr", None) or error
        if in_ci():
            pytest.fail(f"{name} cannot be built: {told}")
        pytest.skip(f"{name} is built with Go, which is not here: {told}")


def built(name: str) -> Path:
    """The program, built where it is not yet.

    Raises:
        OSError: there is no Go.
        subprocess.CalledProcessError: Go could not build it.
    """
    package, version = TOOLS[name]
    cache = _cache()
    program = cache / f"{name}-{version}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # CI begins to build beside its first tests
        if not program.exists():
            with tempfile.TemporaryDirectory(dir=cache) as work:
                _build(f"{package}@{version}", package, Path(work)).rename(program)
    return program


def _build(versioned: str, package: str, folder: Path) -> Path:
    go = shutil.which("go")
    if go is None:
        raise FileNotFoundError("there is no go on the PATH")
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod -buildvcs=false"}
    for words in (
        ["mod", "init", "built.example/tool"],
        ["get", versioned],
        ["build", "-trimpath", "-gcflags=all=-N -l", "-ldflags=-s -w", "-o", "program", package],
    ):
        subprocess.run([go, *words], cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return folder / "program"


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "pagemill" / "tools"


if __name__ == "__main__":
    for each in sys.argv[1:] or TOOLS:
        print(built(each))
