"""Rows 1, 2 and 15: processes that are killed, and processes that are asked to end, while pages walk."""

import signal
import time

import psutil

from tests.chaos import length
from tests.chaos.house import House, kill, until
from tests.chaos.report import Row
from tests.chaos.senders import Senders
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness


def killed_children(house: House) -> Row:
    """kill -9 of a random pool process every half second."""
    dice = length.dice("children")
    with Witness(house) as witness:
        with Senders(house, "row1") as senders:
            over = time.monotonic() + length.of(short=10, long=60)
            while time.monotonic() < over:
                time.sleep(0.5)
                if house.kill_a_child(dice):
                    witness.fault()
        return judge(house, "1 kill -9 of pool processes", "row1", senders.taken, witness, faults=5)


def killed_index_processes(house: House) -> Row:
    """kill -9 of whoever is writing to the index, so often that some are at it."""
    with Witness(house) as witness:
        with Senders(house, "index") as senders:
            for _ in range(int(length.of(short=12, long=60))):
                time.sleep(0.8)
                if (main := house.main("index")) and any(kill(child) for child in main.children()):
                    witness.fault()
        return judge(house, "1 kill -9 of the index process", "index", senders.taken, witness)


def killed_workers(house: House) -> Row:
    """kill -9 of a whole worker every three seconds."""
    dice = length.dice("workers")
    with Witness(house) as witness:
        with Senders(house, "row2") as senders:
            over = time.monotonic() + length.of(short=10, long=60)
            while time.monotonic() < over:
                time.sleep(3)
                if house.kill(dice.choice(["clean", "clean", "enrich", "index", "solo"])):
                    witness.fault()
        return judge(house, "2 kill -9 of whole workers", "row2", senders.taken, witness, faults=2)


def standing_still(house: House) -> Row:
    """A worker that runs and does nothing: its supervisor ends it, and starts another."""
    with Witness(house) as witness:
        with Senders(house, "still", pause=0.2) as senders:
            stopped = running(house, "enrich")
            if kill(stopped, signal.SIGSTOP):
                witness.fault()
            until(lambda: not stopped.is_running(), 120, "it is ended")
            running(house, "enrich")
        return judge(house, "2 a worker that stands still", "still", senders.taken, witness)


def asked_to_end(house: House) -> Row:
    """SIGTERM of workers under load; each exits within a minute."""
    with Witness(house) as witness:
        with Senders(house, "row15a") as senders:
            for turn in range(int(length.of(short=3, long=20))):
                room = ("clean", "index", "enrich", "solo")[turn % 4]
                asked = running(house, room)
                time.sleep(1)
                if kill(asked, signal.SIGTERM):
                    witness.fault()
                asked.wait(60)
        return judge(house, "15a SIGTERM of workers under load", "row15a", senders.taken, witness)


def killed_while_ending(house: House) -> Row:
    """SIGKILL of workers that were asked to end, and could not."""
    with Witness(house) as witness:
        with Senders(house, "row15b") as senders:
            for room in ("clean", "index")[: int(length.of(short=1, long=2))]:
                asked = running(house, room)
                for child in asked.children():
                    kill(child, signal.SIGSTOP)
                kill(asked, signal.SIGTERM)
                time.sleep(length.of(short=3, long=10))
                witness.fault()
                assert kill(asked)
        return judge(house, "15b SIGKILL after a SIGTERM", "row15b", senders.taken, witness)


def running(house: House, room: str) -> psutil.Process:
    """A room's worker, waited for."""
    until(lambda: house.main(room) is not None, 60, f"{room} runs")
    found = house.main(room)
    assert found is not None
    return found
