"""A real Prometheus, and promtool: Debian's package `prometheus` has both."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from tests.deploy.compose_file import ROOT, in_ci

FOLDER: Final = ROOT / "deploy" / "prometheus"
_START_SECONDS: Final = 60.0


def program(name: str) -> str:
    """Where it is; skips the test where it is not installed, and fails it in CI."""
    if found := shutil.which(name):
        return found
    if in_ci():
        pytest.fail(f"{name} is not installed")
    pytest.skip(f"{name} is not installed: Debian's package prometheus has it")


def promtool(*words: str) -> "subprocess.CompletedProcess[str]":
    """One command of promtool, in the folder of the rules."""
    argv = [program("promtool"), *words]
    return subprocess.run(argv, cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False)


class Prometheus:
    """One that runs.

    Args:
        url: its address.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, path: str, **parameters: str) -> Any:
        """The `data` of an answer of its API.

        Raises:
            HTTPStatusError: it refuses the question.
        """
        return httpx.get(f"{self._url}/api/v1/{path}", params=parameters, timeout=20).raise_for_status().json()["data"]

    def query(self, expression: str) -> list[dict[str, Any]]:
        """What an expression gives now."""
        found: list[dict[str, Any]] = self.ask("query", query=expression)["result"]
        return found

    def wait_for(self, expression: str, count: int) -> None:
        """Until an expression gives so many series.

        Raises:
            TimeoutError: it did not in a minute.
        """
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if len(self.query(expression)) >= count:
                return
            time.sleep(0.3)
        raise TimeoutError(f"{expression} gives {self.query(expression)}")


@contextmanager
def running(folder: Path, targets: Mapping[str, Sequence[str]]) -> Iterator[Prometheus]:
    """A Prometheus with the rules of deploy/, that scrapes these addresses each second.

    Args:
        folder: for its data and its log.
        targets: addresses by job.
    """
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(FOLDER / "rules.yml")]
    config["scrape_configs"] = [
        {"job_name": job, "static_configs": [{"targets": list(addresses)}]} for job, addresses in targets.items()
    ]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    words = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    argv = [program("prometheus"), *words, f"--web.listen-address={address}"]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(process, f"http://{address}", folder / "prometheus.log")
        yield Prometheus(f"http://{address}")
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/-/ready", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"Prometheus did not start:\n{log.read_text()[-3000:]}")
