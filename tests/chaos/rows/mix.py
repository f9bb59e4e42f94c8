"""Row 21: all of it, by chance."""

import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

import psutil
import redis

from shared.ledger.connection import connect
from tests.chaos import length
from tests.chaos.house import House, kill
from tests.chaos.preload import ROOMS
from tests.chaos.report import Row
from tests.chaos.senders import Senders, a_caller, page, post, story
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness

MEMORY_MIB = 700
"""Of one process, at most."""
_TRAPS = ("RAISE", "KILL", "MEMORY", "RECURSE", "HANG")
Fault = Callable[[House, random.Random], None]


def mix(house: House) -> tuple[Row, float]:
    """Faults by chance, a few seconds apart; the row, and the most memory that a process had, in MiB."""
    assert house.machine is not None
    house.machine.hold()
    dice, bad, most = length.dice("mix"), set[str](), 0.0
    over = time.monotonic() + length.of(short=40, long=3600)
    with Witness(house) as witness:
        with Senders(house, "row21", pause=0.05) as senders, a_caller() as caller:
            while time.monotonic() < over:
                dice.choice(_FAULTS)(house, dice)
                witness.fault()
                if dice.random() < 0.1:
                    number = 10**6 + dice.randrange(10**6)
                    item = page("row21", number, content=f"{dice.choice(_TRAPS)} {story(number)}")
                    bad.add(post(house, item, senders.taken, caller)["id"])
                most = max([most, *_sizes(house)])
                time.sleep(dice.uniform(1, 6))
        for room in ROOMS:
            house.machine.clock(room, 0)
        row = judge(house, "21 a mix by chance", "row21", senders.taken, witness, poison=bad, seconds=300)
    return row, most


def _child(house: House, dice: random.Random) -> None:
    house.kill_a_child(dice)


def _worker(house: House, dice: random.Random) -> None:
    house.kill(dice.choice(ROOMS))


def _ask_worker(house: House, dice: random.Random) -> None:
    kill(house.main(dice.choice(ROOMS)), signal.SIGTERM)


def _broker(house: House, _: random.Random) -> None:
    house.kill("valkey")


def _door(house: House, _: random.Random) -> None:
    house.kill("services")


def _pause(house: House, dice: random.Random) -> None:
    standing = house.main("valkey")
    kill(standing, signal.SIGSTOP)
    time.sleep(dice.uniform(1, 8))
    kill(standing, signal.SIGCONT)


def _full_disk(house: House, dice: random.Random) -> None:
    assert house.machine is not None
    choices: tuple[Literal["full", "index-full"], ...] = ("full", "index-full")
    what = dice.choice(choices)
    house.machine.fill(what)
    time.sleep(dice.uniform(1, 6))
    house.machine.free(what)


def _clock(house: House, dice: random.Random) -> None:
    assert house.machine is not None
    house.machine.clock(dice.choice(ROOMS), dice.randint(-7200, 7200))


def _bells(house: House, _: random.Random) -> None:
    with suppress(redis.RedisError):
        client = connect(house.redis_url)
        keys: list[bytes] = client.keys()  # type: ignore[assignment]
        if celery := [key for key in keys if not key.startswith(b"pm:")]:
            client.delete(*celery)


_FAULTS: tuple[Fault, ...] = (_child, _child, _worker, _ask_worker, _broker, _door, _pause, _full_disk, _clock, _bells)


def _sizes(house: House) -> list[float]:
    """Memory of each process of the house, in MiB."""
    found = []
    for process in house.processes():
        with suppress(psutil.Error):
            found.append(process.memory_info().rss / 2**20)
    return found
