"""Pages that are searchable already, enriched once more: failed steps again, and names by the slower extractor."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from shared.models.document import Document
from shared.revisions import Due
from shared.revisions.revisions import Desk, Revisions
from shared.search.port import IndexWriter
from workers.deadline import page_deadline
from workers.enrich import enrich_again
from workers.runtime import Runtime, log

Revise = Callable[[Document], Document | None]
_AT_ONCE = 8


def revise(runtime: Runtime, desk: Desk, work: Revise = enrich_again) -> int:
    """Works off what is due at a desk for at most `drain_seconds`; how many pages.

    Raises:
        DependencyUnavailable: Redis or the index is away; what was taken comes back by itself.
    """
    deadline, done = time.monotonic() + runtime.settings.drain_seconds, 0
    while time.monotonic() < deadline and (taken := runtime.revisions.take(desk, _AT_ONCE)):
        for due in taken:
            _one(runtime, desk, due, work)
            done += 1
        runtime.bell.ring("index")
    return done


def write_revisions(
    revisions: Revisions,
    writer: IndexWriter,
    get: Callable[[str], Document | None],
    tell: Callable[[Sequence[Document]], None] = lambda _: None,
) -> int:
    """The index room's part: what was made is written, if it still is the next revision of what is there.

    A page that was deleted or came anew meanwhile is left as it is. What is there is told; so is what a process wrote
    that was killed before it told.
    """
    made = revisions.made()
    there = {each.id: get(each.id) for each, _ in made}
    fresh = [each for each, _ in made if _is_next(each, there[each.id])]
    if fresh:
        now = datetime.now(UTC)
        writer.index([each.model_copy(update={"indexed_at": now}) for each in fresh])
    tell([each for each, _ in made if _stands(each, there[each.id])])
    revisions.settle(made)
    return len(made)


def _is_next(document: Document, there: Document | None) -> bool:
    return there is not None and there.version == document.version and there.revision < document.revision


def _stands(document: Document, there: Document | None) -> bool:
    """Whether it has been written just now, or was there."""
    return there is not None and there.version == document.version and there.revision <= document.revision


def _one(runtime: Runtime, desk: Desk, due: Due, work: Revise) -> None:
    revisions, document = runtime.revisions, runtime.stories.indexed(due.id)
    wanted = "failed" if desk == "enrich" else "pending"
    if document is None or wanted not in document.enrichment.values():
        revisions.drop(desk, due.id)
        return
    try:
        with page_deadline(runtime.settings.page_seconds):
            made = work(document)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  (also what native extensions raise when they panic)
        log.warning("enriching again failed", page=due.id, tries=due.tries, error=f"{type(error).__name__}: {error}")
        made = None
    if made is None or not revisions.offer(made) or wanted in made.enrichment.values():
        revisions.later(desk, due)
    else:
        revisions.drop(desk, due.id)
