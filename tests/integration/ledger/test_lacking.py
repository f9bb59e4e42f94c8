"""What a kept index refused is noted as long as that index is there."""

import pytest
import redis

from shared.ledger.ledger import Ledger
from shared.settings import Settings


@pytest.fixture
def ledger(valkey: redis.Redis) -> Ledger:
    return Ledger(valkey, Settings())


def test_what_is_noted_of_one_index_is_no_other_s_and_is_forgotten_with_it(ledger: Ledger) -> None:
    ledger.lacking.note("one", {"a": "because", "b": "x" * 1000})
    ledger.lacking.note("one", {"a": "because of another word"})
    ledger.lacking.note("two", {"c": "because"})
    assert ledger.lacking.of("one") == {"a": "because of another word", "b": "x" * 200}
    ledger.lacking.forget("one")
    assert (ledger.lacking.of("one"), ledger.lacking.of("two")) == ({}, {"c": "because"})


def test_of_a_thousand_pages_and_more_it_is_known_that_some_may_be_left_out(ledger: Ledger) -> None:
    ledger.lacking.note("one", {f"p{n}": "because" for n in range(999)})
    assert not ledger.lacking.is_full(ledger.lacking.of("one"))
    ledger.lacking.note("one", {f"q{n}": "because" for n in range(9)})
    noted = ledger.lacking.of("one")
    assert (len(noted), ledger.lacking.is_full(noted)) == (1000, True)
