"""What the index room tells of documents that have become searchable."""

from collections.abc import Sequence

import pytest
import redis

from shared import clients
from shared.ledger.soon import AnswersSoon
from shared.models.document import Document
from shared.query_language.limits import DEFAULT
from shared.saved_searches import Inboxes, SavedSearches
from shared.saved_searches.events import page_of
from shared.saved_searches.matching import Matcher
from shared.search.matching import Batch, Batches
from shared.search.port import EngineQuery
from shared.search.tantivy.batches import TantivyBatches
from shared.settings import Settings
from tests.integration.query.conftest import page
from tests.integration.saved_searches.conftest import saved
from workers.index.alerts import Alerts
from workers.pool_table import PoolTable, Row

FERRY = page("ferry", "The ferry runs again.", title="Ferry")
MILL = page("mill", "The mill grinds.")


class FallingOver:
    """Batches that cannot hold one page, as an engine that panics."""

    def __init__(self) -> None:
        self._sound = TantivyBatches()

    def question(self, query: EngineQuery, language: str | None) -> object | None:
        return self._sound.question(query, language)

    def batch(self, documents: Sequence[Document]) -> Batch:
        if any(each.id == "bad" for each in documents):
            raise BaseException("index out of bounds")  # noqa: TRY002  (as the binding's panics)
        return self._sound.batch(documents)


@pytest.fixture
def row() -> Row:
    return PoolTable(1).row(0)


def alerts(searches: SavedSearches, inboxes: Inboxes, row: Row, batches: Batches | None = None) -> Alerts:
    return Alerts(searches, inboxes, Matcher(batches or TantivyBatches(), DEFAULT), row)


def told(inboxes: Inboxes, search: str) -> list[str]:
    return [page_of(entry.member) for entry in inboxes.entries(search, "oldest", None, 99)]


def test_what_was_saved_a_moment_ago_is_asked_of_the_next_page(
    searches: SavedSearches, inboxes: Inboxes, row: Row
) -> None:
    telling = alerts(searches, inboxes, row)
    telling.tell([FERRY])
    one = saved("ferry")
    assert searches.add(one)
    telling.tell([FERRY, MILL])
    assert told(inboxes, one.id) == ["ferry"]
    other = one.model_copy(update={"query": saved("mill").query})
    assert searches.replace(other, new_webhook=False)
    telling.tell([FERRY, MILL])
    assert told(inboxes, one.id) == ["ferry", "mill"]


def test_a_page_is_told_again_when_it_reads_otherwise_and_not_for_another_version(
    searches: SavedSearches, inboxes: Inboxes, row: Row
) -> None:
    one = saved("ferry")
    assert searches.add(one)
    telling = alerts(searches, inboxes, row)
    telling.tell([FERRY])
    telling.tell([FERRY.model_copy(update={"version": 2, "tags": ("sea",), "revision": 1})])
    assert told(inboxes, one.id) == ["ferry"]
    telling.tell([FERRY.model_copy(update={"version": 3, "text": "The ferry is sold."})])
    assert told(inboxes, one.id) == ["ferry", "ferry"]


def test_what_a_saved_search_has_no_more_is_not_told(searches: SavedSearches, inboxes: Inboxes, row: Row) -> None:
    one = saved("ferry", url="https://hook.example/")
    assert searches.add(one)
    telling = alerts(searches, inboxes, row)
    telling.tell([FERRY])
    assert searches.remove(one.id)
    telling.tell([FERRY, MILL])
    assert told(inboxes, one.id) == []


def test_a_page_that_the_engine_falls_over_costs_no_other_its_alert(
    searches: SavedSearches, inboxes: Inboxes, row: Row
) -> None:
    near = saved('"ferry again"~3')
    assert searches.add(near)
    bad = FERRY.model_copy(update={"id": "bad"})
    alerts(searches, inboxes, row, FallingOver()).tell([FERRY, bad, FERRY.model_copy(update={"id": "last"})])
    assert told(inboxes, near.id) == ["ferry", "last"]
    assert row.get("alerts_failed") == 1


def test_a_query_that_is_too_long_by_now_is_left_out_and_the_others_are_not(
    searches: SavedSearches, inboxes: Inboxes, row: Row
) -> None:
    long, short = saved("ferry " * 20), saved("ferry")
    assert searches.add(long)
    assert searches.add(short)
    narrow = Matcher(TantivyBatches(), DEFAULT._replace(chars=20))
    Alerts(searches, inboxes, narrow, row).tell([FERRY])
    assert (told(inboxes, long.id), told(inboxes, short.id)) == ([], ["ferry"])


def test_figures_tell_how_many_there_are_and_nothing_while_redis_is_away(
    searches: SavedSearches, inboxes: Inboxes, row: Row, valkey: redis.Redis
) -> None:
    from services.query.saved_searches import SavedSearchFigures  # noqa: PLC0415  (what a worker never needs)

    assert searches.add(saved("ferry"))
    alerts(searches, inboxes, row).tell([FERRY, MILL])
    outbox = clients.outbox(Settings(), valkey)
    shown = {
        metric.name: metric.samples[0].value
        for metric in SavedSearchFigures(searches, outbox, AnswersSoon(valkey)).collect()
    }
    assert shown["pagemill_saved_searches"] == 1
    assert shown["pagemill_alerts"] == 1
    away = redis.Redis.from_url("unix:///nowhere.sock")
    gone = SavedSearchFigures(SavedSearches(away, "pm:", 1), clients.outbox(Settings(), away), AnswersSoon(away))
    assert list(gone.collect()) == []
