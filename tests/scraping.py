"""Figures as Prometheus gets them, and ports for them to be got from."""

import re
import socket
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from services.cli.worker_command import LANES, Lane
from tests.stack import Stack

_FIRST: Final = 42_000

Figures = dict[tuple[str, str], float]
"""Each figure by its name and its room, which is empty where it has none."""


def four_free_ports() -> int:
    """The first of four ports in a row that nobody listens on.

    Raises:
        RuntimeError: there are none.
    """
    for first in range(_FIRST, 60_000, 7):
        try:
            held = [socket.create_server(("127.0.0.1", first + at)) for at in range(4)]
        except OSError:
            continue
        for each in held:
            each.close()
        return first
    raise RuntimeError("no four free ports in a row")


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
