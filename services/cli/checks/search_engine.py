"""Elasticsearch, where it is used: whether it answers, is set up, and takes what it is given."""

from collections.abc import Iterator

from services.cli.checks.finding import Finding, fail, ok, warn
from shared import clients
from shared.errors import DependencyUnavailable
from shared.redis_urls import without_password
from shared.settings import MIB, Settings


def search_engine(settings: Settings) -> Iterator[Finding]:
    """The engine that is set; nothing where it is embedded."""
    if settings.search_url is None:
        return
    shown = without_password(settings.search_url.get_secret_value())
    index = clients.search_index(settings)
    try:
        well, detail = index.healthy()
        if not well:
            yield fail("index", f"{shown}: {detail}", "See docs/elasticsearch.md.")
            return
        yield ok("index", f"{shown}: {detail}")
        if strained := index.strain():
            yield fail("index strain", f"{strained}: new pages get 429", "Give it more disk, or mend the index.")
    finally:
        index.close()
    yield _archive(settings)


def _archive(settings: Settings) -> Finding:
    try:
        archive = clients.archive(settings, read_only=True)
        try:
            size = archive.size_bytes()
        finally:
            archive.close()
    except DependencyUnavailable as error:
        return fail("archive", error.detail, "See docs/elasticsearch.md.")
    detail = f"{size / MIB:,.1f} MiB of {settings.archive_max_bytes // MIB:,} MiB"
    if size > settings.archive_max_bytes:
        return warn("archive", detail, "The index worker lets the oldest raw pages go.")
    return ok("archive", detail)
