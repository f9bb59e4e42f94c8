"""Programs of `pagemill up` that run and answer nothing: real processes that are stopped."""

import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.integration.up.test_up import pid_of, seconds_until_back
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    up = Stack(tmp_path_factory.mktemp("silent") / "data", clean_workers=1, silent_seconds=15).start()
    yield up
    up.stop()


@pytest.mark.parametrize("program", ["services", "valkey"])
def test_one_that_stands_still_is_told_and_started_again_and_loses_nothing(impatient: Stack, program: str) -> None:
    page = {"url": f"https://silent.example/{program}", "content": f"A page before {program} stood still. It is kept."}
    with impatient.client() as client:
        told = client.post("/v1/pages", params={"wait": "searchable", "timeout": 60}, json=page)
    assert told.json()["state"] == "searchable"
    before = pid_of(impatient, program)
    psutil.Process(before).send_signal(signal.SIGSTOP)
    seconds_until_back(impatient, program, before)
    while psutil.pid_exists(before):
        time.sleep(0.05)
    told_by_up = [line for line in (impatient.data / "up.log").read_text().splitlines() if "stands still" in line]
    assert any(program in line and "answers nothing" in line for line in told_by_up), told_by_up
    with impatient.client() as client:
        assert client.get(f"/v1/documents/{told.json()['id']}").status_code == 200
