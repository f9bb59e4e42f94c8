"""Given a Redis that takes connections and says nothing, a scrape asks it once and tells what is known without it."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.monitor.figures import LedgerFigures
from services.monitor.sites_figures import SitesFigures
from services.query.saved_searches import SavedSearchFigures
from shared import clients
from shared.settings import Settings
from tests.integration.monitor.conftest import standings


class Silent:
    """A server that never answers, and the connections that came to it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"
        self.came: list[socket.socket] = []
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                self.came.append(self._listener.accept()[0])

    def close(self) -> None:
        """Ends it, and all connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.came:
            connection.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    server = Silent()
    yield server
    server.close()


def test_a_scrape_asks_a_redis_that_stands_still_once(silent: Silent, tmp_path: Path) -> None:
    settings = Settings(redis_url=silent.url, data=tmp_path)
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
