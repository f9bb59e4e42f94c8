"""Hypothesis walks pages through the real ledger in any order it likes, and a plain model says what must be true."""

import os
from collections import Counter
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from shared.ledger.carried import DeadLetterFilter, Done, Leased, Offer
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.models.receipt import Room
from shared.settings import Settings

IDS = [f"page-{n}" for n in range(4)]
NEXT: dict[str, Room] = {"clean": "enrich", "enrich": "index"}
Key = tuple[str, int]


class LedgerStates(RuleBasedStateMachine):
    """What the model knows of each accepted version: `open`, or how it ended."""

    url = ""
    leases = Bundle("leases")

    @initialize()
    def empty(self) -> None:
        self.client = connect(self.url)
        self.client.flushall()
        self.ledger = Ledger(self.client, Settings(shared_tries=2, solo_tries=2, line_max_pages=12))
        self.state: dict[Key, str] = {}
        self.deleted: dict[str, int] = {}
        self.bodies: dict[Key, bytes] = {}
        self.came_by: dict[Key, tuple[str, str]] = {}

    def teardown(self) -> None:
        if hasattr(self, "client"):
            self.client.close()

    @rule(
        page_id=st.sampled_from(IDS),
        content=st.sampled_from(["a", "b", "c"]),
        fetched=st.none() | st.integers(min_value=1_700_000_000_000_000, max_value=1_700_000_000_000_004),
        api_key=st.sampled_from(["", "one", "two"]),
        source=st.sampled_from(["s", "t"]),
    )
    def post(self, page_id: str, content: str, fetched: int | None, api_key: str, source: str) -> None:
        offer = Offer(
            id=page_id, frame=content.encode(), content_key=content, fetched_us=fetched, source=source, api_key=api_key
        )
        full = self.pages_open() >= 12 + self.more_for(api_key, source)
        answers = self.ledger.accept([offer])
        if not answers:
            assert full
            return
        (answer,) = answers
        key = (page_id, answer.version)
        if answer.status == "accepted":
            assert key not in self.state, "a version is given once"
            assert not full
            assert answer.version > self.deleted.get(page_id, 0)
            live = [v for (i, v), s in self.state.items() if i == page_id and s in {"open", "searchable"}]
            assert all(answer.version > v for v in live), "newer than whatever is live"
            self.state[key] = "open"
            self.bodies[key] = content.encode()
            self.came_by[key] = (api_key, source)
        elif answer.status in {"duplicate", "unchanged"}:
            assert self.state[key] in {"open", "searchable"}
            assert self.bodies[key] == content.encode()

    @rule(target=leases, room=st.sampled_from(["clean", "enrich", "index", "solo"]), most=st.integers(1, 3))
    def take(self, room: Room, most: int) -> Any:
        taken = self.ledger.take(room, most)
        for lease in taken:
            assert self.state[lease.id, lease.version] == "open"
            if lease.stage == "clean":
                assert lease.frame == self.bodies[lease.id, lease.version]
        return multiple(*((room, lease) for lease in taken))

    @rule(held=leases)
    def advance(self, held: tuple[Room, Leased]) -> None:
        lease = held[1]
        if lease.stage in NEXT:
            self.ledger.advance([Done(lease=lease, frame=b"made", ms=1)], NEXT[lease.stage])

    @rule(held=leases, superseded=st.booleans())
    def finish(self, held: tuple[Room, Leased], superseded: bool) -> None:
        room, lease = held
        if room == "index":
            done = Done(lease=lease, ms=1, dropped_for="superseded" if superseded else None)
            if self.ledger.finish([done]):
                self.end(lease, "dropped" if superseded else "searchable")

    @rule(held=leases)
    def reject(self, held: tuple[Room, Leased]) -> None:
        if self.ledger.reject(held[1], reason="empty", detail="nothing in it"):
            self.end(held[1], "dead")

    @rule(held=consumes(leases))
    def strike(self, held: tuple[Room, Leased]) -> None:
        room, lease = held
        last = {"solo": 2, "index": 4}.get(room)
        if self.ledger.strike([lease], reason="crashed", detail="ours") and last and lease.strikes + 1 >= last:
            self.end(lease, "dead")

    @rule(held=consumes(leases))
    def suspect(self, held: tuple[Room, Leased]) -> None:
        room, lease = held
        if room == "index":
            self.ledger.suspect([lease], reason="worker-lost", detail="one of these")

    @rule(held=leases)
    def wait(self, held: tuple[Room, Leased]) -> None:
        self.ledger.wait_again([held[1]], reason="index-away", detail="down", delay_seconds=0.0)

    @rule(held=leases)
    def return_unharmed(self, held: tuple[Room, Leased]) -> None:
        self.ledger.return_unharmed([held[1]], reason="time-up", detail="another page took it")

    @rule(held=consumes(leases))
    def lease_runs_out(self, held: tuple[Room, Leased]) -> None:
        room, lease = held
        member = f"{lease.id}:{lease.version}"
        token = self.client.hget(f"pm:e:{member}", "tk")
        if token is None or int(token) != lease.token:
            return
        beside_others = room == "index" and int(self.client.hget(f"pm:e:{member}", "crowd") or 1) > 1
        self.client.zadd(f"pm:l:{room}", {member: 0}, xx=True)
        self.ledger.sweep()
        last = {"solo": 2, "index": 4}.get(room)
        if not beside_others and last and lease.strikes + 1 >= last:
            self.end(lease, "dead")
        assert self.ledger.advance([Done(lease=lease, frame=b"late", ms=1)], "enrich") == 0, "the lease is gone"

    @rule(page_id=st.sampled_from(IDS))
    def forget(self, page_id: str) -> None:
        version = self.ledger.forget([page_id])[page_id]
        for key, state in self.state.items():
            if key[0] == page_id:
                assert key[1] < version
                if state in {"open", "dead"}:
                    self.state[key] = "deleted"
        self.deleted[page_id] = version
        receipt = self.ledger.receipts.get(page_id)
        assert receipt is not None
        assert receipt.state == "deleted"

    @rule(page_id=st.sampled_from(IDS))
    def redrive(self, page_id: str) -> None:
        letter = self.ledger.dead_letters.get(page_id)
        if letter and self.ledger.dead_letters.redrive([letter], {}):
            assert self.state[letter.id, letter.version] == "dead"
            self.state[letter.id, letter.version] = "open"

    @rule(page_id=st.sampled_from(IDS))
    def discard(self, page_id: str) -> None:
        letter = self.ledger.dead_letters.get(page_id)
        if letter and self.ledger.dead_letters.discard([letter], "not wanted"):
            assert self.state[letter.id, letter.version] == "dead"
            self.state[letter.id, letter.version] = "dropped"

    def pages_open(self, api_key: str | None = None, source: str | None = None) -> int:
        """Pages under way, in all or of a key, or of one of its sources."""
        came = (self.came_by[key] for key, state in self.state.items() if state == "open")
        return sum(api_key in {None, its_key} and source in {None, its_source} for its_key, its_source in came)

    def more_for(self, api_key: str, source: str) -> int:
        """A tenth of twelve for keys with nothing in the line, a twentieth for sources, each rounded up."""
        return 2 if not self.pages_open(api_key) else 1 if not self.pages_open(api_key, source) else 0

    def end(self, lease: Leased, state: str) -> None:
        assert self.state[lease.id, lease.version] == "open", "a version ends once"
        self.state[lease.id, lease.version] = state
        ended = {v: s for (i, v), s in self.state.items() if i == lease.id and s in {"searchable", "dead"}}
        for version, told in ended.items():
            if told == "dead" and version < max(ended):
                self.state[lease.id, version] = "dropped"

    @invariant()
    def the_equation_holds(self) -> None:
        if not hasattr(self, "ledger"):
            return
        counts = self.ledger.counts()
        assert counts.balanced, counts
        told = Counter(self.state.values())
        assert counts.accepted == len(self.state)
        assert counts.searchable == told["searchable"]
        assert counts.dead == told["dead"]
        assert counts.waiting + counts.working == told["open"]
        assert sum(counts.dropped.values()) == told["dropped"] + told["deleted"]
        still = [self.bodies[key] for key, state in self.state.items() if state == "open"]
        assert counts.waiting_bytes == sum(map(len, still))

    @invariant()
    def turns_and_shares_are_those_of_the_pages_there_are(self) -> None:
        if not hasattr(self, "ledger"):
            return
        shares: Any = self.client.hgetall("pm:shares")
        held = Counter(self.came_by[key] for key, state in self.state.items() if state == "open")
        expected = Counter({f"{api_key}:{source}": pages for (api_key, source), pages in held.items()})
        for (api_key, _), pages in held.items():
            expected[api_key] += pages
        assert {name.decode(): int(pages) for name, pages in shares.items()} == expected
        without: Any = self.client.zrangebyscore("pm:w:clean", 2**53, 2**53)
        keys: Any = self.client.zrange("pm:senders", 0, -1)
        queues: list[Any] = [self.client.zrange(b"pm:q:" + key, 0, -1) for key in keys]
        assert all(queues), "a key that waits has a page that does"
        assert sorted(member for queue in queues for member in queue) == sorted(without)
        assert {key[7:] for key in self.client.scan_iter("pm:last:*")} <= {b":" + key for key in keys}
        assert len(list(self.client.scan_iter("pm:q:*"))) == len(keys)

    @invariant()
    def receipts_agree(self) -> None:
        if not hasattr(self, "ledger"):
            return
        for page_id in IDS:
            versions = {v: s for (i, v), s in self.state.items() if i == page_id}
            newest = max([*versions, self.deleted.get(page_id, 0)], default=0)
            receipt = self.ledger.receipts.get(page_id)
            if not newest:
                assert receipt is None
                continue
            assert receipt is not None
            assert receipt.version == newest
            expected = versions.get(newest, "deleted")
            assert receipt.state in ({"waiting", "working"} if expected == "open" else {expected})

    @invariant()
    def dead_letters_agree(self) -> None:
        if not hasattr(self, "ledger"):
            return
        dead = {key for key, state in self.state.items() if state == "dead"}
        found = self.ledger.dead_letters.find(DeadLetterFilter())
        assert {(letter.id, letter.version) for letter in found.items} == dead
        assert len(dead) == len({page_id for page_id, _ in dead}), "one dead letter a page"
        assert found.total == len(dead)
        assert sum(group.count for group in found.groups) == len(dead)


