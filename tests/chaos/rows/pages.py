"""Rows 11, 12 and 13: pages that bring down what works on them, that come often, and that arrive out of order."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.chaos import length
from tests.chaos.hangs import Hangs
from tests.chaos.house import House, until
from tests.chaos.report import Row
from tests.chaos.senders import Senders, a_caller, page, post, story
from tests.chaos.verdict import Broken, judge
from tests.chaos.witness import Witness

_TRAPS = ("RAISE", "HANG", "DEAF", "KILL", "MEMORY", "RECURSE", "INDEXKILL")
_TRIES = 5
"""Two beside others and three alone."""


def poison(house: House) -> tuple[Row, list[dict[str, Any]]]:
    """Pages that hang, kill, use up memory or stack, nest deep, or are one endless word; and their neighbours."""
    hostile = [page("row11", 10**6 + number, content=f"{trap} {story(number)}") for number, trap in enumerate(_TRAPS)]
    deep = "<div>" * 100_000 + "the middle" + "</div>" * 100_000
    hostile.append(page("row11", 10**6 + 50, content=deep, content_type="text/html"))
    hostile.append(page("row11", 10**6 + 51, content="a" * 10_000_000))
    hangs = Hangs(house)
    with Witness(house) as witness:
        with Senders(house, "row11", clients=1, pause=0.1) as senders, a_caller() as caller:
            bad = {post(house, item, senders.taken, caller)["id"] for item in hostile}
            witness.fault(len(hostile))
            time.sleep(2)
        _see_them_ended(house, hangs)
        row = judge(house, "11 poison pages", "row11", senders.taken, witness, poison=bad, seconds=300)
    return row, house.get("/v1/dead-letters", source="row11", size=100)["items"]


def _see_them_ended(house: House, hangs: Hangs) -> None:
    """Looks until no page is under way: whether a page is tried in vain in time is hidden once all have ended."""
    ledger = house.direct()

    def over() -> bool:
        hangs.look()
        counts = ledger.counts()
        return not counts.waiting + counts.working

    until(over, 300, "poison pages end")
    rooms = {hang.room for hang in hangs.seen.values()}
    assert rooms == {"clean", "solo"}, "one hangs beside others and alone"


def all_at_once(house: House) -> Row:
    """One page a hundred times at once, and once more by a client that lost the reply."""
    item = page("row12", 0)
    with Witness(house) as witness:
        senders = Senders(house, "row12")
        with a_caller() as caller, ThreadPoolExecutor(50) as pool:
            list(pool.map(lambda _: post(house, item, senders.taken, caller), range(100)))
            witness.fault()
            post(house, item, senders.taken, caller)
        row = judge(house, "12 one page a hundred times at once", "row12", senders.taken, witness)
    assert sorted(set(senders.taken.statuses)) == ["accepted", "duplicate"]
    assert senders.taken.statuses.count("accepted") == len(senders.taken.versions) == 1
    return row


def reversed_versions(house: House) -> Row:
    """An older version of a page is held up, and a newer one goes past it."""
    with Witness(house) as witness:
        senders = Senders(house, "row13")
        with a_caller() as caller:
            for number in range(int(length.of(short=4, long=40))):
                older = page("row13", number, content=f"SLOW {story(number, 'older')}")
                newer = page("row13", number, content=story(number, "newer"))
                for item, hour in ((older, 1), (newer, 2)):
                    post(house, {**item, "fetched_at": f"2025-03-02T0{hour}:00:00Z"}, senders.taken, caller)
                witness.fault()
        row = judge(house, "13 two versions, arriving reversed", "row13", senders.taken, witness)
        texts = [house.get(f"/v1/documents/{page_id}")["text"] for page_id in senders.taken.ids]
    if stale := [text for text in texts if "older" in text]:
        raise Broken(row, {"an older version stands": stale})
    return row
