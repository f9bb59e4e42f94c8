"""What comes over the broker is a bell and nothing more: no object is made of it, and nothing in it is believed."""

import importlib
import json
import os
import pickle
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis

from shared.redis_urls import as_broker
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

FIRST = {"id": "0", "lang": "py", "root_id": "0", "parent_id": None, "group": None}


class Trap:
    """Makes a file where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._mark),)


def ring(mill: Stack, body: bytes, content_type: str, task: str) -> None:
    """Puts one message of our making into a room's queue."""
    url = as_broker(json.loads((mill.data / "pagemill.lock").read_text())["redis_url"])
    kombu: Any = importlib.import_module("kombu")  # it has no types
    with kombu.Connection(url) as connection, connection.Producer() as producer:
        producer.publish(
            body,
            exchange=kombu.Exchange("clean"),
            routing_key="clean",
            declare=[kombu.Queue("clean", kombu.Exchange("clean"), routing_key="clean")],
            content_type=content_type,
            content_encoding="binary" if "python" in content_type else "utf-8",
            headers={**FIRST, "task": task, "argsrepr": "()", "kwargsrepr": "{}"},
        )


FORGED = [
    b"not json",
    b"\xff\xfe\x00",
    b"null",
    b"7",
    b"[]",
    b"{}",
    b"[" * 20_000,
    b'{"__type__": [], "__value__": 1}',
    b'{"body": 5}',
    b'{"body": "x", "properties": {}}',
    b'{"body": "x", "properties": null, "headers": null}',
    b'{"body": "!!", "properties": {"delivery_info": null, "delivery_tag": 1, "body_encoding": "base64"}}',
    b'{"body": "[]", "properties": {"delivery_info": {}, "delivery_tag": null, "body_encoding": "nope"}}',
    b'{"body": "[]", "properties": {"delivery_info": {}, "delivery_tag": [], "body_encoding": null}}',
    b'{"body": "e30=", "headers": {"task": [1]}, "properties": {"delivery_info": {}, "delivery_tag": "x"}}',
]
"""What no sender of ours puts into a queue."""


def main_of(mill: Stack, room: str) -> psutil.Process:
    """The worker itself, whose children are its pool."""
    pool = next(iter(mill.workers(room)))
    main = pool.parent()
    assert main is not None
    return main


def searchable(mill: Stack, name: str) -> bool:
    """Whether a page still walks the whole way."""
    page = {"url": f"https://messages.example/{name}", "content": f"A page after the message {name}. It is read."}
    with mill.client() as client:
        answer = client.post("/v1/pages", params={"wait": "searchable", "timeout": 60}, json=page)
    return bool(answer.json().get("state") == "searchable")


def test_a_pickle_is_never_opened_and_the_room_works_on(mill: Stack, tmp_path: Path) -> None:
    trap = pickle.dumps(([Trap(tmp_path / "sprung")], {}, {}))
    ring(mill, trap, "application/x-python-serialize", "workers.clean")
    assert searchable(mill, "pickle")
    assert not (tmp_path / "sprung").exists()
    pickle.loads(trap)
    assert (tmp_path / "sprung").exists(), "the trap works where somebody opens it"


@pytest.mark.parametrize(
    ("task", "body"),
    [
        ("workers.clean", [["https://evil.example", 7], {"page": "x"}, {}]),
        ("workers.nobody", [[], {}, {}]),
        ("os.system", [["touch /nowhere"], {}, {}]),
        ("celery.backend_cleanup", [[], {}, {}]),
        ("workers.clean", "no message at all"),
        ("workers.clean", 7),
        ("workers.clean", {"args": 1}),
        ("workers.clean", [[], {}, {"chord": {"task": "os.system"}}]),
    ],
)
def test_a_message_with_arguments_or_of_another_name_changes_nothing(mill: Stack, task: str, body: Any) -> None:
    ring(mill, json.dumps(body).encode(), "application/json", task)
    assert searchable(mill, f"{task}-{len(json.dumps(body))}")
    assert mill.ledger()["balanced"]


def test_what_cannot_be_read_as_a_message_is_let_go_and_never_ends_the_worker(mill: Stack) -> None:
    queues = redis.Redis.from_url(json.loads((mill.data / "pagemill.lock").read_text())["redis_url"])
    main = main_of(mill, "clean")
    for forged in FORGED * 2:
        queues.lpush("clean", forged)
    assert searchable(mill, "forged")
    while queues.llen("clean"):
        time.sleep(0.1)
    assert searchable(mill, "forged-too")
    assert main.is_running()
    assert main_of(mill, "clean") == main
    assert (mill.data / "logs" / "clean.log").read_text(errors="replace").count('"message let go"') >= len(FORGED)
    queues.close()


@pytest.mark.parametrize("room", ["clean", "enrich", "index", "solo"])
def test_a_worker_that_logs_to_a_file_writes_json_and_nothing_else(mill: Stack, room: str) -> None:
    assert searchable(mill, f"logged-{room}")
    lines = (mill.data / "logs" / f"{room}.log").read_text(errors="replace").splitlines()
    told = [json.loads(line) for line in lines]
    assert any("ready" in each["event"] for each in told)
    assert {each["service"] for each in told} == {"worker"}
