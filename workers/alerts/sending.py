"""Calls webhooks, beside the index room and never in its way.

Threads of the worker's parent take turns in looking for lines that are due. What is told of a document
is read from the index at that moment: one that was deleted meanwhile is told to nobody.
"""

import hashlib
import json
import random
import threading
import time
from importlib.metadata import version
from typing import Any, Final

from shared import clients
from shared.errors import DependencyUnavailable
from shared.models.saved_search import Alert, SavedSearch, alert_document
from shared.moments import from_ms
from shared.private_addresses import Allowed
from shared.saved_searches.events import event_id, page_of
from shared.saved_searches.inbox import Entry
from shared.saved_searches.outbox import Line, Outbox
from shared.search.port import SearchIndex
from shared.settings import Settings
from workers.alerts.calling import CallFailed, call
from workers.alerts.signing import headers
from workers.runtime import log

_LOOK_SECONDS: Final = 0.5
_LEASE_BEYOND: Final = 30.0
"""Seconds that a line is held beyond those of the call: names may be slow to resolve."""
_GROWTH: Final = 3
_LONGEST_SECONDS: Final = 6 * 3600.0
_JITTER: Final = (0.8, 1.2)


def send_alerts(settings: Settings, ended: threading.Event) -> None:
    """Starts the threads that call webhooks until it is over; a call that is cut then is made again later."""
    client = clients.redis_client(settings, timeout=10)
    sender = Sender(settings, clients.outbox(settings, client), clients.search_index(settings))
    turn = threading.Lock()
    for _ in range(settings.alerts_senders):
        threading.Thread(target=_send, args=(sender, turn, ended), name="alerts", daemon=True).start()


def _send(sender: "Sender", turn: threading.Lock, ended: threading.Event) -> None:
    """Looks for a line, or waits for whoever is looking; then calls while another one looks."""
    while not ended.is_set():
        with turn:
            line = _next(sender)
            if line is None:
                ended.wait(_LOOK_SECONDS)
        if line is not None:
            sender.send(line)


def _next(sender: "Sender") -> Line | None:
    try:
        return sender.take()
    except DependencyUnavailable as error:
        log.warning("alerts wait", dependency=error.name, detail=error.detail)
    except Exception:  # noqa: BLE001  (a look that fails must not end the looking)
        log.exception("look for alerts failed")
    return None


class Sender:
    """Takes lines and calls webhooks with them.

    Args:
        settings: how often, how long, whom not.
        outbox: where the lines are.
        index: what is told of documents.
    """

    def __init__(self, settings: Settings, outbox: Outbox, index: SearchIndex) -> None:
        self._settings = settings
        self._outbox = outbox
        self._index = index
        self._allowed = Allowed(settings.alerts_private_hosts)

    def take(self) -> Line | None:
        """A line that is due, held for as long as a call may take."""
        return self._outbox.take(self._settings.alerts_timeout_seconds + _LEASE_BEYOND)

    def send(self, line: Line) -> None:
        """Calls the webhook of a line, and says in Redis what came of it."""
        try:
            try:
                self._call(line)
            except CallFailed as failed:
                self._failed(line, str(failed))
            else:
                self._outbox.delivered(line)
        except DependencyUnavailable as error:  # the line comes back by itself, and no call has failed
            log.warning("alerts wait", dependency=error.name, detail=error.detail)
        except Exception as error:  # noqa: BLE001  (one line must not end the sending of others)
            log.exception("alerts failed", search=line.search)
            self._failed(line, f"{type(error).__name__} in Pagemill itself")

    def _call(self, line: Line) -> None:
        search = SavedSearch.model_validate_json(line.kept)
        alerts = list(filter(None, (self._alert(line, entry) for entry in line.alerts)))
        if search.webhook is None or not alerts:
            return
        body = json.dumps(_message(search, alerts), ensure_ascii=False).encode(errors="replace")
        signed = headers(_message_id(line), search.webhook.secret or "", body, time.time())
        agent = {"User-Agent": f"Pagemill/{version('pagemill')}"}
        call(search.webhook.url, body, {**agent, **signed}, self._settings.alerts_timeout_seconds, self._allowed)

    def _alert(self, line: Line, entry: Entry) -> Alert | None:
        document = self._index.get(page_of(entry.member))
        if document is None:
            return None
        told = alert_document(document)
        return Alert(id=event_id(line.search, entry.member), at=from_ms(entry.at_us // 1000), document=told)

    def _failed(self, line: Line, error: str) -> None:
        wait = min(self._settings.alerts_retry_seconds * _GROWTH**line.failures, _LONGEST_SECONDS)
        aside = self._outbox.failed(line, error, wait * random.uniform(*_JITTER))  # noqa: S311  (spreads calls, hides nothing)
        log.warning("webhook failed", search=line.search, error=error, alerts=len(line.alerts), put_aside=aside)


def _message(search: SavedSearch, alerts: list[Alert]) -> dict[str, Any]:
    return {
        "type": "alerts",
        "search": {"id": search.id, "name": search.name},
        "alerts": [alert.model_dump(mode="json") for alert in alerts],
    }


def _message_id(line: Line) -> str:
    """The same for each call with the same alerts."""
    told = "\n".join((line.search, *(f"{entry.at_us}:{entry.member}" for entry in line.alerts)))
    return "msg_" + hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
