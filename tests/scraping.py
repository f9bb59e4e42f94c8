"""Figures as Prometheus gets them, and ports for them to be got from."""

import os
import re
import socket
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from services.cli.worker_command import LANES, Lane
from tests.stack import Stack

_FIRST: Final = 20_000
_PLACES: Final = 3000

Figures = dict[tuple[str, str], float]
"""Each figure by its name and its room, which is empty where it has none."""


def four_free_ports() -> int:
    """The first of four ports in a row that nobody listens on.

    Raises:
        RuntimeError: there are none.
    """
    for place in range(_PLACES):
        first = _FIRST + (os.getpid() + place) % _PLACES * 4  # runs beside each other begin to look in different places
        if all(_free(first + at) for at in range(4)):
            return first
    raise RuntimeError("no four free ports in a row")


def _free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def worker_address(stack: Stack, room: Lane) -> str:
    """HOST:PORT where a worker of a stack serves its figures."""
    host, port = stack.environment["PAGEMILL_METRICS_LISTEN"].split(":")
    return f"{host}:{int(port) + LANES.index(room)}"


def figures(address: str) -> Figures:
    """What is told at an address."""
    text = httpx.get(f"http://{address}/metrics", timeout=10).raise_for_status().text
    return {
        (sample.name, sample.labels.get("room", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def names_in(expression: str) -> set[str]:
    """The figures that a question to Prometheus names."""
    return set(re.findall(r"pagemill_\w+", expression))
