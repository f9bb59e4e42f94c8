"""What is asserted after every fault, by page id."""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import httpx

from shared.errors import DependencyUnavailable
from tests.chaos.house import House
from tests.chaos.report import Row
from tests.chaos.senders import Taken
from tests.chaos.witness import Witness


class StillWalking(AssertionError):
    """Pages are stuck."""


class HangsOn(AssertionError):
    """A page has had a process for longer than any page may, or nothing has come in the place of that process."""


class Broken(AssertionError):
    """A promise was not kept; `wrongs` names each with some examples."""

    def __init__(self, row: Row, wrongs: Mapping[str, Sequence[object]], logs: str = "") -> None:
        super().__init__(f"{dict(wrongs)} {row}\n{logs}")
        self.wrongs = wrongs


class Found(NamedTuple):
    """Where the pages of a source are."""

    indexed: set[str]
    dead: set[str]
    dropped: set[str]
    doubled: list[str]
    """Documents that are there twice, and lines of the log of writes that are."""


def wait_until_done(house: House, seconds: float = 150.0) -> None:
    """Until nothing waits or is leased."""
    ledger = house.direct()
    until = time.monotonic() + seconds
    counts = None
    while time.monotonic() < until:
        with suppress(DependencyUnavailable):
            counts = ledger.counts()
            if not counts.waiting + counts.working:
                return
        time.sleep(0.1)
    raise StillWalking(f"{counts}\n{house.logs()}")


def find(house: House, source: str, accepted: Collection[str]) -> Found:
    """Asks the index, the dead letters, the receipts and the log of writes."""
    hits = _indexed(house, source)
    indexed = set(hits)
    twice = [page for page, times in Counter(hits).items() if times > 1]
    dead = {letter["id"] for letter in _letters(house, source)}
    missing = set(accepted) - indexed - dead
    dropped = {page for page in missing if _state(house, page) == "dropped"}
    return Found(indexed, dead, dropped, twice + _doubled(house, accepted))


def judge(
    house: House,
    fault: str,
    source: str,
    taken: Taken,
    witness: Witness,
    *,
    poison: Collection[str] = (),
    seconds: float = 150.0,
    faults: int = 1,
) -> Row:
    """Waits until all has ended and asserts; the row for the table.

    Args:
        house: what was damaged.
        fault: in words.
        source: of the pages.
        taken: what clients were promised.
        witness: who has looked at the ledger meanwhile.
        poison: ids of pages that may die.
        seconds: how long pages may take to come to their end.
        faults: how many there have to have been at least, for the row to tell anything.

    Raises:
        StillWalking, Broken: the promise was not kept.
    """
    wait_until_done(house, seconds)
    found = find(house, source, taken.ids)
    lost = taken.ids - found.indexed - found.dead - found.dropped
    row = Row(
        fault=fault,
        times=len(witness.faults),
        accepted=len(taken.ids),
        indexed=len(found.indexed),
        dead=len(found.dead),
        dropped=len(found.dropped),
        lost=len(lost),
        doubled=len(found.doubled),
        slowest=round(witness.slowest_recovery(), 1),
    )
    wrongs: dict[str, Sequence[object]] = {
        "lost": sorted(lost),
        "promised to nobody": sorted((found.indexed | found.dead | found.dropped) - taken.ids),
        "written twice": found.doubled,
        "unbalanced": witness.unbalanced,
        "healthy and dead": sorted(found.dead - set(poison)),
        "indexed and dead": sorted(found.indexed & found.dead),
        "too few faults": [row.times] if row.times < faults else [],
        "nobody looked": [] if witness.samples else ["at the ledger"],
    }
    if told := {name: some[:5] for name, some in wrongs.items() if some}:
        raise Broken(row, told, house.logs())
    return row


def _state(house: House, page: str) -> str:
    """What its receipt says; a page without a receipt that can be read is one that is lost."""
    with suppress(httpx.HTTPStatusError):
        if receipt := house.get(f"/v1/pages/{page}"):
            return str(receipt["state"])
    return "unknown"


def _indexed(house: House, source: str) -> list[str]:
    asked: dict[str, Any] = {"source": source, "size": 100, "snippet": "false", "sort": "indexed"}
    answer = house.get("/v1/search", **asked)
    found = [hit["id"] for hit in answer["hits"]]
    while answer["next"]:
        answer = house.get("/v1/search", **asked, cursor=answer["next"])
        found += [hit["id"] for hit in answer["hits"]]
    return found


def _letters(house: House, source: str) -> list[dict[str, Any]]:
    letters: list[dict[str, Any]] = house.get("/v1/dead-letters", source=source, size=1000)["items"]
    return letters


def _doubled(house: House, accepted: Collection[str]) -> list[str]:
    """Lines of the log that are there more than once: the same version and revision of a document, written again."""
    if not house.writes_file.exists():
        return []
    lines = Counter(house.writes_file.read_text().splitlines())
    return [line for line, times in lines.items() if times > 1 and line.split(" ")[0] in accepted]
