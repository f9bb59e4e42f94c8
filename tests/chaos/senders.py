"""Clients that repeat until they get a 202, as they are told to."""

import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from tests.bench.pages import sentence
from tests.chaos.house import House

_POISON = "RAISE HANG KILL MEMORY RECURSE".split()


def story(number: int, mark: str = "") -> str:
    """A page of plain text, about 1.5 KB, unlike every other one."""
    dice = random.Random(f"{mark}{number}")
    parts = "\n\n".join(" ".join(sentence(dice) for _ in range(4)) for _ in range(4))
    return f"{sentence(dice)[:-1]} {mark}{number}\n\nThe number of this one is {mark}{number}. {parts}"


def page(source: str, number: int, **said: Any) -> dict[str, Any]:
    """A page as it is posted."""
    url = f"https://{source}.example/{number}"
    return {"url": url, "source": source, "content_type": "text/plain", "content": story(number, source), **said}


@dataclass
class Taken:
    """What clients were promised: ids that got a 202, and what they met on the way."""

    ids: set[str] = field(default_factory=set)
    versions: set[tuple[str, int]] = field(default_factory=set)
    statuses: list[str] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    """What Retry-After said, in seconds."""
    times: list[float] = field(default_factory=list)
    """How long each refusal took, and each post that got no answer at all while it was waited for, in seconds."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, told: dict[str, Any]) -> None:
        """One page got its 202."""
        with self._lock:
            self.ids.add(told["id"])
            self.versions.add((told["id"], told["version"]))
            self.statuses.append(told["status"])

    def note_refusal(self, answer: httpx.Response) -> None:
        """The door said no, for now."""
        with self._lock:
            self.refused[answer.status_code] = self.refused.get(answer.status_code, 0) + 1
            if "Retry-After" in answer.headers:
                self.waits.append(float(answer.headers["Retry-After"]))

    def note_time(self, seconds: float) -> None:
        """How long the door took to answer."""
        with self._lock:
            self.times.append(seconds)


def a_caller() -> httpx.Client:
    """A client of no house in particular: addresses change while a house is damaged. No TLS, which is slow to begin."""
    return httpx.Client(timeout=15, verify=False)


def post(house: House, item: dict[str, Any], taken: Taken, caller: httpx.Client) -> dict[str, Any]:
    """Posts one page, again and again until it gets a 202; the answer."""
    body = json.dumps(item)
    while True:
        pause = 0.1
        begun = time.monotonic()
        try:
            answer = caller.post(f"{house.url}/v1/pages", content=body, headers={"Content-Type": "application/json"})
        except httpx.ReadTimeout:
            taken.note_time(time.monotonic() - begun)
        except (httpx.HTTPError, OSError):
            pass  # no answer, or no address while it starts again
        else:
            if answer.status_code == 202:
                told: dict[str, Any] = answer.json()
                taken.note(told)
                return told
            assert answer.status_code in {429, 503}, (answer.status_code, answer.text)
            taken.note_refusal(answer)
            taken.note_time(time.monotonic() - begun)
            pause = min(0.5, float(answer.headers.get("Retry-After", pause)))
        time.sleep(pause)


class Senders:
    """Some clients that post pages of one source until they are told to stop.

    Args:
        house: who gets them.
        source: of the pages.
        clients: how many.
        pause: seconds between two posts of a client.
    """

    def __init__(self, house: House, source: str, *, clients: int = 2, pause: float = 0.03) -> None:
        self.taken = Taken()
        self._house, self._source, self._pause = house, source, pause
        self._clients = clients
        self._ended = threading.Event()
        self._failures: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(one,), daemon=True) for one in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(180)
        assert not self._failures, self._failures
        assert not any(thread.is_alive() for thread in self._threads), "a client still waits for its 202"

    def _run(self, number: int) -> None:
        try:
            with a_caller() as caller:
                while not self._ended.is_set():
                    post(self._house, page(self._source, number), self.taken, caller)
                    number += self._clients
                    time.sleep(self._pause)
        except BaseException as error:  # noqa: BLE001  (told when the block ends)
            self._failures.append(error)
