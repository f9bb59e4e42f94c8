"""Row 21: all of it, by chance."""

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import psutil
import redis

from shared.ledger.connection import connect
from tests.chaos import length
from tests.chaos.broker import Broker
from tests.chaos.house import House, kill
from tests.chaos.preload import ROOMS
from tests.chaos.report import Row
from tests.chaos.rows.deploying import worker_of
from tests.chaos.rows.far_broker import CUTS
from tests.chaos.senders import Senders, a_caller, page, post, story
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness

MEMORY_MIB = 700
"""Of one process, at most."""
_TRAPS = ("RAISE", "KILL", "MEMORY", "RECURSE", "HANG")
_CUT_SHARE = 0.7
"""Of faults in a far mix, those that are about the line."""
Fault = Callable[[House, random.Random], None]


def mix(house: House, newer: Path) -> tuple[Row, float]:
    """Faults by chance, a few seconds apart; the row, and the most memory that a process had, in MiB.

    Args:
        house: with faults of the machine, and traps.
        newer: the folder of another version; workers of it serve two rooms as well, and are killed now and then.
    """
    assert house.machine is not None
    house.machine.hold()
    dice, bad, most = length.dice("mix"), set[str](), 0.0
    over = time.monotonic() + length.of(short=40, long=3600)
    with Witness(house) as witness:
        with Senders(house, "row21", pause=0.05) as senders, a_caller() as caller, Beside(house, newer) as beside:
            while time.monotonic() < over:
                dice.choice((*_FAULTS, beside.end))(house, dice)
                witness.fault()
                beside.keep()
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


def far_mix(house: House, line: Broker) -> Row:
    """The same on a house whose broker is at the end of a line, which is cut in every way."""
    dice, over = length.dice("far mix"), time.monotonic() + length.of(short=12, long=600)
    with Witness(house) as witness:
        with Senders(house, "row21far", pause=0.05) as senders:
            while time.monotonic() < over:
                if dice.random() < _CUT_SHARE:
                    begin, end = CUTS[dice.choice(sorted(CUTS))]
                    begin(line)
                    dice.choice(_PROCESSES)(house, dice)  # while it cannot be told
                    time.sleep(dice.uniform(1, 4))
                    end(line)
                else:
                    dice.choice(_PROCESSES)(house, dice)
                witness.fault()
                time.sleep(dice.uniform(1, 3))
        return judge(house, "21 a mix by chance, broker far away", "row21far", senders.taken, witness, seconds=300)


class Beside:
    """Workers of another version beside those of the house, for as long as the block lasts."""

    def __init__(self, house: House, root: Path) -> None:
        self._house, self._root = house, root
        self._open = ExitStack()
        self._workers: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.keep()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def keep(self) -> None:
        """Starts those that have ended: nobody else does."""
        for room in ("clean", "enrich"):
            if room not in self._workers or self._workers[room].poll() is not None:
                self._workers[room] = self._open.enter_context(worker_of(self._house, self._root, room))

    def end(self, _: House, dice: random.Random) -> None:
        """kill -9 of one of them."""
        dice.choice([*self._workers.values()]).kill()


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


def _index_stands_still(house: House, dice: random.Random) -> None:
    """Nothing is written, and nothing refused."""
    standing = house.main("index")
    stopped = [standing, *standing.children()] if standing else []
    for process in stopped:
        kill(process, signal.SIGSTOP)
    time.sleep(dice.uniform(1, 8))
    for process in stopped:
        kill(process, signal.SIGCONT)


def _full_disk(house: House, dice: random.Random) -> None:
    assert house.machine is not None
    house.machine.fill("full")
    time.sleep(dice.uniform(1, 6))
    house.machine.free("full")


def _index_refuses(house: House, dice: random.Random) -> None:
    """Every write fails, for its disk is full."""
    assert house.machine is not None
    house.machine.fill("index-full")
    time.sleep(dice.uniform(1, 6))
    house.machine.free("index-full")


def _clock(house: House, dice: random.Random) -> None:
    assert house.machine is not None
    house.machine.clock(dice.choice(ROOMS), dice.randint(-7200, 7200))


def _bells(house: House, _: random.Random) -> None:
    with suppress(redis.RedisError):
        client = connect(house.redis_url)
        keys: list[bytes] = client.keys()  # type: ignore[assignment]
        if celery := [key for key in keys if not key.startswith(b"pm:")]:
            client.delete(*celery)


_PROCESSES: tuple[Fault, ...] = (_child, _worker, _ask_worker, _door, _bells)
_FAULTS: tuple[Fault, ...] = (
    *(_child, *_PROCESSES),
    *(_broker, _pause, _full_disk, _clock),
    *(_index_refuses, _index_stands_still),
)


def _sizes(house: House) -> list[float]:
    """Memory of each process of the house, in MiB."""
    found = []
    for process in house.processes():
        with suppress(psutil.Error):
            found.append(process.memory_info().rss / 2**20)
    return found
