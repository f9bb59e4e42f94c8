"""Given a Redis that takes connections and says nothing, a scrape asks it once and tells what is known without it."""

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from pydantic import SecretStr

from services.monitor.figures import LedgerFigures
from services.monitor.sites_figures import SitesFigures
from services.query.saved_searches import SavedSearchFigures
from shared import clients
from shared.settings import Settings
from tests.integration.monitor.conftest import standings
from tests.silent import Silent


def test_a_scrape_asks_a_redis_that_stands_still_once(silent: Silent, tmp_path: Path) -> None:
    settings = Settings(redis_url=SecretStr(f"redis://{silent.address}/0"), data=tmp_path)
    client, soon = clients.redis_client(settings), clients.answers_soon(settings)
    ledger = clients.ledger(settings, client)
    registry = CollectorRegistry()
    registry.register(LedgerFigures(ledger, standings(ledger), soon))
    registry.register(SitesFigures(clients.sites(settings, client), soon))
    saved = clients.saved_searches(settings, client), clients.outbox(settings, client)
    registry.register(SavedSearchFigures(*saved, soon))
    lines = generate_latest(registry).decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["pagemill_ledger_up 0.0"]
    assert len(silent.came) == 1
    soon.close()
    client.close()
