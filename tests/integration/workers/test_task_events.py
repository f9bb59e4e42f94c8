"""Workers tell Celery's monitors what they do where a setting says so."""

from pathlib import Path

import httpx
import pytest
from celery import Celery

from tests.stack import Stack

pytestmark = pytest.mark.processes


def test_with_the_setting_events_of_workers_and_bells_are_heard(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data", task_events=True, clean_workers=1).start()
    heard: set[str] = set()
    try:
        app = Celery(broker=f"redis+socket://{stack.data}/run/valkey.sock")
        with app.connection() as connection:
            handlers = {"*": lambda event: heard.add(event["type"])}
            receiver = app.events.Receiver(connection, handlers=handlers)
            assert httpx.post(f"{stack.url}/v1/pages", json={"content": "One page, for one bell."}).status_code == 202
            for _ in receiver.itercapture(limit=None, timeout=60, wakeup=False):
                if {"worker-heartbeat", "task-received", "task-succeeded"} <= heard:
                    break
    finally:
        stack.stop()
    assert {"worker-heartbeat", "task-received", "task-succeeded"} <= heard
