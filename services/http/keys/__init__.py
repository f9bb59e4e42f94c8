"""Who may do what: the table of scopes, the keys as this process knows them, the guard, the sign-in page."""

from services.http.keys.guard import Guard
from services.http.keys.ring import KeyRing

__all__ = ["Guard", "KeyRing"]
