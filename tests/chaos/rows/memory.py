"""Row 14: a broker that is full."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.ledger.connection import connect
from tests.chaos.house import House, kill
from tests.chaos.preload import ROOMS
from tests.chaos.report import Row
from tests.chaos.senders import Senders, a_caller, page, post
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness

_KEYS = 64
"""Of a page; 128 KB as it is stored."""


def full_memory(house: House) -> Row:
    """Workers stand still while pages come in, until the broker's memory is at its high-water mark."""
    with Witness(house) as witness:
        senders = Senders(house, "row14")
        with _standing_still(house):
            refused = _fill(house, "row14", senders, 1000)
            witness.fault()
        assert refused == 429
        row = judge(house, "14 memory of the broker at its mark", "row14", senders.taken, witness, seconds=240)
        with a_caller() as caller:
            post(house, page("row14", 10**6), senders.taken, caller)
    return row


def over_full_memory(house: House) -> Row:
    """The broker has less memory than it already uses: it takes nothing that could need more."""
    broker = connect(house.redis_url)
    with Witness(house) as witness:
        senders = Senders(house, "row14over")
        with _standing_still(house):
            _fill(house, "row14over", senders, 25)
            told: Any = broker.info("memory")
            limit: Any = broker.config_get("maxmemory")["maxmemory"]
            broker.config_set("maxmemory", int(told["used_memory"] * 0.8))
            witness.fault()
            with a_caller() as caller:
                knocked = caller.post(f"{house.url}/v1/pages", json=_heavy("row14over", 10**6 + 1))
            assert knocked.status_code == 429, knocked.text
            assert 1 <= float(knocked.headers["Retry-After"]) <= 60
        house.kill("enrich")
        try:
            row = judge(house, "14 the broker refuses to write", "row14over", senders.taken, witness, seconds=240)
        finally:
            broker.config_set("maxmemory", limit)
        with a_caller() as caller:
            post(house, page("row14over", 10**6), senders.taken, caller)
    return row


@contextmanager
def _standing_still(house: House) -> Iterator[None]:
    """The workers are stopped as long as the block runs."""
    stopped = [main for room in ROOMS if (main := house.main(room))] + house.pool()
    for process in stopped:
        kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            kill(process, signal.SIGCONT)


def _fill(house: House, source: str, senders: Senders, most: int) -> int:
    """Posts heavy pages; the status that is none of acceptance, or 202."""
    with a_caller() as caller:
        for number in range(most):
            answer = caller.post(f"{house.url}/v1/pages", json=_heavy(source, number))
            if answer.status_code != 202:
                assert 1 <= float(answer.headers["Retry-After"]) <= 60
                return answer.status_code
            senders.taken.note(answer.json())
    return 202


def _heavy(source: str, number: int) -> dict[str, Any]:
    """A page with metadata that nothing makes much smaller, and that no room reads."""
    dice = random.Random(number)
    return page(source, number, metadata={f"key{key}": dice.randbytes(2048).hex() for key in range(_KEYS)})
