"""Documents that are searchable and shall be enriched again: which, when, and what came of it; in Redis."""

from shared.revisions.revisions import MOST_TRIES, Due, Revisions

__all__ = ["MOST_TRIES", "Due", "Revisions"]
