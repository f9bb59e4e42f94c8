"""Rows 6 to 10: an index that is away or misbehaves."""

import signal
import time
from collections import Counter
from typing import Final

from tests.chaos import length
from tests.chaos.engine import Acknowledged, refusing, unreachable, well
from tests.chaos.house import House, until
from tests.chaos.report import Row
from tests.chaos.senders import Senders, a_caller, page, post, story
from tests.chaos.verdict import Broken, judge
from tests.chaos.witness import Witness
from tests.elasticsearch.server import Node
from tests.elasticsearch.stand_in import Rule, StandIn

_PROBE_SECONDS: Final = 5
_STRIKES: Final = ("crashed", "out-of-memory", "worker-lost")


def misbehaving(house: House, engine: StandIn, fault: str, source: str, rule: Rule, alarm: str | None = None) -> Row:
    """The engine answers by a rule for some seconds, then as it should; no page gets a strike for that.

    Args:
        house: on that engine.
        engine: what is told to misbehave.
        fault: in words.
        source: of the pages.
        rule: how it answers meanwhile.
        alarm: what readiness says meanwhile, where the whole lane stops.
    """
    counted = Acknowledged()
    strikes = _strikes(house)
    with Witness(house) as witness:
        with Senders(house, source) as senders:
            engine.rule = counted.around(rule)
            if alarm:
                until(lambda: alarm in _alarms(house), 60, f"readiness says {alarm}")
            time.sleep(length.of(short=6, long=60))
            witness.fault()
            engine.rule = counted.around(well)
            time.sleep(1)
        row = judge(house, fault, source, senders.taken, witness)
    if twice := counted.twice():
        raise Broken(row, {"written twice": twice})
    if struck := _strikes(house) - strikes:
        raise Broken(row, {"strikes": sorted(struck.items())})
    return row


def _strikes(house: House) -> Counter[str]:
    """Strikes against pages in the index room so far, by reason: what is away or busy gives none."""
    retried = house.direct().measures.read().retried
    return Counter({reason: n for (room, reason), n in retried.items() if room == "index" and reason in _STRIKES})


def _sent_back(house: House) -> int:
    """How often pages have had to wait for the index so far."""
    retried = house.direct().measures.read().retried
    return sum(n for (room, reason), n in retried.items() if room == "index" and reason not in _STRIKES)


def _alarms(house: House) -> str:
    """What readiness says that is not as it should be."""
    with house.client() as client:
        checks = client.get("/readyz").json()["checks"]
    return "\n".join(check["detail"] for check in checks if not check["ok"])


def away(house: House, engine: StandIn) -> tuple[Row, float, Senders]:
    """No answers for five minutes at full intake; the row, probes in five seconds, and what clients met."""
    with Witness(house) as witness:
        with Senders(house, "row6", clients=3, pause=0) as senders:
            engine.rule = unreachable
            before = len(engine.bulks())
            until(lambda: len(engine.bulks()) > before, 120, "the index is asked")
            until(lambda: 429 in senders.taken.refused, 120, "the line is full")
            until(lambda: len(engine.bulks()) > before + 3, 120, "the breaker has opened and lets probes through")
            before, begun = len(engine.bulks()), time.monotonic()
            time.sleep(length.of(short=12, long=300))
            asked = (len(engine.bulks()) - before) * _PROBE_SECONDS / (time.monotonic() - begun)
            witness.fault()
            engine.rule = well
            time.sleep(1)
        row = judge(house, "6 index away at full intake", "row6", senders.taken, witness)
    return row, asked, senders


def full_index_disk(house: House) -> Row:
    """The same for the embedded index: no room for its files."""
    assert house.machine is not None
    with Witness(house) as witness:
        with Senders(house, "row6b") as senders:
            before = _sent_back(house)
            house.machine.fill("index-full")
            until(lambda: _sent_back(house) > before, 60, "the index room cannot write")
            time.sleep(length.of(short=6, long=120))
            witness.fault()
            house.machine.free("index-full")
            time.sleep(1)
        return judge(house, "6 disk full under the embedded index", "row6b", senders.taken, witness)


def node_lost(house: House, node: Node, how: str) -> Row:
    """kill -9 of the real node, or SIGSTOP for a while."""
    with Witness(house) as witness:
        with Senders(house, f"row6{how}") as senders:
            time.sleep(1)
            if how == "killed":
                node.signal(signal.SIGKILL)
                time.sleep(length.of(short=1, long=30))
                node.start()
                witness.fault()
            else:
                node.signal(signal.SIGSTOP)
                time.sleep(length.of(short=12, long=300))
                witness.fault()
                node.signal(signal.SIGCONT)
            time.sleep(1)
        return judge(house, f"6 Elasticsearch node {how}", f"row6{how}", senders.taken, witness)


def refused_documents(house: House, engine: StandIn) -> Row:
    """The mapping refuses single documents."""
    engine.rule = refusing(b"unmappable")
    with Witness(house) as witness:
        with Senders(house, "row9") as senders, a_caller() as caller:
            texts = (f"Unmappable one\n\n{story(number)} It is unmappable." for number in range(3))
            items = [page("row9", 10**6 + number, content=text) for number, text in enumerate(texts)]
            bad = {post(house, item, senders.taken, caller)["id"] for item in items}
            witness.fault(len(bad))
            time.sleep(length.of(short=2, long=20))
        row = judge(house, "9 documents that the mapping refuses", "row9", senders.taken, witness, poison=bad)
    engine.rule = well
    return row
