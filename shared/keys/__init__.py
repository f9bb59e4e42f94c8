"""API keys: what a key looks like, what is kept of it, and where."""

from shared.keys.known import SCOPES, ApiKey, Scope, new_key
from shared.keys.spelling import Shown, cookie_of, fresh, read_cookie, read_key

__all__ = [
    "SCOPES",
    "ApiKey",
    "Scope",
    "Shown",
    "cookie_of",
    "fresh",
    "new_key",
    "read_cookie",
    "read_key",
]
