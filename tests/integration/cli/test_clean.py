"""`pagemill clean` as other programs use it: a process with two pipes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psutil
import pytest

pytestmark = pytest.mark.processes

STORY = "The bridge was built of iron, and it grows by the width of a hand in summer. " * 5
SLOW = "<html><body><h1>t</h1>" + "".join(f"<p>word{n} some text</p>" for n in range(300_000))


class Filter:
    """A running filter."""

    def __init__(self, *options: str, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.cli.main", "clean", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**kept, **{f"PAGEMILL_{name.upper()}": value for name, value in settings.items()}},
        )

    @property
    def stdin(self) -> IO[bytes]:
        assert self.process.stdin
        return self.process.stdin

    def put(self, line: bytes | dict[str, Any]) -> None:
        self.stdin.write((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n")
        self.stdin.flush()

    def get(self) -> dict[str, Any]:
        assert self.process.stdout
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def ask(self, line: bytes | dict[str, Any]) -> dict[str, Any]:
        self.put(line)
        return self.get()

    def child(self) -> psutil.Process:
        """The one process that it cleans in."""
        (child,) = psutil.Process(self.process.pid).children()
        return child


@contextlib.contextmanager
def running(*options: str, **settings: str) -> Iterator[Filter]:
    """A filter that ends well."""
    told = Filter(*options, **settings)
    children = []
    try:
        yield told
        children = psutil.Process(told.process.pid).children()
        rest, complaints = told.process.communicate(timeout=30)
        assert (rest, complaints, told.process.returncode) == (b"", b"", 0)
    finally:
        told.process.kill()
        told.process.communicate()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_each_line_is_answered_before_the_next_one_is_written() -> None:
    with running() as told:
        answer = told.ask({"content": f"<html><body><h1>Iron</h1><p>{STORY}</p></body></html>", "id": 7})
        assert (answer["id"], answer["title"]) == (7, "Iron")
        assert answer["text"] == "\n\n".join(answer["paragraphs"])
        assert STORY.strip() in answer["text"]
        assert told.ask({"content": STORY, "id": {"any": ["value", None]}})["id"] == {"any": ["value", None]}


def test_a_page_without_an_id_is_called_as_the_services_would_call_it() -> None:
    with running() as told:
        one = told.ask({"content": STORY, "url": "https://a.example/?utm_source=x"})
        other = told.ask({"content": STORY, "url": "https://A.example/#top"})
        assert one["id"] == other["id"] is not None


JUNK: list[tuple[bytes, str, Any]] = [
    (b"junk", "unreadable", None),
    (b"\xff\xfe", "unreadable", None),
    (b'"text"', "invalid", None),
    (b'{"id": "k"}', "invalid", "k"),
    (b'{"id": "k", "content": "x", "colour": "red"}', "invalid", "k"),
    (b'{"id": "\\ud800", "content": ""}', "invalid", "\ud800"),
    (b'{"id": 1, "content": "   "}', "page-rejected", 1),
    (b'{"a":' + b"[" * 100_000, "nested-too-deep", None),
]


def test_a_line_that_is_no_page_gets_an_error_and_the_next_one_is_cleaned() -> None:
    with running() as told:
        for line, code, page_id in JUNK:
            answer = told.ask(line)
            assert (answer["id"], answer["error"]["code"]) == (page_id, code)
            assert told.ask({"id": 2, "content": STORY})["paragraphs"] == [STORY.strip()]


def test_blank_lines_are_passed_over_as_in_a_batch() -> None:
    with running() as told:
        for blank in (b"", b" \t", b"\r"):
            told.put(blank)
        assert told.ask({"id": 2, "content": STORY})["id"] == 2


def test_a_rejected_page_says_why() -> None:
    with running() as told:
        assert told.ask({"id": 1, "content": " \n "})["error"]["reason"] == "empty-page"
        assert told.ask({"id": 1, "body": "JVBERi0xLjcKAAECAwQ="})["error"]["reason"] == "binary-content"


def test_a_line_longer_than_any_page_is_not_held_and_gets_an_error() -> None:
    with running(page_max_bytes="1000") as told:
        told.stdin.write(b'{"content":"' + b"x" * 5_000_000)
        assert told.ask(b'"}')["error"]["code"] == "page-too-large"
        assert told.ask({"id": 2, "content": "Hello there, pages."})["id"] == 2


@pytest.mark.parametrize("workers", ["1", "3"])
def test_answers_come_in_the_order_of_the_lines(workers: str) -> None:
    with running("--workers", workers) as told:
        for number in range(60):
            told.put({"id": number, "content": STORY * (1 + (60 - number) % 7 * 20)})
            if number >= 5:
                assert told.get()["id"] == number - 5
        told.stdin.close()
        assert [told.get()["id"] for _ in range(5)] == [55, 56, 57, 58, 59]
        told.process.stdin = None


def _at_work(told: Filter) -> psutil.Process:
    """The child, in the middle of a page that takes it a second or more."""
    told.ask({"id": 0, "content": STORY})
    child = told.child()
    begun = child.cpu_times().user
    told.put({"id": "slow", "content": SLOW})
    while child.cpu_times().user < begun + 0.15:
        time.sleep(0.01)
    return child


def test_a_page_that_hangs_gets_an_error_and_the_next_one_is_cleaned() -> None:
    with running(page_seconds="1") as told:
        with contextlib.suppress(psutil.NoSuchProcess):  # on a busy machine its time is up before it is seen at work
            child = _at_work(told)
            child.send_signal(signal.SIGSTOP)
            time.sleep(1.1)
            child.send_signal(signal.SIGCONT)
        answer = told.get()
        assert (answer["id"], answer["error"]["code"]) == ("slow", "cleaning-failed")
        assert answer["error"]["limit"] == "PAGEMILL_PAGE_SECONDS"
        assert told.ask({"id": 2, "content": STORY})["paragraphs"] == [STORY.strip()]


def test_a_page_that_takes_its_process_down_gets_an_error_and_the_next_one_is_cleaned() -> None:
    with running() as told:
        _at_work(told).kill()
        answer = told.get()
        assert (answer["id"], answer["error"]["code"]) == ("slow", "cleaning-failed")
        assert told.ask({"id": 2, "content": STORY})["paragraphs"] == [STORY.strip()]


def test_a_filter_whose_every_page_ended_its_process_says_so_and_fails() -> None:
    told = Filter()
    child = _ready_child(told)
    child.kill()
    while child.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    answer = told.ask({"id": "lost", "content": STORY})
    assert (answer["id"], answer["error"]["code"]) == ("lost", "cleaning-failed")
    rest, complaints = told.process.communicate(timeout=30)
    assert (rest, told.process.returncode) == (b"", 1)
    assert complaints.startswith(b"pagemill: every page ended the process that cleaned it, or took too long\n")


def _ready_child(told: Filter) -> psutil.Process:
    """The first child, before any page, once its own standard error is closed to its libraries."""
    while not (children := psutil.Process(told.process.pid).children()):
        time.sleep(0.01)
    while str(Path(f"/proc/{children[0].pid}/fd/2").readlink()) != os.devnull:
        time.sleep(0.01)
    return children[0]


def test_a_reader_that_goes_away_ends_the_filter_without_a_word() -> None:
    told = Filter()
    assert told.process.stdout
    assert told.process.stderr
    told.ask({"id": 0, "content": STORY})
    told.process.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        told.put({"id": 1, "content": STORY})
    assert told.process.wait(20) == 1  # although nobody has closed its input
    assert told.process.stderr.read() == b""
    told.process.stderr.close()
    with contextlib.suppress(BrokenPipeError):
        told.stdin.close()


def test_no_setting_of_a_server_is_needed_and_nothing_is_left_behind(tmp_path: Any) -> None:
    with running(data=str(tmp_path / "data"), redis_url="redis://127.0.0.1:1/0") as told:
        assert told.ask({"content": STORY})["paragraphs"]
    assert list(tmp_path.iterdir()) == []
