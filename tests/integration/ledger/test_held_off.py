"""The note that keeps new pages out while the search engine is strained."""

import redis

from shared.ledger.carried import Offer
from shared.ledger.ledger import Ledger


def offer(name: str, key: str = "k") -> Offer:
    return Offer(id=name, frame=b"x", content_key=key)


def test_while_it_stands_no_new_page_is_taken_and_known_ones_are_answered(ledger: Ledger) -> None:
    first = ledger.accept([offer("a")])
    ledger.hold_off("the disk is full", 60)
    assert ledger.held_off() == "the disk is full"
    again = ledger.accept([offer("a"), offer("b"), offer("c")])
    assert [(one.id, one.status) for one in again] == [("a", "duplicate")]
    assert again[0].version == first[0].version
    ledger.let_in()
    assert ledger.held_off() is None
    assert [one.status for one in ledger.accept([offer("b")])] == ["accepted"]


def test_it_is_void_when_nobody_renews_it(ledger: Ledger, valkey: redis.Redis) -> None:
    ledger.hold_off("the disk is full", 60)
    assert 0 < valkey.ttl("pm:hold") <= 60


def test_what_was_taken_in_before_walks_on(ledger: Ledger) -> None:
    ledger.accept([offer("a")])
    ledger.hold_off("the disk is full", 60)
    assert [lease.id for lease in ledger.take("clean", 10)] == ["a"]
    assert ledger.counts().balanced
