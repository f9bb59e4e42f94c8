"""Thin tasks, one a room: no arguments, no result. A Celery message only says that pages wait."""

from collections.abc import Callable
from functools import partial

from celery import Celery

from shared.errors import DependencyUnavailable
from shared.models.receipt import Room
from workers.bells import STRATEGY
from workers.drain import drain
from workers.index.room import index_room
from workers.names_model import by_model
from workers.process import note_answer, the_runtime
from workers.revising import revise
from workers.runtime import log
from workers.stages import LANES


def register(app: Celery) -> None:
    """Gives the application its tasks, `workers.ROOM` each."""
    for room in LANES:
        app.task(name=f"workers.{room}", ignore_result=True, Strategy=STRATEGY)(_task(room))
    app.task(name="workers.names", ignore_result=True, Strategy=STRATEGY)(_names)


def _names() -> None:
    """Names by the slower extractor, for pages that are searchable already."""
    try:
        runtime = the_runtime()
        runtime.bell.answer("names")
        revise(runtime, "names", partial(by_model, runtime.settings))
    except DependencyUnavailable as error:
        log.warning("names wait", dependency=error.name, detail=error.detail)
    note_answer()


def _task(room: Room) -> Callable[[], None]:
    def work() -> None:
        try:
            runtime = the_runtime()
            if room == "index":
                index_room(runtime)
            else:
                if room == "solo":
                    runtime.go_alone()
                drain(runtime, room)
                if room == "enrich":
                    revise(runtime, "enrich")
        except DependencyUnavailable as error:
            log.warning("room left", room=room, dependency=error.name, detail=error.detail)
        note_answer()  # a pool that fails at every bell has answered none

    return work
