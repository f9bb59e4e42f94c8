"""Given pages of a site, then what different stories share becomes its own, and nothing else does."""

import random
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import DependencyUnavailable
from shared.ledger.connection import connect
from shared.sites import NO_BLOCKS, SiteBlocks, Sites, block_id
from shared.sites.blocks import Sighting, blocks_of
from shared.sites.known import KnownSites
from shared.sites.policy import Policy

FRIENDS = "The Daily Example has been read by the friends of the harbour since it was built."
SITE = "example.com"
POLICY = Policy(stories=4, share=0.3, days=30, sites=20)


@pytest.fixture
def sites(valkey: redis.Redis) -> Sites:
    return Sites(valkey, "pm:", POLICY)


def sighting(number: int, *more: str, story: str | None = None, site: str = SITE, page: str | None = None) -> Sighting:
    """A page of its own words, and more."""
    own = f"What page {number} alone says."
    return Sighting(site, page or f"page{number}", story or f"page{number}", blocks_of([own, *more]))


def known(sites: Sites, site: str = SITE) -> frozenset[str]:
    return sites.known([site])[site].ids


def test_a_block_of_enough_different_stories_is_the_sites_own(sites: Sites) -> None:
    learnt = [sites.learn([sighting(number, FRIENDS)]) for number in range(5)]
    assert learnt == [0, 0, 0, 1, 0]
    assert known(sites) == {block_id(FRIENDS)}
    told = sites.memory(SITE)
    assert told.stories == 5
    assert [(block.text, block.stories, block.share, block.kept) for block in told.blocks] == [(FRIENDS, 5, 1, False)]


def test_one_batch_teaches_as_much_as_many(sites: Sites) -> None:
    assert sites.learn([sighting(number, FRIENDS) for number in range(4)]) == 1
    assert sites.memory(SITE).blocks[0].text == FRIENDS


def test_versions_of_one_page_teach_once(sites: Sites) -> None:
    sites.learn([sighting(number, FRIENDS, page="page") for number in range(9)])
    assert known(sites) == set()


def test_a_syndicated_story_is_one_story_at_however_many_addresses_it_stands(sites: Sites) -> None:
    sites.learn([sighting(number, FRIENDS, story="first") for number in range(9)])
    sites.learn([sighting(number) for number in range(20, 24)])
    sites.learn([sighting(number, FRIENDS, story="first") for number in range(30, 39)])
    assert known(sites) == set()


def test_near_copies_of_a_page_that_told_its_own_story_teach_nothing_more(sites: Sites) -> None:
    sites.learn([sighting(0, FRIENDS)])
    sites.learn([sighting(number, FRIENDS, story="page0") for number in range(1, 9)])
    assert known(sites) == set()


def test_pages_of_other_sites_do_not_count(sites: Sites) -> None:
    sites.learn([sighting(number, FRIENDS, site=f"site{number}.example") for number in range(9)])
    assert all(not known(sites, f"site{number}.example") for number in range(9))


def test_what_few_of_a_sites_stories_share_stays_theirs(sites: Sites) -> None:
    for number in range(40):
        sites.learn([sighting(number, *([FRIENDS] if number % 8 == 0 else []))])
    assert known(sites) == set()


def test_on_a_site_that_is_known_for_long_a_run_of_stories_about_one_event_teaches_nothing(sites: Sites) -> None:
    sites.learn([sighting(number) for number in range(200)])
    sites.learn([sighting(number, FRIENDS) for number in range(300, 315)])
    assert known(sites) == set()
    sites.learn([sighting(315, FRIENDS)])
    assert known(sites) == {block_id(FRIENDS)}


def test_a_page_that_is_cleaned_twice_teaches_once(sites: Sites, valkey: redis.Redis) -> None:
    batch = [sighting(number, FRIENDS) for number in range(3)]
    for _ in range(4):
        sites.learn(batch)
    assert known(sites) == set()
    assert valkey.hget("pm:sites:stories", SITE) == b"3"


def test_what_the_site_says_no_more_is_forgotten(sites: Sites) -> None:
    sites.learn([sighting(number, FRIENDS) for number in range(4)])
    sites.learn([sighting(number) for number in range(10, 40)])
    assert known(sites) == set()
    assert sites.figures().forgotten == 1


def test_what_is_left_out_and_still_there_is_not_forgotten(sites: Sites) -> None:
    sites.learn([sighting(number, FRIENDS) for number in range(4)])
    for number in range(10, 260, 10):
        without = [sighting(each)._replace(dropped=(block_id(FRIENDS),)) for each in range(number, number + 10)]
        sites.learn(without)
    assert known(sites) == {block_id(FRIENDS)}
    assert sites.memory(SITE).blocks[0].stories == 254


def test_a_kept_block_is_not_dropped_and_stays_kept_when_it_is_learnt_anew(sites: Sites) -> None:
    block = block_id(FRIENDS)
    assert sites.keep(SITE, block) is None
    sites.learn([sighting(number, FRIENDS) for number in range(4)])
    assert (sites.keep(SITE, block), sites.keep(SITE, block)) == (True, False)
    assert known(sites) == set()
    sites.learn([sighting(number) for number in range(10, 40)])
    gone = sites.memory(SITE).blocks
    assert [(each.text, each.kept, each.stories) for each in gone] == [(FRIENDS, True, 0)]
    sites.learn([sighting(number, FRIENDS) for number in range(50, 90)])
    assert known(sites) == set()
    assert (sites.unkeep(SITE, block), sites.unkeep(SITE, block)) == (True, False)
    assert known(sites) == {block}


