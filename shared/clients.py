"""The one place where adapters are chosen. Each function opens something; whoever calls it closes it."""

import platform
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from shared.archive.port import PageArchive
from shared.breaker import Breaker
from shared.ledger.being_deleted import BeingDeleted
from shared.ledger.connection import connect
from shared.ledger.home import Home
from shared.ledger.ledger import Ledger
from shared.ledger.soon import SOON_SECONDS, AnswersSoon
from shared.made_once import made_once
from shared.redis_urls import broker_url, redis_url
from shared.search.every_generation import EveryGeneration
from shared.search.generations import IndexGenerations
from shared.search.port import IndexWriter, SearchIndex
from shared.settings import MIB, Settings
from shared.tracing import NoTracing, Tracing

if TYPE_CHECKING:
    import redis

    from shared.bell import Bell
    from shared.keys.store import KeyStore
    from shared.ledger.idempotency import Idempotency
    from shared.revisions import Revisions
    from shared.saved_searches import Inboxes, Outbox, SavedSearches
    from shared.saved_searches.matching import Matcher
    from shared.search.elasticsearch import Access
    from shared.sites import Sites
    from shared.sites.known import KnownSites
    from shared.stories import Stories

log = structlog.get_logger(__name__)


def redis_client(settings: Settings, *, timeout: float = 2.0) -> "redis.Redis":
    """The Redis that holds the ledger, with calls that fail after `timeout` seconds."""
    return connect(redis_url(settings), timeout=timeout)


def answers_soon(settings: Settings) -> AnswersSoon:
    """Whether that Redis answers at once."""
    return AnswersSoon(redis_client(settings, timeout=SOON_SECONDS))


def being_deleted(settings: Settings, client: "redis.Redis") -> BeingDeleted:
    """The deletes that have not reached the index; `client` is to fail soon."""
    return BeingDeleted(ledger(settings, client).errands)


def ledger(settings: Settings, client: "redis.Redis") -> Ledger:
    """The ledger on this Redis."""
    return Ledger(client, settings)


def idempotency(settings: Settings, client: "redis.Redis") -> "Idempotency":
    """The memory of Idempotency-Keys on this Redis."""
    from shared.ledger.idempotency import Idempotency  # noqa: PLC0415  (for the intake only)

    return Idempotency(client, settings.redis_prefix, int(settings.idempotency_hours * 3600))


def key_store(settings: Settings, client: "redis.Redis") -> "KeyStore":
    """The API keys on this Redis."""
    from shared.keys.store import KeyStore  # noqa: PLC0415  (for services and `pagemill keys` only)

    return KeyStore(client, settings.redis_prefix)


def bell(settings: Settings, client: "redis.Redis") -> "Bell":
    """What tells workers that pages wait."""
    from shared.bell import Bell, bell_app  # noqa: PLC0415  (Celery takes a third of a second to import)

    return Bell(client, settings.redis_prefix, bell_app(broker_url(settings)))


def index_folder(settings: Settings) -> Path:
    """Where the embedded index lies."""
    return settings.data / "index"


def index_home(settings: Settings, *, make: bool = False) -> Home | None:
    """What tells the index of these settings from every other one.

    Args:
        settings: which index.
        make: for index workers: marks an index that has no mark yet; others get None there.
    """
    if settings.search_url is not None:
        server = settings.search_url.get_secret_value().rpartition("@")[2].rpartition("/")[2]
        return Home(f"{server}/{settings.search_prefix}", f"{server}, {settings.search_prefix}*")
    mark = index_folder(settings) / "identity"
    if make:
        made_once(mark, lambda: secrets.token_hex(16).encode())
    try:
        return Home(mark.read_text().strip(), f"{mark.parent.absolute()} on {platform.node()}")
    except FileNotFoundError:
        return None


def archive_file(settings: Settings) -> Path:
    """Where the embedded archive lies."""
    return settings.data / "archive.sqlite3"


