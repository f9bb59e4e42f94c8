"""Saved searches: what is kept of them, which documents they find, and what is told of it."""

from shared.saved_searches.inbox import Inboxes
from shared.saved_searches.outbox import Outbox
from shared.saved_searches.store import SavedSearches

__all__ = ["Inboxes", "Outbox", "SavedSearches"]
