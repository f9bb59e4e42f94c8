"""What is done with saved searches. Nothing here knows HTTP but the names of the parameters in what it refuses."""

import secrets
import socket
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from shared.addresses import address_of, is_loopback
from shared.errors import Refused
from shared.models.document import Document
from shared.models.saved_search import (
    Alert,
    Inbox,
    InboxAsked,
    Redriven,
    SavedSearch,
    SavedSearchAsked,
    SavedSearchesAsked,
    SavedSearchList,
    SavedSearchShown,
    SearchId,
    Trial,
    TrialAsked,
    Tried,
    Webhook,
    WebhookShown,
    alert_document,
)
from shared.models.search import SearchWarning
from shared.moments import from_ms
from shared.private_addresses import Allowed
from shared.query_language.limits import Limits
from shared.query_language.tree import AllOf
from shared.saved_searches import Inboxes, Outbox, SavedSearches
from shared.saved_searches.events import event_id, page_of
from shared.saved_searches.inbox import Entry
from shared.saved_searches.matching import Matcher
from shared.saved_searches.question import parsed
from shared.saved_searches.store import fresh_id
from shared.search.port import EngineQuery, SearchIndex
from shared.validation import shown

_SECRET_BYTES: Final = 32
_PRIVATE: Final = SearchWarning(
    code="webhook-private",
    detail="The webhook lies in a private network and is not called, unless PAGEMILL_ALERTS_PRIVATE_HOSTS names it.",
)


@dataclass(frozen=True)
class Parts:
    """What the room works with.

    Args:
        searches: all there are.
        inboxes: what they have found.
        outbox: what waits for webhooks.
        index: where documents are read.
        matcher: makes an empty one, for a trial.
        limits: of `q`.
        most: saved searches that may be kept.
        allowed: where webhooks may be.
    """

    searches: SavedSearches
    inboxes: Inboxes
    outbox: Outbox
    index: SearchIndex
    matcher: Callable[[], Matcher]
    limits: Limits
    most: int
    allowed: Allowed


