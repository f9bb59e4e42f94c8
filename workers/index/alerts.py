"""What saved searches find in each batch that the index room has written.

The order keeps the promise that no alert is lost: the index answers, so that the pages are searchable; then it is asked
whether saved searches have changed, so that one that was saved before a page became searchable is known here; then
what they find is noted, and only then does the ledger end the pages. Cut anywhere, the pages are leased anew and told
again; what is noted already is not noted twice.
"""

import time
from collections.abc import Sequence

from shared import clients
from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.saved_search import SearchId
from shared.saved_searches.events import Found, member
from shared.saved_searches.inbox import Inboxes
from shared.saved_searches.matching import Match, Matcher
from shared.saved_searches.store import SavedSearches
from workers.pool_table import Row
from workers.runtime import Runtime, log


class Alerts:
    """The saved searches as this process knows them, and what it tells of documents.

    Args:
        searches: all there are.
        inboxes: where it is told.
        matcher: what finds.
        row: where it counts.
    """

    def __init__(self, searches: SavedSearches, inboxes: Inboxes, matcher: Matcher, row: Row) -> None:
        self._searches = searches
        self._inboxes = inboxes
        self._matcher = matcher
        self._row = row
        self._known: int | None = None
        self._sent: set[SearchId] = set()

    def tell(self, documents: Sequence[Document]) -> None:
        """Notes what saved searches find in documents that have become searchable; repeats are harmless.

        Raises:
            DependencyUnavailable: Redis is away; all may be told again.
        """
        if not documents:
            return
        begun = time.perf_counter()
        self._refresh()
        if len(self._matcher):
            found = self._found(documents)
            members = {place: member(documents[place]) for place in {match.place for match in found}}
            self._inboxes.note([Found(search, members[at], search in self._sent) for search, at in found])
        self._row.add("alert_seconds", time.perf_counter() - begun)

    def _refresh(self) -> None:
        changes = self._searches.changes(self._known)
        if changes is None:
            return
        if changes.whole:
            self._matcher.forget()
            self._sent.clear()
        self._matcher.change(changes.searches, changes.gone)
        self._sent.difference_update(changes.gone, (each.id for each in changes.searches))
        self._sent.update(each.id for each in changes.searches if each.webhook)
        self._known = changes.number

    def _found(self, documents: Sequence[Document]) -> list[Match]:
        """The matches; where the engine falls over one document, those of all others."""
        try:
            return self._matcher.matches(documents)
        except (KeyboardInterrupt, SystemExit, DependencyUnavailable):
            raise
        except BaseException as error:  # noqa: BLE001  (also what native extensions raise when they panic)
            if len(documents) == 1:
                self._row.add("alerts_failed")
                log.error("saved searches failed", page=documents[0].id, error=f"{type(error).__name__}: {error}")
                return []
        singly = ((place, self._found([document])) for place, document in enumerate(documents))
        return [match._replace(place=place) for place, matches in singly for match in matches]


def open_alerts(runtime: Runtime) -> Alerts:
    """What this process tells."""
    settings = runtime.settings
    client = clients.redis_client(settings, timeout=10)
    saved, inboxes = clients.saved_searches(settings, client), clients.inboxes(settings, client)
    return Alerts(saved, inboxes, clients.matcher(settings), runtime.row)
