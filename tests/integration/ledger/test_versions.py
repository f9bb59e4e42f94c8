"""Which of two posts of one address stands."""

import time
from concurrent.futures import ThreadPoolExecutor

import redis

from shared.ledger.carried import Accepted, DeadLetterFilter, Done, Offer
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.settings import Settings

MONDAY, TUESDAY, WEDNESDAY = 1_700_000_000_000, 1_700_086_400_000, 1_700_172_800_000


def post(ledger: Ledger, content: str = "a", fetched_ms: int | None = None, page_id: str = "p") -> Accepted:
    fetched_us = None if fetched_ms is None else fetched_ms * 1000
    (answer,) = ledger.accept([Offer(id=page_id, frame=b"x", content_key=content, fetched_us=fetched_us)])
    return answer


def walk(ledger: Ledger) -> None:
    """Takes everything that waits to its end."""
    for room, to in (("clean", "enrich"), ("enrich", "index")):
        ledger.advance([Done(lease=lease, frame=b"x") for lease in ledger.take(room, 100)], to)  # type: ignore[arg-type]
    ledger.finish(Done(lease=lease) for lease in ledger.take("index", 100))


def test_the_same_page_again_is_a_duplicate_while_it_walks_and_after(ledger: Ledger) -> None:
    first = post(ledger)
    assert (post(ledger).status, post(ledger).version) == ("duplicate", first.version)
    walk(ledger)
    assert post(ledger).status == "duplicate"
    assert ledger.counts().accepted == 1


def test_the_same_page_with_the_same_fetched_at_is_a_duplicate(ledger: Ledger) -> None:
    post(ledger, fetched_ms=MONDAY)
    assert post(ledger, fetched_ms=MONDAY).status == "duplicate"


def test_the_same_page_fetched_later_is_unchanged_and_moves_the_fetch_time(ledger: Ledger) -> None:
    post(ledger, fetched_ms=MONDAY)
    assert post(ledger, fetched_ms=WEDNESDAY).status == "unchanged"
    assert post(ledger, "b", fetched_ms=TUESDAY).status == "superseded", "on Wednesday it was still the first text"
    assert post(ledger, "a", fetched_ms=MONDAY).status == "duplicate", "the request that made the version, sent again"


def test_a_page_fetched_before_what_is_there_is_superseded(ledger: Ledger) -> None:
    newest = post(ledger, "new", fetched_ms=TUESDAY)
    answer = post(ledger, "old", fetched_ms=MONDAY)
    assert (answer.status, answer.version) == ("superseded", newest.version)


def test_a_changed_page_is_a_new_version_dated_by_its_fetch(ledger: Ledger) -> None:
    first, second = post(ledger, "a", MONDAY), post(ledger, "b", TUESDAY)
    assert (first.version, second.version) == (MONDAY * 1000, TUESDAY * 1000)


def test_another_text_fetched_in_the_same_millisecond_is_the_next_version(ledger: Ledger) -> None:
    versions = [post(ledger, content, MONDAY).version for content in "abc"]
    assert versions == [MONDAY * 1000, MONDAY * 1000 + 1, MONDAY * 1000 + 2]
    walk(ledger)
    assert post(ledger, "d", MONDAY).version == MONDAY * 1000 + 3


def test_of_two_fetches_in_one_millisecond_the_later_one_stands(ledger: Ledger) -> None:
    newer, older = (
        ledger.accept([Offer(id="p", frame=b"x", content_key=str(us), fetched_us=MONDAY * 1000 + us)])[0]
        for us in (900, 400)
    )
    assert (newer.version, older.status, older.version) == (MONDAY * 1000 + 900, "superseded", newer.version)


def test_a_hundred_posts_of_one_page_at_once_are_accepted_once(valkey: redis.Redis, valkey_url: str) -> None:
    ledgers = [Ledger(connect(valkey_url, timeout=20), Settings()) for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: post(ledgers[n % 10]), range(100)))
    assert sorted(answer.status for answer in answers) == ["accepted"] + ["duplicate"] * 99
    assert len({answer.version for answer in answers}) == 1


def test_dead_pages_never_match_so_the_same_bytes_may_try_again(ledger: Ledger) -> None:
    first = post(ledger, fetched_ms=MONDAY)
    ledger.reject(ledger.take("clean", 1)[0], reason="empty", detail="")
    again = post(ledger, fetched_ms=MONDAY)
    assert again.status == "accepted"
    assert again.version > first.version


def die(ledger: Ledger) -> None:
    for lease in ledger.take("clean", 10):
        ledger.reject(lease, reason="empty", detail="")


