"""Celery's line to Redis, for messages that are bells: taken, they are gone; and Redis takes them when it is full, too.

What Celery does for messages that may not be lost costs bells dear. It notes each one that is taken and not yet
acknowledged, and where Redis has no memory left for the note the message is lost and the worker exits. Nor does Redis
take new messages then, though it is full of pages that wait for nothing but a bell.
"""

# mypy: disable-error-code="no-untyped-call"

from typing import Any, Final

import structlog
from kombu.transport import TRANSPORT_ALIASES, _transport_cache, redis, virtual
from kombu.utils.json import dumps

from shared.ledger.connection import even_when_full

_NAME: Final = "shared.bell_transport:Transport"
_MISFIT: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What kombu and Celery raise over a message that is of no shape they know."""
_SHOWN: Final = 200
log = structlog.get_logger("workers")


class QoS(redis.QoS):
    """Counts what is under way in this process alone; nothing is put back."""

    restore_at_shutdown = False

    def under_way(self) -> set[Any]:
        """Tags of the messages that were taken and are not done with."""
        return set(self._delivered)

    def append(self, message: Any, delivery_tag: str) -> None:
        """A message was taken."""
        virtual.QoS.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        """A message was worked on."""
        virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  (kombu's own)
        """A message was not worked on; the sweep rings again."""
        virtual.QoS.ack(self, delivery_tag)

    def restore_visible(self, start: int = 0, num: int = 10, interval: int = 10) -> None:
        """Nothing that others took and kept for long is put back."""

    def restore_unacked(self, client: Any = None) -> None:  # noqa: ARG002  (kombu's own)
        """Nor is what this process took."""
        self._delivered.clear()


class Channel(redis.Channel):
    """Writes by scripts that Redis runs at its memory limit."""

    QoS = QoS

    def _brpop_read(self, **options: Any) -> Any:
        """Reads one message; one that cannot be made out is let go and told, for it would end the worker."""
        before = self.qos.under_way()
        try:
            return super()._brpop_read(**options)
        except _MISFIT as error:
            log.warning("message let go", why=f"no bell of ours: {type(error).__name__}: {error}"[:_SHOWN])
            for tag in self.qos.under_way() - before:
                self.qos.ack(tag)  # or it would count as under way for ever
            return True

    def _put(self, queue: str, message: Any, **_: Any) -> None:
        key = self._q_for_pri(queue, self._get_message_priority(message, reverse=False))
        with self.conn_or_acquire() as client:
            even_when_full(client, "LPUSH", key, dumps(message))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        if self.typeof(exchange).type == "fanout":
            self._fanout_queues[queue] = (exchange, routing_key.replace("#", "*"))
        member = self.sep.join([routing_key or "", pattern or "", queue or ""])
        with self.conn_or_acquire() as client:
            even_when_full(client, "SADD", self.keyprefix_queue % (exchange,), member)
            even_when_full(client, "SADD", self.keyprefix_binding_permanent % (exchange,), member)


class Transport(redis.Transport):
    """Redis, for bells."""

    Channel = Channel


def for_bells() -> None:
    """From now on `redis://`, `rediss://` and `redis+socket://` mean this transport to Celery in this process.

    By name, for Celery takes the transport of a socket from the URL and from nowhere else.
    """
    for name in ("redis", "rediss"):
        TRANSPORT_ALIASES[name] = _NAME
        _transport_cache.pop(name, None)  # what was looked up before is kept there