def breaker(settings: Settings, client: "redis.Redis", name: str) -> Breaker:
    """What keeps workers from asking in vain; `name` is the room's, or that of another work."""
    return Breaker(
        client,
        settings.redis_prefix,
        name,
        first_seconds=settings.retry_first_seconds,
        longest_seconds=settings.retry_longest_seconds,
    )


def search_access(settings: Settings) -> "Access | None":
    """Where Elasticsearch is; None where the embedded engine is used."""
    if settings.search_url is None:
        return None
    from shared.search.elasticsearch import Access  # noqa: PLC0415  (adapters are loaded where they are chosen)

    key = settings.search_api_key
    return Access(
        settings.search_url.get_secret_value(),
        api_key=key.get_secret_value() if key else None,
        ca_file=settings.search_ca_file,
        timeout_seconds=settings.search_timeout_seconds,
    )


def search_index(settings: Settings) -> SearchIndex:
    """The reading side of the search engine."""
    if access := search_access(settings):
        from shared.search.elasticsearch import ElasticsearchIndex  # noqa: PLC0415  (as above)

        return ElasticsearchIndex(
            access,
            settings.search_prefix,
            cursor_idle_seconds=settings.cursor_idle_seconds,
            snapshots_max=settings.snapshots_max,
            shared=settings.cursor_key is not None,
        )
    from shared.search.tantivy import TantivyIndex  # noqa: PLC0415  (as above)

    return TantivyIndex(
        index_folder(settings),
        cursor_idle_seconds=settings.cursor_idle_seconds,
        snapshots_max=settings.snapshots_max,
        free_bytes=settings.index_free_mib * MIB,
    )


def index_writer(settings: Settings) -> IndexWriter:
    """The writing side of every generation of the index; on the embedded engine a single process may hold it."""
    return EveryGeneration(index_generations(settings))


def index_generations(settings: Settings) -> IndexGenerations:
    """The generations of the search engine; on the embedded one a single process may write to them."""
    if access := search_access(settings):
        from shared.search.elasticsearch import ElasticsearchGenerations  # noqa: PLC0415  (as above)
        from shared.search.elasticsearch.setup import Layout  # noqa: PLC0415  (as above)

        layout = Layout(settings.search_shards, settings.search_replicas)
        return ElasticsearchGenerations(access, settings.search_prefix, layout)
    from shared.search.tantivy import TantivyGenerations  # noqa: PLC0415  (as above)

    return TantivyGenerations(index_folder(settings))


def archive(settings: Settings, *, read_only: bool) -> PageArchive:
    """The store of raw pages; the index room writes, everybody else reads."""
    if access := search_access(settings):
        from shared.archive.elasticsearch import ElasticsearchArchive  # noqa: PLC0415  (as above)

        return ElasticsearchArchive(
            access,
            settings.search_prefix,
            max_age_days=settings.archive_days,
            max_bytes=settings.archive_max_bytes,
            read_only=read_only,
        )
    from shared.archive.sqlite import SqliteArchive  # noqa: PLC0415  (as above)

    return SqliteArchive(
        archive_file(settings),
        max_age_days=settings.archive_days,
        max_bytes=settings.archive_max_bytes,
        read_only=read_only,
    )


def settle_archive(settings: Settings) -> None:
    """Brings what an ended house left beside the embedded archive's file into it, so that the file alone is whole.

    For whoever owns the data folder, when nobody works in it any more: the last to close SQLite's log folds it in.
    """
    file = archive_file(settings)
    if search_access(settings) is None and file.with_name(f"{file.name}-wal").exists():
        kept = archive(settings, read_only=False)
        kept.size_bytes()
        kept.close()


def set_search_up(settings: Settings, *, only_missing: bool = False, adopt: str | None = None) -> list[str]:
    """Makes the indices of Elasticsearch where they are missing; what was done, nothing on the embedded engine.

    Args:
        settings: where it is.
        only_missing: nothing is touched where nothing is missing.
        adopt: the index that is to be live, where none is.

    Raises:
        DependencyUnavailable: it is away, does not let us, or holds an index of another format; or it is not known
            which of its indices was live.
    """
    access = search_access(settings)
    if access is None:
        return []
    from shared.search.elasticsearch.setup import Layout, set_up  # noqa: PLC0415  (as above)

    layout = Layout(settings.search_shards, settings.search_replicas)
    return set_up(access, settings.search_prefix, layout, only_missing=only_missing, adopt=adopt)