def test_a_dead_page_posted_again_and_again_is_one_dead_letter_and_the_others_are_counted(ledger: Ledger) -> None:
    for content in "aab":
        post(ledger, content)
        die(ledger)
    found = ledger.dead_letters.find(DeadLetterFilter())
    assert (found.total, [letter.id for letter in found.items]) == (1, ["p"])
    counts = ledger.counts()
    assert (counts.accepted, counts.dead, counts.dropped) == (3, 1, {"superseded": 2})
    assert counts.balanced
    told = [(each.state, each.reason) for _, each in ledger.receipts.outcomes().items]
    assert told[:3] == [("dead", "empty"), ("dead", "empty"), ("dropped", "superseded")]


def test_a_dead_letter_is_let_go_once_a_later_fetch_of_its_page_is_searchable(ledger: Ledger) -> None:
    post(ledger, "broken", MONDAY)
    die(ledger)
    mended = post(ledger, "good", TUESDAY)
    assert ledger.counts().dead == 1, "as long as it walks, nothing is known to be better"
    walk(ledger)
    counts = ledger.counts()
    assert (counts.searchable, counts.dead, counts.dropped) == (1, 0, {"superseded": 1})
    receipt = ledger.receipts.get("p")
    assert receipt is not None
    assert (receipt.version, receipt.state) == (mended.version, "searchable")


def test_an_older_version_that_dies_behind_a_searchable_one_leaves_no_dead_letter(ledger: Ledger) -> None:
    post(ledger, "old", MONDAY)
    (slow,) = ledger.take("clean", 1)
    post(ledger, "new", TUESDAY)
    walk(ledger)
    ledger.reject(slow, reason="empty", detail="")
    counts = ledger.counts()
    assert (counts.dead, counts.dropped, counts.balanced) == (0, {"superseded": 1}, True)
    assert ledger.dead_letters.get("p") is None


def test_a_page_older_than_a_dead_one_but_newer_than_the_live_one_is_accepted(ledger: Ledger) -> None:
    post(ledger, "a", MONDAY)
    walk(ledger)
    post(ledger, "broken", WEDNESDAY)
    ledger.reject(ledger.take("clean", 1)[0], reason="empty", detail="")
    assert post(ledger, "b", TUESDAY).status == "accepted"
    assert post(ledger, "c", MONDAY).status == "superseded"


def test_both_versions_in_flight_end_and_the_receipt_is_the_newer_ones(ledger: Ledger) -> None:
    post(ledger, "a", MONDAY)
    newer = post(ledger, "b", TUESDAY)
    walk(ledger)
    receipt = ledger.receipts.get("p")
    assert receipt is not None
    assert (receipt.version, receipt.state, receipt.searchable_version) == (newer.version, "searchable", newer.version)
    assert ledger.counts().searchable == 2


def test_while_a_new_version_walks_the_receipt_names_the_one_that_is_found(ledger: Ledger) -> None:
    first = post(ledger, "a", MONDAY)
    walk(ledger)
    post(ledger, "b", TUESDAY)
    receipt = ledger.receipts.get("p")
    assert receipt is not None
    assert (receipt.state, receipt.stage, receipt.searchable_version) == ("waiting", "clean", first.version)


def test_an_older_page_never_comes_back_from_a_delete_and_a_newer_one_does(ledger: Ledger) -> None:
    post(ledger, "a", MONDAY)
    walk(ledger)
    deleted = ledger.forget(["p"])["p"]
    assert post(ledger, "a", TUESDAY).status == "superseded"
    again = post(ledger, "a")
    assert again.status == "accepted"
    assert again.version > deleted


def test_a_tombstone_outlives_the_receipt(ledger: Ledger, valkey: redis.Redis) -> None:
    ledger.forget(["p"])
    valkey.delete("pm:p:p")
    assert post(ledger, "a", TUESDAY).status == "superseded"
    receipt = ledger.receipts.get("p")
    assert receipt is not None
    assert receipt.state == "deleted"


def test_a_second_delete_is_the_same_delete(ledger: Ledger) -> None:
    post(ledger)
    assert ledger.forget(["p"]) == ledger.forget(["p"])


def test_a_page_with_many_versions_is_deleted_in_steps_of_a_hundred(ledger: Ledger, valkey: redis.Redis) -> None:
    for number in range(250):
        post(ledger, f"version {number}")
        post(ledger, page_id=f"q{number}")
    assert ledger.counts().waiting == 500
    valkey.config_resetstat()
    deleted = ledger.forget(["p", *(f"q{number}" for number in range(250)), "p"])
    told = valkey.info("commandstats")
    assert told["cmdstat_evalsha"]["calls"] >= 5
    assert (len(deleted), ledger.counts().dropped, ledger.counts().waiting) == (251, {"deleted": 500}, 0)
    assert ledger.counts().balanced
    receipt = ledger.receipts.get("p")
    assert receipt is not None
    assert (receipt.state, receipt.version) == ("deleted", deleted["p"])
    assert post(ledger, "a", TUESDAY).status == "superseded"


