import threading
import time
from collections.abc import Callable

from services.cli.silence import Silence


def eventually(holds: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.02)


def test_a_program_that_answers_is_not_still() -> None:
    asked = threading.Semaphore(0)

    def hears(_: float) -> bool:
        asked.release()
        return True

    silence = Silence(hears, patience_seconds=5)
    silence.begin()
    for _ in range(3):
        eventually(lambda: silence.still() or asked.acquire(blocking=False))
        assert silence.still() == ""


def test_a_program_that_answers_nothing_is_still_after_its_patience_and_nobody_waits_for_the_answer() -> None:
    held = threading.Event()
    silence = Silence(lambda seconds: held.wait(seconds + 60), patience_seconds=1)
    silence.begin()
    assert silence.still() == "", "the question is under way"
    eventually(lambda: "answers nothing" in silence.still())
    silence.begin()
    assert silence.still() == "", "a start begins the time anew"
    held.set()


def test_an_answer_that_comes_late_is_an_answer() -> None:
    held = threading.Event()
    silence = Silence(lambda _: held.wait(60), patience_seconds=1)
    silence.begin()
    eventually(silence.still)
    held.set()
    eventually(lambda: silence.still() == "")
