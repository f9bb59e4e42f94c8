"""Given readings of a ledger at different times, then what moved between them is told, and kept for a day."""

from services.monitor.recorder import Recorder
from services.monitor.watch import Watch
from shared.ledger.carried import Done, Offer
from shared.ledger.history import KEPT
from shared.ledger.ledger import Ledger
from tests.integration.monitor.conftest import standings


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def offers(first: int, last: int) -> list[Offer]:
    return [Offer(id=f"p{n}", frame=b"x", content_key=str(n)) for n in range(first, last)]


def cleaned(ledger: Ledger, pages: int, ms: float) -> None:
    ledger.advance([Done(lease=each, frame=b"y", ms=ms) for each in ledger.take("clean", pages)], "enrich")


def test_rates_and_quantiles_are_those_between_two_readings(ledger: Ledger) -> None:
    clock = Clock()
    watch = Watch(ledger, clock)
    ledger.accept(offers(0, 40))
    cleaned(ledger, 40, 900)
    watch.read()
    clock.now = 10
    ledger.accept(offers(40, 60))
    cleaned(ledger, 10, 40)
    pace = watch.pace(watch.read())
    assert (pace.accepted_per_second, pace.rooms["clean"].in_per_second, pace.rooms["clean"].out_per_second) == (
        2,
        2,
        1,
    )
    assert pace.rooms["clean"].work.p95 is not None
    assert 0.025 < pace.rooms["clean"].work.p95 <= 0.05, "what was before the first reading does not count"
    assert pace.rooms["index"].work.p50 is None


def test_a_line_that_grows_does_not_drain_and_one_that_shrinks_does(ledger: Ledger) -> None:
    clock = Clock()
    watch = Watch(ledger, clock)
    assert watch.pace(watch.read()).drain_seconds == 0
    ledger.accept(offers(0, 100))
    clock.now = 10
    assert watch.pace(watch.read()).drain_seconds is None
    clock.now = 70
    watch.read()
    clock.now = 80
    for lease in ledger.take("clean", 20):
        ledger.reject(lease, reason="empty", detail="")
    pace = watch.pace(watch.read())
    assert pace.drain_seconds == 80 / (20 / pace.seconds)
    assert pace.died == {"clean": {"empty": 20}}


def test_a_batch_that_came_a_while_ago_does_not_hide_that_the_line_drains(ledger: Ledger) -> None:
    clock = Clock()
    watch = Watch(ledger, clock)
    watch.read()
    ledger.accept(offers(0, 100))
    for clock.now in (5, 10, 15, 20):
        for lease in ledger.take("clean", 5):
            ledger.reject(lease, reason="empty", detail="")
        pace = watch.pace(watch.read())
    assert (pace.accepted_per_second, pace.ended_per_second, pace.drain_seconds) == (0, 1, 80)
    assert (pace.rooms["clean"].in_per_second, pace.rooms["clean"].out_per_second) == (0, 1)
    assert (pace.seconds, pace.died) == (10, {"clean": {"empty": 20}}), "deaths are those of the minute"


def test_readings_older_than_a_minute_are_forgotten(ledger: Ledger) -> None:
    clock = Clock()
    watch = Watch(ledger, clock)
    for clock.now in range(0, 300, 10):
        watch.read()
    assert watch.pace(watch.read()).seconds == 10


def test_a_minute_is_written_once_however_many_control_rooms_there_are(ledger: Ledger) -> None:
    rooms = [Recorder(ledger, Watch(ledger), standings(ledger)) for _ in range(2)]
    for room in rooms:
        room.look(1000)
    ledger.accept(offers(0, 3))
    ledger.reject(ledger.take("clean", 1)[0], reason="empty", detail="")
    for room in rooms:
        room.look(1001)
        room.look(1001)
    (sample,) = ledger.history.samples()
    assert (sample.accepted, sample.died, sample.dead, sample.rooms["clean"].waiting) == (3, 1, 1, 2)
    assert (sample.intake, sample.at.timestamp()) == ("open", 1001 * 60)


def test_what_came_while_no_control_room_looked_is_in_the_next_sample(ledger: Ledger) -> None:
    room = Recorder(ledger, Watch(ledger), standings(ledger))
    room.look(0)
    ledger.accept(offers(0, 3))
    room.look(1)
    ledger.accept(offers(3, 8))
    cleaned(ledger, 2, 40)
    another = Recorder(ledger, Watch(ledger), standings(ledger))
    for minute in (5, 6):
        another.look(minute)
    first, second = ledger.history.samples()
    assert (first.accepted, first.minutes) == (3, 1)
    assert (second.accepted, second.minutes, second.rooms["clean"].out) == (5, 5, 2)


def test_the_history_outlives_its_writer_and_is_bounded(ledger: Ledger) -> None:
    room = Recorder(ledger, Watch(ledger), standings(ledger))
    room.look(0)
    room.look(1)
    (sample,) = ledger.history.samples()
    totals = ledger.history.totals()
    assert totals
    for _ in range(KEPT + 5):
        ledger.history.add(sample, totals)
    assert len(ledger.history.samples()) == KEPT
    assert len(ledger.history.samples(60)) == 60
