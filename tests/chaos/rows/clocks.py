"""Row 16: wall clocks of workers that are wrong."""

import time

from tests.chaos import length
from tests.chaos.house import House, until
from tests.chaos.preload import ROOMS
from tests.chaos.report import Row
from tests.chaos.senders import Senders, a_caller, page, post
from tests.chaos.traps import CLOCK
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness

_HOURS = 3600


def wrong_clocks(house: House) -> Row:
    """All behind while some pages take long; then all ahead or behind, each by its own; then jumping."""
    assert house.machine is not None
    dice, told = length.dice("clocks"), house.machine.told
    with Witness(house) as witness:
        with Senders(house, "row16") as senders, a_caller() as caller:
            _set(house, witness, dict.fromkeys(ROOMS, -2 * _HOURS))
            post(house, page("row16", 10**6 - 1, content="CLOCK " + "words " * 50), senders.taken, caller)
            until(lambda: told(CLOCK) < time.time() - _HOURS, 60, "a worker sees the wrong time")
            for number in range(2):
                post(house, page("row16", 10**6 + number, content="SLOW " + "words " * 50), senders.taken, caller)
            time.sleep(length.of(short=8, long=60))
            _set(house, witness, {"clean": 2 * _HOURS, "enrich": -2 * _HOURS})
            for _ in range(int(length.of(short=4, long=60))):
                time.sleep(1)
                _set(house, witness, {"index": dice.randint(-2 * _HOURS, 2 * _HOURS)})
        try:
            return judge(house, "16 clocks of workers wrong by two hours", "row16", senders.taken, witness)
        finally:
            _set(house, witness, dict.fromkeys(ROOMS, 0))


def _set(house: House, witness: Witness, ahead: dict[str, int]) -> None:
    assert house.machine is not None
    for room, seconds in ahead.items():
        house.machine.clock(room, seconds)
    witness.fault(len(ahead))
