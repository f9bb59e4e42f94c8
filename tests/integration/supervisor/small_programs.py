import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.supervisor.asked_to_stop import AskedToStop
from services.supervisor.program import Place, Program
from services.supervisor.supervisor import Supervisor
from shared.environment import environment_for
from shared.settings import Settings

ROOT = Path(__file__).parents[3]


def python(name: str, code: str, *arguments: object, grace: float = 45.0, **more: object) -> Program:
    """A small program of a test's own."""
    return Program(
        name=name,
        argv=(sys.executable, "-c", code, *map(str, arguments)),
        env=environment_for(Settings(), ROOT),
        grace=grace,
        **more,  # type: ignore[arg-type]
    )


def until(holds: Callable[[], bool]) -> None:
    """Waits; the test's own time limit is the guard."""
    while not holds():
        time.sleep(0.02)


@contextmanager
def kept_up(place: Place, *waves: Sequence[Program]) -> Iterator[AskedToStop]:
    """A supervisor at work, from the moment when everything is ready; the block may ask it to stop."""
    stop, ready = AskedToStop(), threading.Event()
    supervisor = Supervisor(waves, place)
    thread = threading.Thread(target=supervisor.run, args=(stop, ready.set))
    thread.start()
    try:
        until(lambda: ready.is_set() or not thread.is_alive())
        assert ready.is_set()
        yield stop
    finally:
        stop.ask()
        thread.join()
