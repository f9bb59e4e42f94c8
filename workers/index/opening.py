from shared import clients
from shared.archive.port import PageArchive
from shared.ledger.ledger import Ledger
from shared.search.generations import IndexGenerations
from shared.settings import Settings
from workers.index.cleaning_again import CHILD, CleaningAgain
from workers.index.comparing import Comparing
from workers.index.filling import Filling
from workers.index.rebuild import Rebuilding


def open_rebuilding(
    settings: Settings,
    ledger: Ledger,
    generations: IndexGenerations,
    archive: PageArchive,
    child: str = CHILD,
) -> Rebuilding:
    """The index room's work on generations, put together.

    Args:
        settings: limits and times.
        ledger: what is asked, and how far it has got.
        generations: of the engine.
        archive: raw pages.
        child: the module that cleans them again.
    """
    client = clients.redis_client(settings, timeout=10)
    filling = Filling(
        ledger,
        generations,
        archive,
        CleaningAgain(settings, clients.known_sites(settings, clients.sites(settings, client)), child),
        lambda name: clients.stories(settings, client, generations.reader(name)),
        settings.index_bytes,
    )
    return Rebuilding(
        ledger.rebuilds,
        generations,
        filling,
        Comparing(ledger.rebuilds, generations),
        clients.breaker(settings, client, "rebuild"),
        settings.index_kept_hours,
    )
