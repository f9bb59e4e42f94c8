"""Row 2, where no note tells of it: a worker of another machine is gone for longer than its lease."""

import signal
import time
from typing import Final, Literal, NamedTuple

import httpx
import psutil

from tests.chaos.house import LEASE_SECONDS, House, kill, until
from tests.chaos.report import Row
from tests.chaos.rows.deploying import has_worked, worker_of
from tests.chaos.rows.killing import running
from tests.chaos.senders import Senders, Taken, a_caller, page, post, story
from tests.chaos.traps import SIGNED_SECONDS
from tests.chaos.verdict import Broken, judge
from tests.chaos.witness import Witness

AFAR: Final[dict[str, object]] = {"clean_workers": 1, "clean_batch": 1, "page_seconds": 30}
"""Of a house for this row: one page in each hand, which outlives its lease without being ended for its time."""
_AGAIN_SECONDS: Final = 2.0
"""After a lease has run out its page is taken again."""
_LATE_SECONDS: Final = 2.0
"""What a busy machine may take beside that."""
Gone = Literal["killed", "stopped"]


class Hand(NamedTuple):
    """A page that a process has begun, and when by the monotonic clock."""

    page: str
    pid: int
    since: float


def outlived_lease(house: House, gone: Gone) -> Row:
    """A worker is killed, or stopped and let go on once another has its page; what it makes then counts for nothing.

    Args:
        house: with `AFAR`, traps in its source, and faults of the machine.
        gone: how the worker goes.
    """
    source = f"row2{gone}"
    with Witness(house) as witness:
        senders, elsewhere = Senders(house, source), house.folder / "elsewhere"
        with a_caller() as caller, worker_of(house, house.root, "clean", elsewhere) as far:
            everybody = psutil.Process(far.pid)
            first = _in_hand_of(everybody, house, source, senders.taken, caller)
            for process in (everybody, *everybody.children()):
                kill(process, signal.SIGKILL if gone == "killed" else signal.SIGSTOP)
            witness.fault()
            second = _taken_again(house, first)
            if gone == "stopped":
                _go_on(everybody, house, second)
        row = judge(house, f"2 a worker afar is {gone} past its lease", source, senders.taken, witness)
    return _fenced(house, row, first, second)


def _in_hand_of(worker: psutil.Process, house: House, source: str, taken: Taken, caller: httpx.Client) -> Hand:
    """Posts a page while the house's own worker stands still, and waits until this one has begun it."""
    own = running(house, "clean")
    kill(own, signal.SIGSTOP)
    try:
        told = post(house, page(source, 0, content=f"SIGNED {story(0, source)}"), taken, caller)
        until(lambda: bool(_hands(house, told["id"])), 90, "the page is begun")
    finally:
        kill(own, signal.SIGCONT)
    hand = _hands(house, told["id"])[0]
    assert hand.pid in {child.pid for child in worker.children()}
    return hand


def _taken_again(house: House, first: Hand) -> Hand:
    """Waits until another process has begun the page."""
    until(lambda: len(_hands(house, first.page)) > 1, 10 * LEASE_SECONDS, "the page is taken again")
    return _hands(house, first.page)[1]


def _go_on(worker: psutil.Process, house: House, second: Hand) -> None:
    """Lets it go on, and waits until it has handed on what it had, while the page is in the other hand."""
    for process in (*worker.children(), worker):
        kill(process, signal.SIGCONT)
    until(lambda: has_worked(house, "clean"), 30, "it hands its page on")
    assert time.monotonic() - second.since < SIGNED_SECONDS, "it came too late for this row to tell anything"


def _fenced(house: House, row: Row, first: Hand, second: Hand) -> Row:
    waited = second.since - first.since
    if waited > LEASE_SECONDS + _AGAIN_SECONDS + _LATE_SECONDS:
        raise Broken(row, {"taken again too late": [f"after {waited:.1f} s"]})
    title = house.get(f"/v1/documents/{first.page}")["title"]
    if title != f"Cleaned by {second.pid}":
        raise Broken(row, {"an outdated lease wrote": [title]})
    return row


def _hands(house: House, page_id: str) -> list[Hand]:
    """The processes that have begun this page, in their order."""
    assert house.machine is not None
    noted = [(name.rsplit(".", 1), since) for name, since in house.machine.noted("signed").items()]
    hands = [Hand(begun, int(pid), since) for (begun, pid), since in noted if begun == page_id]
    return sorted(hands, key=lambda hand: hand.since)
