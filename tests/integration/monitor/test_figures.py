"""Given a scrape, then the ledger's figures are in it, and without a ledger the scrape still answers."""

import re
from typing import Any

import pytest
import redis
from prometheus_client import CollectorRegistry, generate_latest

from services.monitor.figures import LedgerFigures
from shared.ledger.carried import DeadLetterFilter, Offer
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.settings import Settings
from tests.architecture.generated_docs import DEAD, DROPPED
from tests.integration.monitor.conftest import standings


def scrape(ledger: Ledger) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(LedgerFigures(ledger, standings(ledger), ledger.ping))
    lines = generate_latest(registry).decode().splitlines()
    found = [re.fullmatch(r"(\S+) (\S+)", line) for line in lines if not line.startswith("#")]
    return {match[1]: float(match[2]) for match in found if match}


def test_the_terms_of_the_equation_are_figures(walked: Ledger) -> None:
    figures = scrape(walked)
    assert figures["pagemill_ledger_up"] == 1
    assert figures["pagemill_ledger_balanced"] == 1
    assert figures["pagemill_ledger_accepted_total"] == 10
    assert figures["pagemill_ledger_finished_total"] == 2
    assert figures['pagemill_ledger_dropped_total{reason="superseded"}'] == 1
    assert figures['pagemill_ledger_dropped_total{reason="deleted"}'] == 1
    assert figures["pagemill_ledger_dead"] == 1
    assert figures["pagemill_ledger_waiting"] == 3
    assert figures["pagemill_ledger_leased"] == 2


@pytest.mark.parametrize("reason", DROPPED)
def test_a_reason_for_which_nothing_was_dropped_yet_counts_nothing(ledger: Ledger, reason: str) -> None:
    assert scrape(ledger)[f'pagemill_ledger_dropped_total{{reason="{reason}"}}'] == 0


@pytest.mark.parametrize("reason", DEAD)
def test_a_reason_of_which_nothing_died_yet_counts_nothing_somewhere(ledger: Ledger, reason: str) -> None:
    """The first deaths of it are a rise that an alarm can see."""
    rooms = ("clean", "index", "solo")
    figures = scrape(ledger)
    assert 0 in {figures.get(f'pagemill_pages_died_total{{reason="{reason}",room="{room}"}}') for room in rooms}


def test_every_room_has_its_figures(walked: Ledger) -> None:
    figures = scrape(walked)
    assert figures['pagemill_room_waiting{room="clean"}'] == 3
    assert figures['pagemill_room_leased{room="clean"}'] == 1
    assert figures['pagemill_room_dead{room="clean"}'] == 1
    assert figures['pagemill_room_entered_total{room="enrich"}'] == 4
    assert figures['pagemill_room_left_total{room="enrich"}'] == 3
    assert figures['pagemill_room_oldest_seconds{room="solo"}'] == 0


@pytest.mark.parametrize("room", ["clean", "enrich", "index", "solo"])
def test_a_room_where_nothing_ever_was_counts_nothing(ledger: Ledger, room: str) -> None:
    assert scrape(ledger)[f'pagemill_room_waiting{{room="{room}"}}'] == 0


def test_a_ledger_that_is_away_is_down_and_breaks_no_scrape() -> None:
    away = Ledger(connect("redis://127.0.0.1:1/0"), Settings())
    assert scrape(away) == {"pagemill_ledger_up": 0}


def test_work_and_waiting_are_histograms_by_room(walked: Ledger) -> None:
    figures = scrape(walked)
    assert figures['pagemill_room_wait_seconds_count{room="clean"}'] == 6
    assert figures['pagemill_room_work_seconds_count{room="clean"}'] == 4
    assert figures['pagemill_room_work_seconds_bucket{le="0.001",room="enrich"}'] == 3
    assert figures['pagemill_room_work_seconds_bucket{le="+Inf",room="index"}'] == 3
    assert figures['pagemill_room_work_seconds_sum{room="index"}'] == pytest.approx(0.003)
    assert figures['pagemill_room_work_seconds_bucket{le="21600.0",room="solo"}'] == 0


def test_deaths_and_tries_that_failed_are_counted_by_reason(ledger: Ledger) -> None:
    ledger.accept([Offer(id=name, frame=b"x", content_key=name) for name in "abc"])
    first, second, third = ledger.take("clean", 3)
    ledger.reject(first, reason="empty", detail="")
    ledger.strike([second], reason="crashed", detail="")
    ledger.wait_again([third], reason="index-away", detail="")
    figures = scrape(ledger)
    assert figures['pagemill_pages_died_total{reason="empty",room="clean"}'] == 1
    assert figures['pagemill_dead_letters{reason="empty",room="clean"}'] == 1
    assert figures['pagemill_tries_failed_total{reason="crashed",room="clean"}'] == 1
    assert figures['pagemill_tries_failed_total{reason="index-away",room="clean"}'] == 1


def test_a_letter_that_is_sent_again_stays_among_those_that_died(ledger: Ledger) -> None:
    ledger.accept([Offer(id="p", frame=b"x", content_key="1")])
    ledger.reject(ledger.take("clean", 1)[0], reason="empty", detail="")
    ledger.dead_letters.redrive(ledger.dead_letters.members(DeadLetterFilter()), {})
    figures = scrape(ledger)
    assert figures['pagemill_pages_died_total{reason="empty",room="clean"}'] == 1
    assert 'pagemill_dead_letters{reason="empty",room="clean"}' not in figures


def test_what_stands_around_the_ledger_has_figures(ledger: Ledger) -> None:
    figures = scrape(ledger)
    assert figures['pagemill_intake_state{state="open"}'] == 1
    assert figures["pagemill_redis_written"] == 1
    assert figures["pagemill_redis_delayed_fsyncs_total"] == 0
    assert figures["pagemill_index_up"] == 1
    assert figures["pagemill_index_documents"] == 0
    assert 0 < figures["pagemill_index_disk_free_bytes"] < figures["pagemill_index_disk_bytes"]
    assert figures['pagemill_breaker_open{room="index"}'] == 0


def test_an_intake_that_is_held_off_is_told_as_refusing(ledger: Ledger) -> None:
    ledger.hold_off("the engine's disk is full", 10)
    figures = scrape(ledger)
    assert figures['pagemill_intake_state{state="refusing"}'] == 1
    assert figures['pagemill_intake_state{state="open"}'] == 0


def test_the_intake_is_refusing_when_the_door_refuses_and_says_what_the_door_says(
    ledger: Ledger, valkey: redis.Redis
) -> None:
    def offers(first: int, last: int) -> list[Offer]:
        return [Offer(id=f"p{n}", frame=b"x", content_key=str(n)) for n in range(first, last)]

    def age() -> None:
        members: Any = valkey.zrange("pm:s:clean", 0, -1)
        valkey.zadd("pm:s:clean", dict.fromkeys(members, 1))

    ledger.accept(offers(0, 9))
    age()
    assert standings(ledger).intake(ledger.counts()).state == "open", "nine may be old: they are tried again and again"
    assert len(ledger.accept(offers(9, 10))) == 1
    age()
    assert standings(ledger).intake(ledger.counts()).state == "refusing"
    assert ledger.accept(offers(10, 11)) == []
    ledger.hold_off("the disk is full", 60)
    assert standings(ledger).intake(ledger.counts()).retry_after_seconds == ledger.retry_after() == 10
