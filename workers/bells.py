"""How a worker takes a bell off the broker: whatever is none is let go and told, and never ends the worker.

Celery unpacks a message's body before any guard of its own; one of another shape raises through its event loop, the
worker ends, and the message, which was never acknowledged, comes again for the next one.
"""

from collections.abc import Callable
from typing import Any, Final

from celery.exceptions import InvalidTaskError
from celery.worker.strategy import default

STRATEGY: Final = f"{__name__}:taken"
"""What tasks name as their Strategy."""


def taken(task: Any, app: Any, consumer: Any, **options: Any) -> Callable[..., Any]:
    """Celery's own way to take a message, with every misfit told as InvalidTaskError, which Celery logs and rejects."""
    receive = default(task, app, consumer, **options)

    def take(*arguments: Any, **more: Any) -> Any:
        try:
            return receive(*arguments, **more)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise InvalidTaskError(f"no bell of ours: {type(error).__name__}: {error}") from error

    return take
