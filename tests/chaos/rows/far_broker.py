"""Rows 5 and 19: a broker that cannot be reached, and answers that are lost on the way."""

import statistics
import time
from collections.abc import Callable
from contextlib import suppress

import httpx

from tests.chaos import length
from tests.chaos.broker import Broker
from tests.chaos.house import House, until
from tests.chaos.report import Row
from tests.chaos.senders import Senders, Taken, a_caller, page, post
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness

CUTS: dict[str, tuple[Callable[[Broker], None], Callable[[Broker], None]]] = {
    "refused": (lambda line: line.be("refused"), lambda line: line.be("open")),
    "black-holed": (lambda line: line.be("black hole"), lambda line: line.be("open")),
    "reset": (lambda line: line.be("reset"), lambda line: line.be("open")),
    "paused": (Broker.pause, Broker.go_on),
}


_SLOWEST = 10.0
"""Seconds for any post at all: three times what is promised, and less than a client waits."""


def cut_off(house: House, line: Broker, how: str) -> Row:
    """The broker cannot be reached for a while; the door says so, and then work goes on."""
    begin, end = CUTS[how]
    source = f"row5{how.replace('-', '')}"
    with Witness(house) as witness:
        with Senders(house, source, clients=4) as senders:
            time.sleep(1)
            begin(line)
            until(lambda: 503 in senders.taken.refused, 30, "the door says 503")
            time.sleep(length.of(short=4, long=60))
            end(line)
            witness.fault()
            time.sleep(2)
        row = judge(house, f"5 broker {how}", source, senders.taken, witness)
    assert set(senders.taken.refused) == {503}
    most = statistics.quantiles(senders.taken.times, n=4)[-1]
    assert most < 3, "whoever comes while another waits for the broker does not wait after it as well"
    slowest = max(senders.taken.times)
    assert slowest < _SLOWEST, "on a busy machine one may be late; none is left without an answer"
    return row


def lost_answers(house: House, line: Broker) -> Row:
    """The ledger has a page and the ingest process ends before it knows; its client repeats."""
    taken = Taken()
    with Witness(house) as witness, a_caller() as caller:
        post(house, page("row19", 0), Taken(), caller)
        taken.ids.add(post(house, page("row19", 0), Taken(), caller)["id"])
        for number in range(1, 1 + int(length.of(short=2, long=20))):
            item = page("row19", number)
            line.deaf_after(item["url"].encode())
            with suppress(httpx.HTTPError):
                caller.post(f"{house.url}/v1/pages", json=item, timeout=1)
            until(lambda: line.deaf, 10, "the ledger is told of it")
            time.sleep(0.5)  # and has saved it
            house.kill("services")
            witness.fault()
            line.be("open")
            post(house, item, taken, caller)
        row = judge(house, "19 ingest killed between fsync and reply", "row19", taken, witness)
    assert set(taken.statuses) == {"duplicate"}
    return row
