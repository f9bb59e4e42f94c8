"""Which index the pages of a ledger go to."""

from pathlib import Path

import redis

from shared.clients import index_home
from shared.ledger.home import Home
from shared.ledger.ledger import Ledger
from shared.settings import Settings

HERE, THERE = Home("1", "/a on one"), Home("2", "/b on two")


def test_an_index_is_claimed_until_its_worker_renews_it_no_more(ledger: Ledger, valkey: redis.Redis) -> None:
    assert ledger.homes.last() is None
    assert ledger.homes.claim(HERE) is None
    assert ledger.homes.claim(THERE) == HERE.where
    assert ledger.homes.claim(HERE) is None
    valkey.hincrby("pm:home", "at", -30_000)
    assert ledger.homes.last() == HERE, "what was last is known for good"
    assert ledger.homes.claim(THERE) is None
    assert (ledger.homes.claim(HERE), ledger.homes.last()) == (THERE.where, THERE)


def test_a_claim_that_is_renewed_often_is_seldom_written(ledger: Ledger, valkey: redis.Redis) -> None:
    ledger.homes.claim(HERE)
    before = valkey.hget("pm:home", "at")
    ledger.homes.claim(HERE)
    assert valkey.hget("pm:home", "at") == before
    valkey.hincrby("pm:home", "at", -11_000)
    ledger.homes.claim(HERE)
    assert int(valkey.hget("pm:home", "at") or 0) >= int(before or 0)


def test_an_index_is_the_same_for_all_who_see_its_folder(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    assert index_home(settings) is None
    made = index_home(settings, make=True)
    assert made is not None
    assert index_home(settings) == index_home(settings, make=True) == made
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["identity"]
