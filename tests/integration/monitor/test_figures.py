"""Given a scrape, then the ledger's figures are in it, and without a ledger the scrape still answers."""

import re

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.monitor.figures import LedgerFigures
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.settings import Settings


def scrape(ledger: Ledger) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(LedgerFigures(ledger))
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