class SearchRoom:
    """Every method raises DependencyUnavailable where Redis, or the index where documents are read, is away.

    Those that are given an id raise Refused, `saved-search-not-found`, where no search of that id is saved.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add(self, asked: SavedSearchAsked) -> SavedSearchShown:
        """Keeps a new one; the answer has the webhook's secret.

        Raises:
            Refused: `q` cannot be read, or there are as many as there may be.
        """
        warnings = self._warnings(asked)
        now = datetime.now(UTC)
        webhook = _with_secret(asked.webhook, None)
        made = SavedSearch(
            id=fresh_id(now), name=asked.name, query=asked.query, webhook=webhook, created_at=now, changed_at=now
        )
        if not self._parts.searches.add(made):
            told = f"{self._parts.most} searches may be saved, and are."
            raise Refused("saved-searches-full", told, limit="PAGEMILL_SAVED_SEARCHES_MAX")
        return self._shown(made, warnings=warnings, secret=webhook.secret if webhook else None)

    def get(self, search_id: SearchId) -> SavedSearchShown:
        """One of them."""
        found = self._found(search_id)
        return self._shown(found, warnings=self._warnings_of(found))

    def listed(self, asked: SavedSearchesAsked) -> SavedSearchList:
        """Some of them, oldest first."""
        found = self._parts.searches.listed(asked.cursor, asked.size + 1)
        page = found[: asked.size]
        return SavedSearchList(
            total=self._parts.searches.count(),
            items=tuple(self._shown(each, warnings=self._warnings_of(each)) for each in page),
            next=page[-1].id if len(found) > len(page) else None,
        )

    def replace(self, search_id: SearchId, asked: SavedSearchAsked) -> SavedSearchShown:
        """Puts another in its place; its inbox stays. The answer has the webhook's secret where that is a new one.

        Raises:
            Refused: `q` cannot be read.
        """
        before = self._found(search_id)
        warnings = self._warnings(asked)
        webhook = _with_secret(asked.webhook, before.webhook)
        changed = {"name": asked.name, "query": asked.query, "webhook": webhook, "changed_at": datetime.now(UTC)}
        made = before.model_copy(update=changed)
        if not self._parts.searches.replace(made, new_webhook=before.webhook != webhook):
            raise _missing(search_id)
        fresh = webhook is not None and (before.webhook is None or before.webhook.secret != webhook.secret)
        return self._shown(made, warnings=warnings, secret=webhook.secret if webhook and fresh else None)

    def remove(self, search_id: SearchId) -> None:
        """Takes it away with its inbox and all that waits."""
        if not self._parts.searches.remove(search_id):
            raise _missing(search_id)

    def inbox(self, search_id: SearchId, asked: InboxAsked) -> Inbox:
        """What it has found. Pages that were deleted since are left out, so that there may be fewer than `size`."""
        self._found(search_id)
        after = None if asked.cursor is None else int(asked.cursor)
        entries = self._parts.inboxes.entries(search_id, asked.order, after, asked.size)
        last = str(entries[-1].at_us) if entries else asked.cursor
        return Inbox(
            search=search_id,
            total=self._parts.inboxes.count(search_id),
            items=tuple(alert for alert, _ in self._alerts(search_id, entries)),
            next=last if len(entries) == asked.size or asked.order == "oldest" else None,
        )

    def newest(self, search_id: SearchId, size: int) -> tuple[SavedSearch, list[tuple[Alert, Document]]]:
        """The saved search, and the newest of what it has found with the whole documents."""
        search = self._found(search_id)
        return search, list(self._alerts(search_id, self._parts.inboxes.entries(search_id, "newest", None, size)))

    def undelivered(self, search_id: SearchId, size: int) -> Inbox:
        """The newest of what its webhook never took."""
        self._found(search_id)
        entries = self._parts.outbox.undelivered(search_id, size)
        total = self._parts.outbox.state(search_id).undelivered
        return Inbox(search=search_id, total=total, items=tuple(each for each, _ in self._alerts(search_id, entries)))

    def redrive(self, search_id: SearchId) -> Redriven:
        """Sends that to the webhook once more."""
        self._found(search_id)
        return Redriven(redriven=self._parts.outbox.redrive(search_id))

    def trial(self, search_id: SearchId, asked: TrialAsked) -> Trial:
        """Whether it matches a document, or each of the newest ones, just as if they became searchable now.

        Raises:
            Refused: `document-not-found`.
        """
        matcher = self._parts.matcher()
        matcher.change([self._found(search_id)], ())
        documents = self._tried(asked)
        matching = {match.place for match in matcher.matches(documents)}
        return Trial(
            search=search_id,
            documents=tuple(
                Tried(id=each.id, version=each.version, title=each.title, matches=place in matching)
                for place, each in enumerate(documents)
            ),
        )

    def _tried(self, asked: TrialAsked) -> list[Document]:
        if asked.document is None:
            newest = EngineQuery(tree=AllOf(), sort="indexed", size=asked.size, snippets=False)
            return [hit.document for hit in self._parts.index.search(newest).hits]
        found = self._parts.index.get(asked.document)
        if found is None:
            raise Refused("document-not-found", f"No document {shown(asked.document)} is searchable.")
        return [found]

    def _alerts(self, search_id: SearchId, entries: Iterable[Entry]) -> Iterator[tuple[Alert, Document]]:
        for entry in entries:
            if (document := self._parts.index.get(page_of(entry.member))) is not None:
                at, told = from_ms(entry.at_us // 1000), alert_document(document)
                yield Alert(id=event_id(search_id, entry.member), at=at, document=told), document

    def _found(self, search_id: SearchId) -> SavedSearch:
        found = self._parts.searches.get(search_id)
        if found is None:
            raise _missing(search_id)
        return found

    def _warnings(self, asked: SavedSearchAsked) -> tuple[SearchWarning, ...]:
        try:
            warnings = parsed(asked.query, self._parts.limits).warnings
        except Refused as refused:
            refused.problem = refused.problem.model_copy(update={"pointer": "/query/q"})
            raise
        host = asked.webhook and urlsplit(asked.webhook.url).hostname
        return (*warnings, _PRIVATE) if host and self._is_private(host) else warnings

    def _is_private(self, host: str) -> bool:
        """Whether the host by itself says that no call will go there; names are looked up when they are called."""
        address = "127.0.0.1" if is_loopback(host.rstrip(".")) else _as_resolved(host)
        return address_of(address) is not None and not self._parts.allowed.may_be_called(host, address)

    def _warnings_of(self, search: SavedSearch) -> tuple[SearchWarning, ...]:
        """The same of one that is kept; under limits that are narrower now, what was refused is a warning."""
        try:
            return parsed(search.query, self._parts.limits).warnings
        except Refused as refused:
            told = refused.problem
            return (SearchWarning(code=told.code, detail=told.detail, position=told.position),)

    def _shown(
        self, search: SavedSearch, *, warnings: tuple[SearchWarning, ...] = (), secret: str | None = None
    ) -> SavedSearchShown:
        webhook = None
        if search.webhook:
            state = self._parts.outbox.state(search.id)
            webhook = WebhookShown(url=search.webhook.url, secret=secret, delivery=state)
        return SavedSearchShown(
            id=search.id,
            name=search.name,
            query=search.query,
            webhook=webhook,
            created_at=search.created_at,
            changed_at=search.changed_at,
            alerts=self._parts.inboxes.count(search.id),
            warnings=warnings,
        )


def _as_resolved(host: str) -> str:
    """The address that resolvers read short and odd spellings as, such as 127.1 and 0x7f000001; else the host."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host


def _with_secret(asked: Webhook | None, before: Webhook | None) -> Webhook | None:
    """The webhook with what signs its calls: what is given, else what it was, else a fresh one."""
    if asked is None:
        return None
    known = asked.secret or (before.secret if before else None)
    fresh = "whsec_" + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    return Webhook(url=asked.url, secret=known or fresh)


def _missing(search_id: str) -> Refused:
    return Refused("saved-search-not-found", f"No search {shown(search_id)} is saved.")
