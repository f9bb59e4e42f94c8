"""The search page: HTML that is made here, and what a browser loads with it."""

from services.query.page.routes import add_search_page

__all__ = ["add_search_page"]
