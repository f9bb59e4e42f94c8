"""What the door asks of a request: is a key needed, is it right, does it reach that far, was it used too often."""

from typing import Final, NamedTuple

from services.http.keys.access import rule_for
from services.http.keys.ring import Held, KeyRing
from shared.errors import Refused
from shared.keys import ApiKey, Shown, cookie_of, read_cookie, read_key
from shared.settings import Settings, keys_needed

COOKIE: Final = "pagemill"
"""The cookie that holds what a browser was given in place of a key."""
_BEARER: Final = "bearer "
_SAFE: Final = frozenset({"GET", "HEAD"})


class Caller(NamedTuple):
    """What a request says of who sends it."""

    method: str
    path: str
    authorization: str | None
    cookie: str | None
    own_page: bool
    """Whether the Origin header names this service."""


class Guard:
    """The rules of one service.

    Args:
        settings: where it listens, and what is wanted otherwise.
        ring: the keys; None: there are none, so whatever is sent is wrong.
    """

    def __init__(self, settings: Settings, ring: KeyRing | None) -> None:
        self._ring = ring
        self._needed = keys_needed(settings)
        self._open = frozenset({"/metrics"} if settings.open_metrics else ())

    def admit(self, caller: Caller) -> ApiKey | None:
        """The key that a request came with; None where it needs none.

        Raises:
            Refused: `unauthorized`, `forbidden`, `rate-limited`; `foreign-origin` for a cookie sent from elsewhere.
            DependencyUnavailable: no key could be read yet.
        """
        needed = rule_for(caller.method, caller.path).scopes
        if not needed or caller.path in self._open:
            return None
        shown = self._shown(caller)
        if shown is None:
            if self._needed:
                raise Refused("unauthorized", "No key was sent.")
            return None
        key = self._known(shown)
        if not key.reaches(needed):
            wanted = " or ".join(sorted({*needed, "admin"}))
            raise Refused("forbidden", f"The key {key.id} has {', '.join(sorted(key.scopes))}; this needs {wanted}.")
        self._count(key)
        return key

    def holds(self, key: ApiKey) -> bool:
        """Whether the key that a request was admitted with has not been revoked since."""
        return self._held(key.id) is not None

    def cookie_for(self, shown: Shown | None) -> str:
        """What a browser may keep in place of this key; None is what was not even spelt as one.

        Raises:
            Refused: it is none of ours, or has been revoked.
            DependencyUnavailable: no key could be read yet.
        """
        if shown is None:
            raise Refused("unauthorized", "This is not spelt as a key: pm_ID_SECRET.")
        self._known(shown)
        return cookie_of(shown)

    def _known(self, shown: Shown) -> ApiKey:
        """The key that was shown.

        Raises:
            Refused: it is none of ours, or has been revoked.
            DependencyUnavailable: no key could be read yet.
        """
        held = self._held(shown.id)
        if held is None or not held.key.is_of(shown):
            raise Refused("unauthorized", "The key is none that is known here; it may have been revoked.")
        return held.key

    def _held(self, key_id: str) -> Held | None:
        return self._ring.held(key_id) if self._ring else None

    def _shown(self, caller: Caller) -> Shown | None:
        """The key in the Authorization header; else, where one is needed, in the cookie."""
        if caller.authorization is not None:
            if not caller.authorization.lower().startswith(_BEARER):
                raise Refused("unauthorized", "The Authorization header is not of the form Bearer KEY.")
            found = read_key(caller.authorization[len(_BEARER) :].strip())
            if found is None:
                raise Refused("unauthorized", "The key is not spelt as one: pm_ID_SECRET.")
            return found
        if not self._needed or caller.cookie is None:
            return None  # cookies know no ports: on loopback it may be another service's
        if caller.method not in _SAFE and not caller.own_page:
            raise Refused("foreign-origin", "A cookie acts on requests from our own pages alone; others send a key.")
        return read_cookie(caller.cookie)

    def _count(self, key: ApiKey) -> None:
        held = self._held(key.id)
        wait = held.allowance.wait() if held else None
        if wait is not None:
            limits = {"requests a minute": key.rate, "requests a day": key.quota}
            may = " and ".join(f"{count} {what}" for what, count in limits.items() if count is not None)
            raise Refused("rate-limited", f"The key {key.id} may make {may}.", retry_after=wait)