def revisions(settings: Settings, client: "redis.Redis") -> "Revisions":
    """The documents that are enriched once more."""
    from shared.revisions import Revisions  # noqa: PLC0415  (Redis is for those that ask it)

    return Revisions(client, settings.redis_prefix, settings.enrich_again_seconds)


def saved_searches(settings: Settings, client: "redis.Redis") -> "SavedSearches":
    """The saved searches on this Redis."""
    from shared.saved_searches import SavedSearches  # noqa: PLC0415  (as above)

    return SavedSearches(client, settings.redis_prefix, settings.saved_searches_max)


def inboxes(settings: Settings, client: "redis.Redis") -> "Inboxes":
    """What they have found."""
    from shared.saved_searches import Inboxes  # noqa: PLC0415  (as above)

    return Inboxes(client, settings.redis_prefix, settings.alerts_inbox_max, settings.alerts_waiting_max)


def outbox(settings: Settings, client: "redis.Redis") -> "Outbox":
    """What waits for webhooks."""
    from shared.saved_searches import Outbox  # noqa: PLC0415  (as above)

    return Outbox(
        client,
        settings.redis_prefix,
        waiting=settings.alerts_waiting_max,
        at_once=settings.alerts_at_once,
        tries=settings.alerts_tries,
    )


def matcher(settings: Settings) -> "Matcher":
    """What finds the saved searches that match documents, whatever engine they are searched with: in memory."""
    from shared.saved_searches.matching import Matcher  # noqa: PLC0415  (for the index room and for trials)
    from shared.search.tantivy.batches import TantivyBatches  # noqa: PLC0415  (as above)

    return Matcher(TantivyBatches(), settings.query_limits)


def grant_search(settings: Settings, user: str, password: str) -> list[str]:
    """Makes the user of Elasticsearch that services and workers come as; what was done.

    Raises:
        Refused: another user or role has this name, or Elasticsearch takes no such name or password.
        DependencyUnavailable: it is away, or does not let us.
    """
    access = search_access(settings)
    if access is None:
        return []
    from shared.search.elasticsearch.granting import grant  # noqa: PLC0415  (as above)

    return [grant(access, settings.search_prefix, user, password)]


def tracing(settings: Settings, service: str) -> Tracing:
    """What traces of a process go through; after a fork each process needs one of its own.

    Args:
        settings: where they go.
        service: what the process is.
    """
    if settings.trace_url is None:
        return NoTracing()
    try:
        from shared.tracing.opentelemetry import OpenTelemetry  # noqa: PLC0415  (an extra that may not be there)
    except ImportError as error:
        log.error("nothing is traced: the extra `tracing` is not installed", missing=str(error))  # noqa: TRY400  (no fault)
        return NoTracing()
    return OpenTelemetry(settings.trace_url, service)


def stories(settings: Settings, client: "redis.Redis", index: SearchIndex) -> "Stories":
    """Which near copies share a story."""
    from shared.stories import Stories  # noqa: PLC0415  (rensa is for workers only)

    return Stories(client, settings.redis_prefix, index)


def sites(settings: Settings, client: "redis.Redis") -> "Sites":
    """What sites repeat on their pages."""
    from shared.sites import Sites  # noqa: PLC0415  (for those that look at a site only)

    return Sites(client, settings.redis_prefix, settings.site_policy)


def known_sites(settings: Settings, sites: "Sites") -> "KnownSites":
    """What of it is dropped, as one process knows it; nothing where nothing is to be dropped."""
    from shared.sites.known import KnownSites  # noqa: PLC0415  (as above)

    return KnownSites(sites.known if settings.site_blocks == "drop" else lambda _: {})
