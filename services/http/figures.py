"""What a service counts of its requests, in a registry of its own, and `/metrics` that shows it."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.types import Scope

disable_created_metrics()  # type: ignore[no-untyped-call]
_METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Figures:
    """The figures of one app; any number of apps may be in a process.

    Args:
        collectors: what else `/metrics` shows, such as the ledger's counts.
    """

    def __init__(self, collectors: Iterable[Collector] = ()) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "pagemill_http_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "pagemill_http_request_seconds",
            "Seconds from a request's headers to the end of its answer.",
            ["method", "route"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        ProcessCollector(namespace="pagemill", registry=self.registry)
        for collector in collectors:
            self.registry.register(collector)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """One request; status 0 where the client went away before its answer."""
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        key = (method, route, status)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(method, route),
            )
        found[0].inc()
        found[1].observe(seconds)

    def shown(self, accept: str) -> tuple[bytes, str]:
        """The figures as Prometheus reads them, and their Content-Type."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type