def test_no_order_of_steps_breaks_the_ledger(valkey_url: str, valkey: redis.Redis) -> None:
    LedgerStates.url = valkey_url
    examples = int(os.environ.get("PAGEMILL_TEST_EXAMPLES", "60"))
    case = LedgerStates.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    case().runTest()


def test_nothing_is_left_in_redis_but_receipts_when_pages_have_ended(valkey: redis.Redis, ledger: Ledger) -> None:
    offers = [Offer(id=f"p{n}", frame=b"x" * 2000, content_key=str(n), url=f"https://a.example/{n}") for n in range(20)]
    ledger.accept(offers)
    for room in ("clean", "enrich"):
        ledger.advance([Done(lease=lease, frame=b"y" * 2000) for lease in ledger.take(room, 50)], NEXT[room])
    ledger.finish(Done(lease=lease) for lease in ledger.take("index", 50))
    kinds = Counter(bytes(key).decode().split(":")[1] for key in valkey.scan_iter())
    assert kinds["p"] == 20
    assert set(kinds) == {"p", "n", "m", "out", "bell"}
    assert 0 < int(valkey.pttl("pm:bell:clean")) <= 5000


@pytest.mark.parametrize("state", ["searchable", "dead"])
def test_receipts_expire_unless_a_dead_letter_needs_them(valkey: redis.Redis, ledger: Ledger, state: str) -> None:
    ledger.accept([Offer(id="p", frame=b"x", content_key="1")])
    (lease,) = ledger.take("clean", 1)
    if state == "dead":
        ledger.reject(lease, reason="empty", detail="")
        assert valkey.pttl("pm:p:p") == -1
    else:
        ledger.advance([Done(lease=lease, frame=b"x")], "index")
        ledger.finish(Done(lease=lease) for lease in ledger.take("index", 1))
        assert 0 < int(valkey.pttl("pm:p:p")) <= 7 * 86_400_000


def test_a_searchable_page_keeps_less_than_a_kilobyte_in_redis(valkey: redis.Redis, ledger: Ledger) -> None:
    def used() -> int:
        told: Any = valkey.info("memory")
        return int(told["used_memory"])

    def walk(start: int, count: int) -> None:
        for at in range(start, start + count, 100):
            ids = [f"{n:022d}" for n in range(at, at + 100)]
            address = "https://news.example/2026/03/01/a-headline-of-the-usual-length-in-the-address-"
            ledger.accept(
                [Offer(id=i, frame=b"x" * 2000, content_key=i * 2, url=f"{address}{i}", source="feed") for i in ids]
            )
            for room in ("clean", "enrich"):
                ledger.advance([Done(lease=x, frame=b"y" * 2000, ms=12.34) for x in ledger.take(room, 100)], NEXT[room])
            ledger.finish(Done(lease=lease, ms=1.23) for lease in ledger.take("index", 100))

    walk(0, 1000)
    before = used()
    walk(1000, 4000)
    per_page = (used() - before) / 4000
    assert per_page < 1000
