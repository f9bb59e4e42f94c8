"""Who may call: requests addressed to a name of ours, from pages of our own or of sites that are set.

A web page anywhere can make its reader's browser call services on loopback. The Host check stops names that were bound
to 127.0.0.1 for that (DNS rebinding), the Origin check stops plain cross-site requests.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from shared.addresses import address_of, host_of, is_any, is_loopback, parse_listen
from shared.errors import Refused
from shared.settings import Settings
from shared.validation import shown


class Callers:
    """The rules of one service."""

    def __init__(self, settings: Settings) -> None:
        listen, _ = parse_listen(settings.listen)
        self._names = frozenset({listen.lower(), *(host_of(name) for name in settings.allowed_hosts)})
        self._any_address = is_any(listen)
        self._origins = frozenset(settings.cors_origins)
        self.known = lru_cache(maxsize=512)(self._known)

    def refuse_stranger(self, hosts: list[str], origin: str | None) -> None:
        """Raises Refused where a request is addressed to nobody here, or comes from a site that may not call.

        Args:
            hosts: the Host headers; there must be one.
            origin: the Origin header.
        """
        host = hosts[0] if len(hosts) == 1 else ""
        if not self.known(host):
            sent = shown(host) if len(hosts) == 1 else "given more than once" if hosts else "missing"
            raise Refused("unknown-host", f"The Host header is {sent}, which is no name of this service.")
        if origin is not None and not self.own(origin, host) and not self.allowed(origin):
            raise Refused("foreign-origin", f"The Origin is {shown(origin)}, which may not call this service.")

    def allowed(self, origin: str) -> bool:
        """Whether it is one of the other sites that may call."""
        return origin.lower() in self._origins

    @staticmethod
    def own(origin: str, host: str) -> bool:
        """Whether the calling page came from this service: the same host and port."""
        try:
            return bool(host) and urlsplit(origin).netloc.lower() == host.lower()
        except ValueError:  # a bracket that is not closed
            return False

    @property
    def vary(self) -> bool:
        """Whether answers differ by Origin."""
        return bool(self._origins)

    def _known(self, netloc: str) -> bool:
        """Any port will do. Addresses cannot be rebound: where the service listens on all, each of them is its own."""
        host = host_of(netloc)
        if not host:
            return False
        return host in self._names or is_loopback(host) or (self._any_address and address_of(host) is not None)
