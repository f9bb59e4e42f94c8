"""Given an Elasticsearch that takes connections and says nothing, all that the ledger knows is told meanwhile."""

from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from pydantic import SecretStr

from services.monitor.figures import LedgerFigures
from services.monitor.mill import Mill
from services.monitor.recorder import Recorder
from services.monitor.standing import Standings
from services.monitor.watch import Watch
from shared import clients
from shared.ledger.ledger import Ledger
from shared.settings import Settings
from tests.silent import Silent


@pytest.fixture
def standings(silent: Silent, ledger: Ledger) -> Iterator[Standings]:
    settings = Settings(search_url=SecretStr(f"http://{silent.address}"))
    index = clients.search_index(settings)
    yield Standings(settings, ledger, index)
    index.close()


def test_a_scrape_tells_the_ledger_while_the_index_is_still_waited_for(
    silent: Silent, walked: Ledger, standings: Standings
) -> None:
    registry = CollectorRegistry()
    registry.register(LedgerFigures(walked, standings, walked.ping))
    lines = generate_latest(registry).decode().splitlines()
    assert silent.waited_for() == 1
    assert {"pagemill_ledger_up 1.0", "pagemill_ledger_accepted_total 10.0", "pagemill_index_up 0.0"} <= set(lines)
    assert not [line for line in lines if line.startswith(("pagemill_index_documents", "pagemill_index_disk"))]


def test_the_state_says_that_the_index_does_not_answer(silent: Silent, walked: Ledger, standings: Standings) -> None:
    told = Mill(walked, Watch(walked), standings).state()
    assert silent.waited_for() == 1
    assert told.ledger.accepted == 10
    index = told.standing.index
    assert (index.ok, index.detail, index.documents, index.disk) == (False, "no answer in time", None, None)


def test_a_sample_is_kept_meanwhile(silent: Silent, walked: Ledger, standings: Standings) -> None:
    recorder = Recorder(walked, Watch(walked), standings)
    recorder.look(0)
    recorder.look(1)
    assert silent.waited_for() == 1
    (sample,) = walked.history.samples()
    assert (sample.dead, sample.documents) == (1, None)


def test_whoever_asks_meanwhile_the_index_is_asked_once(silent: Silent, standings: Standings) -> None:
    for _ in range(20):
        assert not standings.index().ok
    assert len(silent.came) == silent.waited_for() == 1
