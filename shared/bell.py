"""Tells a room that pages wait. A bell that is lost costs a second at most: every process sweeps and rings again."""

import contextlib
from typing import Literal

import redis
import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from shared.bell_transport import for_bells
from shared.ledger.connection import even_when_full
from shared.models.receipt import Room

_PENDING_SECONDS = 5
"""How long one bell keeps others from being rung."""

log = structlog.get_logger(__name__)


Bellable = Room | Literal["names"]
"""The rooms of the ledger, and the queue of the slower extractor."""


def bell_app(broker: str) -> Celery:
    """A Celery application that can only send: it fails within seconds, and never retries."""
    for_bells()
    app = Celery("pagemill", broker=broker, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_publish_retry=False,
        broker_transport_options={
            "socket_connect_timeout": 2,
            "socket_timeout": 2,
            "retry_on_timeout": False,
            "max_retries": 0,
        },
    )
    return app


class Bell:
    """Rings rooms by task name, with at most one pending bell a room.

    Args:
        client: the ledger's Redis.
        prefix: put before every key.
        app: a Celery application that can reach the workers' queues.
    """

    def __init__(self, client: redis.Redis, prefix: str, app: Celery) -> None:
        self._client = client
        self._prefix = prefix
        self._app = app

    def ring(self, room: Bellable) -> None:
        """Says that pages wait in `room`; never fails, for the page is saved already and the sweep rings later."""
        key = f"{self._prefix}bell:{room}"
        try:
            if even_when_full(self._client, "SET", key, 1, "NX", "EX", _PENDING_SECONDS):
                self.send(room)
        except RedisError as error:
            log.warning("bell not rung", room=room, error=str(error))

    def send(self, room: Bellable) -> None:
        """Sends a bell that is claimed already; never fails."""
        try:
            self._app.send_task(f"workers.{room}", queue=room, ignore_result=True)
        except (RedisError, OperationalError, OSError) as error:
            log.warning("bell not rung", room=room, error=str(error))
            self.answer(room)

    def answer(self, room: Bellable) -> None:
        """A worker has come: the next bell may ring."""
        with contextlib.suppress(RedisError):
            self._client.delete(f"{self._prefix}bell:{room}")
