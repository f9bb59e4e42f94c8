"""What workers know of sites and tell of them, outside of the pure stages; no page ever waits or fails for it."""

from collections.abc import Mapping, Sequence

from shared.errors import DependencyUnavailable
from shared.ledger.carried import Leased
from shared.sites.blocks import Sighting, SiteBlocks
from workers.runtime import Runtime, log
from workers.stages import Enriched


def known_of(runtime: Runtime, leases: Sequence[Leased]) -> Mapping[str | None, SiteBlocks]:
    """What the sites of pages to be cleaned repeat; a page that has struck goes without, whatever struck it."""
    return runtime.known_sites.of({lease.site for lease in leases if lease.stage == "clean" and not lease.strikes})


def learn(runtime: Runtime, made: Sequence[tuple[Leased, Enriched]]) -> None:
    """Tells what pages said, once they have been handed on. What is lost here is learnt from the next pages.

    A page with next to no text teaches nothing: it is like others by chance.
    """
    if runtime.settings.site_blocks == "off":
        return
    sightings = [
        Sighting(lease.site, lease.id, each.document.story or lease.id, each.blocks, each.site_blocks)
        for lease, each in made
        if lease.site and each.document.fingerprint
    ]
    try:
        if learnt := runtime.sites.learn(sightings):
            log.info("sites learnt", blocks=learnt, pages=len(sightings))
    except DependencyUnavailable as error:
        runtime.row.failed(error.name)
        log.warning("sites not learnt", detail=error.detail, pages=len(sightings))