def test_a_leased_page_that_is_deleted_cannot_be_handed_on(ledger: Ledger) -> None:
    post(ledger)
    leases = ledger.take("clean", 1)
    ledger.forget(["p"])
    assert ledger.advance([Done(lease=leases[0], frame=b"x")], "enrich") == 0
    counts = ledger.counts()
    assert counts.balanced
    assert counts.dropped == {"deleted": 1}


def test_after_the_receipt_has_expired_the_page_is_accepted_and_the_index_decides(
    ledger: Ledger, valkey: redis.Redis
) -> None:
    post(ledger, "a", TUESDAY)
    walk(ledger)
    valkey.delete("pm:p:p")
    assert post(ledger, "old", MONDAY).status == "accepted"


def test_the_line_stops_at_its_limit_and_known_pages_are_still_answered(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(line_max_pages=2))
    offers = [Offer(id=f"p{n}", frame=b"x", content_key="k") for n in range(3)]
    assert [answer.id for answer in ledger.accept(offers)] == ["p0", "p1"]
    assert ledger.accept(offers[:1])[0].status == "duplicate"
    assert ledger.accept(offers[2:]) == []


def test_the_line_stops_at_its_bytes(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(line_max_bytes=250))
    assert len(ledger.accept([Offer(id=f"p{n}", frame=b"x" * 100, content_key="k") for n in range(3)])) == 2


def test_an_empty_line_takes_a_page_of_any_size(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(line_max_bytes=10))
    offers = [Offer(id=f"p{n}", frame=b"x" * 100, content_key="k") for n in range(2)]
    assert [answer.id for answer in ledger.accept(offers)] == ["p0"]


def test_outcomes_come_in_order_and_the_cursor_goes_on(ledger: Ledger) -> None:
    for n in range(5):
        ledger.accept([Offer(id=f"p{n}", frame=b"x", content_key="k", source="odd" if n % 2 else "even")])
    for lease in ledger.take("clean", 5):
        ledger.reject(lease, reason="empty", detail="")
    first = ledger.receipts.outcomes(count=3)
    rest = ledger.receipts.outcomes(after=first.next)
    told = [outcome.id for _, outcome in first.items + rest.items]
    assert told == [f"p{n}" for n in range(5)]
    assert [outcome.id for _, outcome in ledger.receipts.outcomes(source="odd").items] == ["p1", "p3"]
    assert ledger.receipts.outcomes(after=rest.next).items == ()


def test_leases_come_back_by_the_servers_clock_alone(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings(lease_seconds=1))
    post(ledger)
    assert len(ledger.take("clean", 1)) == 1
    assert ledger.take("clean", 1) == []
    until = time.monotonic() + 5
    again = ledger.take("clean", 1)
    while not again and time.monotonic() < until:
        time.sleep(0.1)
        again = ledger.take("clean", 1)
    assert [lease.strikes for lease in again] == [1]


def test_a_page_that_is_struck_goes_alone_and_then_dies_with_its_traceback(valkey: redis.Redis) -> None:
    ledger = Ledger(valkey, Settings())
    post(ledger)
    rooms = ["clean", "clean", "solo", "solo", "solo"]
    for room in rooms:
        (lease,) = ledger.take(room, 10)  # type: ignore[arg-type]
        assert lease.stage == "clean"
        ledger.strike([lease], reason="crashed", detail="ValueError: no", traceback="Traceback ...")
    letter = ledger.dead_letters.get("p")
    assert letter is not None
    assert (letter.stage, letter.reason, letter.attempts, letter.traceback) == ("solo", "crashed", 5, "Traceback ...")


def test_what_a_dead_page_took_is_told(ledger: Ledger) -> None:
    post(ledger)
    ledger.reject(ledger.take("clean", 1)[0], reason="empty", detail="", ms=1.234)
    receipt = ledger.receipts.get("p")
    assert receipt is not None
    assert [(stage.outcome, stage.ms) for stage in receipt.stages] == [("dead", 1.23)]


def test_in_the_index_room_a_suspect_is_taken_alone_so_that_others_are_never_buried_with_it(ledger: Ledger) -> None:
    ledger.accept([Offer(id=f"p{n}", frame=b"x", content_key="k") for n in range(3)])
    ledger.advance([Done(lease=lease, frame=b"x") for lease in ledger.take("clean", 9)], "index")
    for _ in range(2):
        batch = ledger.take("index", 9)
        assert len(batch) == 3
        ledger.strike(batch, reason="crashed", detail="one of these")
    assert len(ledger.take("index", 9)) == 1
