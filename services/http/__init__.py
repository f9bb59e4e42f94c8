"""The app shell that all services share."""

from services.http.app import make_app
from services.http.health import Check
from services.http.problems import problems
from services.http.routes import make_router

__all__ = ["Check", "make_app", "make_router", "problems"]
