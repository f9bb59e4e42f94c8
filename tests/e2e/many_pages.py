"""Many small pages for a house, each with a word of its own; and what it says of its index."""

import json
import random
import subprocess
import threading
from typing import Any

from tests.bench.pages import sentence
from tests.stack import Stack


def page(number: int) -> str:
    """One page as a line; `foundonceNUMBER` is in no other."""
    dice = random.Random(number)
    story = "\n\n".join(" ".join(sentence(dice) for _ in range(4)) for _ in range(3))
    content = f"{sentence(dice)[:-1]}\n\nThe number of this one is foundonce{number}. {story}"
    return json.dumps({"url": f"https://many.example/{number}", "content_type": "text/plain", "content": content})


def post(house: Stack, numbers: range) -> list[str]:
    """Posts pages in one batch; their ids."""
    with house.client() as client:
        told = client.post(
            "/v1/pages/batch",
            content="\n".join(map(page, numbers)),
            headers={"Content-Type": "application/x-ndjson"},
        ).json()
    assert told["accepted"] == len(numbers), told
    return [result["id"] for result in told["results"]]


def report(house: Stack) -> dict[str, Any]:
    """The generations, and what was asked of them."""
    with house.client() as client:
        told: dict[str, Any] = client.get("/v1/monitor/index").raise_for_status().json()
    return told


def total(house: Stack, q: str = "") -> int:
    """How many documents are found."""
    with house.client() as client:
        return int(client.get("/v1/search", params={"q": q, "size": 0}).json()["total"]["value"])


def in_background(house: Stack, *arguments: str) -> "tuple[threading.Thread, list[subprocess.CompletedProcess[str]]]":
    """A `pagemill` command that runs meanwhile; the thread, and how it ended."""
    ended: list[subprocess.CompletedProcess[str]] = []
    thread = threading.Thread(target=lambda: ended.append(house.run(*arguments, timeout=300)))
    thread.start()
    return thread, ended
