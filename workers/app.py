"""The Celery application: `celery -A workers.app worker -Q ROOM`.

Made when `app` is first asked for, not at import: importing this module reads no environment and opens nothing.
"""

from functools import cache
from typing import Any

from celery import Celery

from shared.bell_transport import for_bells
from shared.redis_urls import broker_url
from shared.settings import Settings
from workers.process import Plan, attach
from workers.stages import LANES, floor_plan
from workers.tasks import register


@cache
def make_app(plan: Plan = floor_plan) -> Celery:
    """The application, with the settings that docs/operations.md gives the reasons for.

    Args:
        plan: what is done in each stage.
    """
    settings = Settings()
    for_bells()
    app = Celery("pagemill", broker=broker_url(settings))
    app.conf.update(
        result_backend=None,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_acks_late=False,  # a message is a doorbell: it may be lost or doubled
        task_reject_on_worker_lost=False,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "socket_connect_timeout": 5,
            "socket_timeout": 10,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        task_time_limit=600,  # counted on while the broker is away: ADR 39
        worker_max_tasks_per_child=500,
        worker_max_memory_per_child=400_000,  # KiB, looked at after a task
        worker_proc_alive_timeout=30,
        worker_soft_shutdown_timeout=20,
        worker_hijack_root_logger=False,
        task_queues=None,
        task_routes={f"workers.{room}": {"queue": room} for room in (*LANES, "names")},
    )
    register(app)
    attach(settings, plan)
    return app


def __getattr__(name: str) -> Any:
    if name in {"app", "celery"}:
        return make_app()
    raise AttributeError(name)
