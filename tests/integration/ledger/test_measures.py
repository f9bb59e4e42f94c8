"""Given pages that walk, then the ledger knows how long they took and what became of each site's; rooms pause."""

from datetime import UTC, datetime

import redis

from shared.ledger.carried import DeadLetterFilter, Done, Offer
from shared.ledger.ledger import Ledger


def offer(name: str, site: str | None = "a.example") -> Offer:
    return Offer(id=name, frame=b"x", content_key=name, site=site, request_id=f"req-{name}", trace="00-ab-cd-01")


def test_a_page_is_measured_once_in_each_room(ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    ledger.advance([Done(lease=each, frame=b"y", ms=12.5) for each in ledger.take("clean", 1)], "enrich")
    ledger.advance([Done(lease=each, frame=b"y", ms=0.5) for each in ledger.take("enrich", 1)], "index")
    ledger.finish([Done(lease=each, ms=3000) for each in ledger.take("index", 1)])
    told = ledger.measures.read()
    once = {"clean": 1, "enrich": 1, "index": 1, "solo": 0}
    assert {room: durations.total for room, durations in told.work.items()} == once
    assert {room: durations.total for room, durations in told.wait.items()} == once
    assert told.work["clean"].seconds == 0.0125
    assert told.work["index"].quantile(1) == 5.0


def test_every_bucket_is_read_back(ledger: Ledger) -> None:
    milliseconds = [0.2, 2.5, 90_000, 250_000, 800_000, 3_000_000, 20_000_000, 30_000_000]
    ledger.accept([offer(f"p{at}") for at in range(len(milliseconds))])
    leases = ledger.take("clean", 100)
    ledger.advance(
        [Done(lease=lease, frame=b"y", ms=ms) for lease, ms in zip(leases, milliseconds, strict=True)], "enrich"
    )
    assert ledger.measures.read().work["clean"].total == len(milliseconds)


def test_a_second_try_is_work_again_and_no_second_wait(ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    ledger.strike(ledger.take("clean", 1), reason="crashed", detail="", ms=5)
    ledger.advance([Done(lease=each, frame=b"y", ms=5) for each in ledger.take("clean", 1)], "enrich")
    told = ledger.measures.read()
    assert (told.work["clean"].total, told.wait["clean"].total) == (2, 1)


def test_a_page_that_comes_back_unharmed_has_waited_once(ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    ledger.return_unharmed(ledger.take("clean", 1), reason="worker-lost", detail="")
    ledger.advance([Done(lease=each, frame=b"y") for each in ledger.take("clean", 1)], "index")
    ledger.suspect(ledger.take("index", 1), reason="worker-lost", detail="")
    ledger.finish(Done(lease=each) for each in ledger.take("index", 1))
    waited = ledger.measures.read().wait
    assert {room: waited[room].total for room in ("clean", "index")} == {"clean": 1, "index": 1}


def test_a_lease_that_does_not_hold_measures_nothing(ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    (lease,) = ledger.take("clean", 1)
    done = [Done(lease=lease, frame=b"y", ms=5)]
    assert (ledger.advance(done, "enrich"), ledger.advance(done, "enrich")) == (1, 0)
    assert ledger.measures.read().work["clean"].total == 1


def test_the_calendar_has_each_sites_pages_by_what_became_of_them(ledger: Ledger) -> None:
    ledger.accept([offer("p1"), offer("p2"), offer("p3", "b.example"), offer("p4", None)])
    first, *others = ledger.take("clean", 10)
    ledger.reject(first, reason="empty", detail="")
    ledger.advance([Done(lease=each, frame=b"y") for each in others], "index")
    ledger.finish(Done(lease=each) for each in ledger.take("index", 10))
    today = datetime.now(UTC)
    told = {each.site: (each.accepted, each.searchable, each.dead) for each in ledger.measures.sites(7, today)}
    assert told == {"a.example": (2, 1, 1), "b.example": (1, 1, 0)}
    assert {each.day for each in ledger.measures.sites(7, today)} == {today.strftime("%Y-%m-%d")}


def test_beyond_two_thousand_sites_a_day_the_others_count_as_one(ledger: Ledger) -> None:
    ledger.accept([offer("first", "first.example"), *(offer(f"p{n}", f"{n}.example") for n in range(1999))])
    ledger.accept([offer("late", "late.example"), offer("again", "first.example")])
    for lease in ledger.take("clean", 3000):
        if lease.id in {"first", "late", "again"}:
            ledger.reject(lease, reason="empty", detail="")
    told = {each.site: (each.accepted, each.dead) for each in ledger.measures.sites(1, datetime.now(UTC))}
    assert (told["*"], told["first.example"]) == ((1, 1), (2, 2)), "who is known is known with all that becomes of it"
    assert len(told) == 2001
    assert "late.example" not in told


def test_a_day_is_forgotten_in_the_end(valkey: redis.Redis, ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    (key,) = valkey.keys("pm:day:*")
    assert 119 * 86_400 < int(valkey.ttl(key)) <= 120 * 86_400


def test_a_page_bears_the_request_that_brought_it_through_all_rooms(ledger: Ledger) -> None:
    ledger.accept([offer("p"), Offer(id="q", frame=b"x", content_key="q")])
    with_one, without = ledger.take("clean", 2)
    assert (with_one.request_id, with_one.trace) == ("req-p", "00-ab-cd-01")
    assert (without.request_id, without.trace) == (None, None)
    ledger.advance([Done(lease=with_one, frame=b"y")], "enrich")
    assert ledger.take("enrich", 1)[0].request_id == "req-p"


def test_a_dead_letter_that_is_sent_again_bears_it_too(ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    ledger.reject(ledger.take("clean", 1)[0], reason="empty", detail="")
    assert ledger.dead_letters.redrive(ledger.dead_letters.members(DeadLetterFilter()), {})
    (again,) = ledger.take("clean", 1)
    assert (again.request_id, again.trace) == ("req-p", "00-ab-cd-01")


def test_a_paused_room_hands_nothing_out_and_loses_nothing(ledger: Ledger) -> None:
    ledger.accept([offer("p")])
    assert ledger.pauses.pause("clean")
    assert ledger.take("clean", 10) == []
    assert "clean" not in ledger.sweep()
    assert ledger.counts().rooms["clean"].paused
    assert not ledger.pauses.pause("clean")
    assert ledger.pauses.resume("clean")
    assert ledger.sweep() == ["clean"]
    assert [each.id for each in ledger.take("clean", 10)] == ["p"]
    assert not ledger.pauses.resume("clean")


def test_a_lease_that_runs_out_while_its_room_is_paused_goes_back_in_line(ledger: Ledger, valkey: redis.Redis) -> None:
    ledger.accept([offer("p")])
    (lease,) = ledger.take("clean", 1)
    valkey.zadd("pm:l:clean", {f"p:{lease.version}": 0})
    ledger.pauses.pause("clean")
    ledger.sweep()
    assert (ledger.counts().rooms["clean"].waiting, ledger.counts().rooms["clean"].working) == (1, 0)
    assert ledger.counts().balanced


def test_what_was_done_is_read_newest_first(ledger: Ledger) -> None:
    ledger.audit.note("pause", "clean", note="the disk is swapped", request_id="r1")
    ledger.audit.note("redrive", "reason=empty", done=12)
    newest, oldest = ledger.audit.newest(10)
    assert (newest.action, newest.done, newest.note) == ("redrive", 12, None)
    assert (oldest.action, oldest.target, oldest.note, oldest.by) == ("pause", "clean", "the disk is swapped", None)
    assert [deed.action for deed in ledger.audit.newest(10, before=newest.cursor)] == ["pause"]
