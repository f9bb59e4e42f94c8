"""Saved searches over HTTP."""

from services.query.saved_searches.figures import SavedSearchFigures
from services.query.saved_searches.room import Parts, SearchRoom
from services.query.saved_searches.routes import make_saved_searches

__all__ = ["Parts", "SavedSearchFigures", "SearchRoom", "make_saved_searches"]