def test_sites_beyond_the_limit_push_out_those_quiet_longest_but_not_what_was_kept(
    sites: Sites, valkey: redis.Redis
) -> None:
    sites.learn([sighting(number, FRIENDS) for number in range(4)])
    sites.keep(SITE, block_id(FRIENDS))
    for number in range(POLICY.sites):
        sites.learn([sighting(0, site=f"site{number}.example")])
    assert {each.site for each in sites.summaries(100)} == {f"site{n}.example" for n in range(POLICY.sites)}
    assert sorted(valkey.keys(f"pm:sites:*:{SITE}")) == [f"pm:sites:kept:{SITE}".encode()]
    assert sites.memory(SITE).blocks[0].kept


def test_a_site_unseen_for_long_is_forgotten(valkey: redis.Redis) -> None:
    short = Sites(valkey, "pm:", POLICY._replace(days=1e-9))
    short.learn([sighting(number, FRIENDS) for number in range(4)])
    short.learn([sighting(0, site="other.example")])
    assert SITE not in [each.site for each in short.summaries(100)]
    assert known(short) == set()


def test_many_workers_at_once_count_each_story_once(valkey: redis.Redis, sites: Sites, valkey_url: str) -> None:
    batches = [[sighting(number, FRIENDS)] for number in range(40)] * 3
    random.Random(1).shuffle(batches)

    def work(batch: list[Sighting]) -> int:
        client = connect(valkey_url)
        try:
            return Sites(client, "pm:", POLICY).learn(batch)
        finally:
            client.close()

    with ThreadPoolExecutor(8) as workers:
        assert sum(workers.map(work, batches)) == 1
    assert sites.memory(SITE).blocks[0].stories == 40
    assert valkey.hget("pm:sites:stories", SITE) == b"40"


texts = st.lists(st.integers(0, 2000).map("Sentence number {} of all that is said.".format), max_size=90)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 300), texts), max_size=60))
def test_whatever_pages_say_memory_is_bounded_and_saying_it_again_changes_nothing(
    valkey: redis.Redis, pages: list[tuple[int, int, list[str]]]
) -> None:
    valkey.flushdb()
    sites = Sites(valkey, "pm:", POLICY)
    seen = [Sighting(f"site{site}", f"page{page}", f"page{page}", blocks_of(said)) for site, page, said in pages]
    sites.learn(seen)
    assert valkey.zcard("pm:sites:order") <= POLICY.sites
    for key in valkey.scan_iter("pm:sites:*:*"):
        name = key.split(b":")[2]
        if name == b"candidates":
            assert valkey.strlen(key) <= 4000
        else:
            assert valkey.hlen(key) <= {b"seen": 400, b"blocks": 200, b"texts": 200}[name]
    before = {each.site: known(sites, each.site) for each in sites.summaries(100)}
    sites.learn([each for each in seen if each.site in before])
    assert {site: known(sites, site) for site in before} == before


def test_a_thousand_stories_of_one_site_take_no_more_than_is_said(sites: Sites, valkey: redis.Redis) -> None:
    for number in range(0, 1000, 10):
        batch = [
            sighting(each, *(f"{each} says {n} more." for n in range(50)), *(f"All say {n}." for n in range(8)))
            for each in range(number, number + 10)
        ]
        sites.learn(batch)
    keys = list(valkey.scan_iter(f"pm:sites:*:{SITE}"))
    assert sum(valkey.memory_usage(key) or 0 for key in keys) < 60 * 1024


def test_at_redis_s_memory_limit_nothing_is_learnt_and_what_is_known_is_told(sites: Sites, valkey: redis.Redis) -> None:
    sites.learn([sighting(number, FRIENDS) for number in range(4)])
    valkey.config_set("maxmemory", 1)
    try:
        with pytest.raises(DependencyUnavailable):
            sites.learn([sighting(9, FRIENDS)])
        assert known(sites) == {block_id(FRIENDS)}
    finally:
        valkey.config_set("maxmemory", 0)
    assert sites.memory(SITE).blocks[0].stories == 4


def test_of_a_page_of_many_blocks_both_ends_are_learnt_from(sites: Sites) -> None:
    for number in range(4):
        own = [f"Page {number} says {place} in its middle." for place in range(500)]
        blocks = blocks_of(["All pages begin so, as they always have.", *own, FRIENDS])
        assert len(blocks) == 60
        sites.learn([Sighting(SITE, f"page{number}", f"page{number}", blocks)])
    assert {block.text for block in sites.memory(SITE).blocks} == {"All pages begin so, as they always have.", FRIENDS}


def test_while_redis_is_away_nothing_is_known_and_nobody_is_told_of_it() -> None:
    away = Sites(connect("redis://127.0.0.1:1/0"), "pm:", POLICY)
    assert KnownSites(away.known).of({SITE, None}) == {SITE: NO_BLOCKS}
    with pytest.raises(DependencyUnavailable):
        away.learn([sighting(0)])


def test_what_was_known_holds_while_redis_is_away_and_is_asked_for_again_after_some_seconds(sites: Sites) -> None:
    sites.learn([sighting(number, FRIENDS) for number in range(4)])
    asked: list[list[str]] = []
    well, now = [True], [0.0]

    def ask(wanted: Collection[str]) -> dict[str, SiteBlocks]:
        asked.append(sorted(wanted))
        if not well[0]:
            raise DependencyUnavailable("sites", "away")
        return sites.known(wanted)

    held = KnownSites(ask, clock=lambda: now[0])
    first = held.of([SITE])
    assert first[SITE].ids == {block_id(FRIENDS)}
    assert held.of([SITE, SITE, None]) == first
    assert asked == [[SITE]]
    now[0], well[0] = 6.0, False
    assert held.of([SITE]) == first
    assert asked == [[SITE], [SITE]]
