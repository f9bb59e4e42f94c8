"""What the index that is kept refuses is never passed over: going back loses nothing, or is refused and says what."""

from collections.abc import Callable

import httpx
import pytest

from services.monitor.held_up import HeldUp
from shared.ledger.carried import DeadLetterFilter
from shared.models.rebuild import ENDED, Rebuild, RebuildKind
from shared.search.elasticsearch import ElasticsearchIndex
from shared.search.generations import Generation
from tests.elasticsearch.stand_in import Answer, Asked, StandIn
from tests.integration.elasticsearch.rooms import drained, waiting
from workers.index import room
from workers.runtime import Runtime

pytestmark = pytest.mark.elasticsearch


def asked(runtime: Runtime, kind: RebuildKind) -> Rebuild:
    """Asks for it, and works until it has ended."""
    assert runtime.ledger.rebuilds.ask(kind)
    for _ in range(300):
        room.index_room(runtime)
        told = runtime.ledger.rebuilds.last()
        if told is not None and told.state in ENDED:
            return told
    raise AssertionError(f"it goes on: {told}")


def kept(runtime: Runtime) -> Generation:
    shown = runtime.ledger.rebuilds.shown()
    assert shown is not None
    return next(each for each in shown.generations if each.role == "kept")


def spoiling(operator: httpx.Client, index: str, page_id: str) -> Callable[..., Answer]:
    """A rule under which one index refuses one document by its mapping: a word comes where it wants a number."""
    operator.put(f"/{index}/_mapping", json={"properties": {"odd": {"type": "long"}}}).raise_for_status()
    own = f"-write-{index[-6:]}/"

    def rule(asked: Asked, forward: Callable[..., Answer]) -> Answer:
        if "_bulk" not in asked.path or own not in asked.path:
            return forward()
        lines = asked.body.splitlines()
        wrong = [place + 1 for place, line in enumerate(lines) if f'"_id":"{page_id}"'.encode() in line]
        for place in wrong:
            lines[place] = lines[place].replace(b"{", b'{"odd":"word",', 1)
        return forward(b"\n".join(lines) + b"\n")

    return rule


def test_what_the_kept_index_alone_refuses_is_told_and_going_back_is_refused(
    runtime: Runtime, engine: StandIn, index: ElasticsearchIndex, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    waiting(runtime.ledger, "a", "b")
    drained(runtime)
    assert asked(runtime, "rebuild").state == "live"
    engine.rule = spoiling(operator, f"{elasticsearch_prefix}documents-000001", "c")
    waiting(runtime.ledger, "c", "d")
    drained(runtime)
    assert {name for name in "abcd" if index.get(name)} == {*"abcd"}
    trouble = kept(runtime).trouble or ""
    assert ("1 pages" in trouble, "(c)" in trouble, "document_parsing_exception" in trouble) == (True, True, True)
    assert "no rollback to" in (HeldUp(runtime.ledger, runtime.breaker).no_way_back() or "")
    refused = asked(runtime, "rollback")
    assert (refused.state, "(c)" in (refused.reason or "")) == ("refused", True)
    assert index.get("c") is not None

    runtime.ledger.forget(["c"])
    drained(runtime)
    assert asked(runtime, "rollback").state == "rolled-back"
    assert {name for name in "abcd" if index.get(name)} == {*"abd"}
    assert HeldUp(runtime.ledger, runtime.breaker).no_way_back() is None


def test_while_the_kept_index_is_closed_pages_wait_and_going_back_loses_none(
    runtime: Runtime, index: ElasticsearchIndex, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    waiting(runtime.ledger, "a")
    drained(runtime)
    assert asked(runtime, "rebuild").state == "live"
    name = f"{elasticsearch_prefix}documents-000001"
    operator.post(f"/{name}/_close").raise_for_status()
    waiting(runtime.ledger, "b")
    for _ in range(10):
        room.index_room(runtime)
    assert (runtime.ledger.counts().waiting, runtime.ledger.counts().dead) == (1, 0)
    told = HeldUp(runtime.ledger, runtime.breaker).told() or ""
    assert (f"generation {name} cannot be written to" in told, "the index is closed" in told) == (True, True)
    refused = asked(runtime, "rollback")
    assert (refused.state, "index_closed_exception" in (refused.reason or "")) == ("refused", True)
    operator.post(f"/{name}/_open?wait_for_active_shards=1").raise_for_status()
    drained(runtime)
    assert asked(runtime, "rollback").state == "rolled-back"
    assert (index.get("a") is None, index.get("b") is None) == (False, False)


def test_a_kept_index_that_stays_closed_is_given_up_and_pages_go_on(
    runtime: Runtime, index: ElasticsearchIndex, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    waiting(runtime.ledger, "a")
    drained(runtime)
    assert asked(runtime, "rebuild").state == "live"
    operator.post(f"/{elasticsearch_prefix}documents-000001/_close").raise_for_status()
    waiting(runtime.ledger, "b")
    room.index_room(runtime)
    assert asked(runtime, "retire").state == "retired"
    drained(runtime)
    assert index.get("b") is not None


def test_what_the_index_that_is_built_refuses_once_it_is_full_is_told_as_rejected(
    runtime: Runtime, engine: StandIn, index: ElasticsearchIndex, operator: httpx.Client, elasticsearch_prefix: str
) -> None:
    waiting(runtime.ledger, "a")
    drained(runtime)
    runtime.ledger.rebuilds.ask("rebuild")
    rebuilding = room._desks[0].rebuilding
    while (told := runtime.ledger.rebuilds.last()) is not None and told.state != "checking":
        rebuilding.slice()
    engine.rule = spoiling(operator, f"{elasticsearch_prefix}documents-000002", "b")
    waiting(runtime.ledger, "b", "c")
    drained(runtime)
    for _ in range(300):
        room.index_room(runtime)
        told = runtime.ledger.rebuilds.last()
        if told is not None and told.state in ENDED:
            break
    assert told is not None
    assert (told.state, told.rejected, told.comparison.unexplained) == ("live", {"index-refused": 1}, 0)
    assert (index.get("b"), index.get("c") is None) == (None, False)
    assert runtime.ledger.dead_letters.members(DeadLetterFilter()) == []
