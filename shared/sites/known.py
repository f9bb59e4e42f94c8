"""What sites repeat, as one process knows it: a few seconds old at most, and never a reason to wait or to fail."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

import structlog

from shared.errors import DependencyUnavailable
from shared.sites.blocks import NO_BLOCKS, SiteBlocks

Ask = Callable[[Collection[str]], Mapping[str, SiteBlocks]]
_FRESH_SECONDS: Final = 5.0
_MOST: Final = 1000

log = structlog.get_logger(__name__)


class KnownSites:
    """Asks for sites that it does not know or asked for some seconds ago, all in one go.

    Args:
        ask: `Sites.known`; while it fails what was known holds, and nothing of sites that were not.
        clock: seconds that only grow.
    """

    def __init__(self, ask: Ask, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[float, SiteBlocks]] = {}

    def of(self, sites: Iterable[str | None]) -> Mapping[str | None, SiteBlocks]:
        """What each of these sites repeats; never raises."""
        wanted, now = {site for site in sites if site}, self._clock()
        old = [site for site in wanted if site not in self._known or self._known[site][0] <= now]
        if old:
            self._renew(old, now)
        return {site: self._known[site][1] for site in wanted}

    def _renew(self, sites: Collection[str], now: float) -> None:
        told: Mapping[str, SiteBlocks] = {}
        try:
            told = self._ask(sites)
        except DependencyUnavailable as error:
            log.warning("sites not known", detail=error.detail)
        if len(self._known) + len(sites) > _MOST:
            self._known = {site: entry for site, entry in self._known.items() if entry[0] > now}
        if len(self._known) > _MOST:
            self._known.clear()
        for site in sites:
            before = self._known.get(site, (now, NO_BLOCKS))[1]
            self._known[site] = (now + _FRESH_SECONDS, told.get(site, before))
