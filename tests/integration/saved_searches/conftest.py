"""Saved searches in a real Redis, and what they are told with."""

from datetime import UTC, datetime

import pytest
import redis

from shared.models.saved_search import SavedQuery, SavedSearch, Webhook
from shared.saved_searches import Inboxes, Outbox, SavedSearches
from shared.saved_searches.store import fresh_id

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MOST = 5
SECRET = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0"


def saved(q: str = "ferry", url: str | None = None, name: str = "Ferries") -> SavedSearch:
    webhook = Webhook(url=url, secret=SECRET) if url else None
    return SavedSearch(
        id=fresh_id(datetime.now(UTC)),
        name=name,
        query=SavedQuery(q=q),
        webhook=webhook,
        created_at=NOW,
        changed_at=NOW,
    )


@pytest.fixture
def searches(valkey: redis.Redis) -> SavedSearches:
    return SavedSearches(valkey, "pm:", MOST)


@pytest.fixture
def inboxes(valkey: redis.Redis) -> Inboxes:
    return Inboxes(valkey, "pm:", most=4, waiting=6)


@pytest.fixture
def outbox(valkey: redis.Redis) -> Outbox:
    return Outbox(valkey, "pm:", waiting=6, at_once=3, tries=2)
