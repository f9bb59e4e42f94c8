"""Given bells and pages that wait, then a worker lives while it takes what waits for it."""

import os

import pytest

from workers.alive import Alive, Answered


@pytest.fixture
def answered() -> Answered:
    return Answered()


def test_a_worker_with_nothing_to_do_lives(answered: Answered) -> None:
    alive = Alive(["clean"], answered, patience_seconds=60)
    assert alive.lives([], 100)
    assert alive.lives(["enrich", "index"], 10_000)


def test_a_worker_that_answers_no_bell_while_pages_wait_lives_no_longer(answered: Answered) -> None:
    alive = Alive(["clean"], answered, patience_seconds=60)
    assert alive.lives(["clean"], 1000)
    assert alive.lives(["clean"], 1059)
    assert not alive.lives(["clean"], 1061)


def test_a_worker_that_comes_when_it_is_rung_for_lives_however_long_the_line(answered: Answered) -> None:
    alive = Alive(["clean"], answered, patience_seconds=60)
    for now in range(0, 1000, 50):
        answered.note(now)
        assert alive.lives(["clean"], now + 40)


def test_pages_that_were_gone_meanwhile_have_not_waited(answered: Answered) -> None:
    alive = Alive(["clean"], answered, patience_seconds=60)
    assert alive.lives(["clean"], 1000)
    assert alive.lives([], 1050)
    assert alive.lives(["clean"], 1070)
    assert alive.lives(["clean"], 1120)


def test_it_is_back_when_it_answers_again(answered: Answered) -> None:
    alive = Alive(["clean"], answered, patience_seconds=60)
    assert alive.lives(["clean"], 1000)
    assert not alive.lives(["clean"], 1100)
    answered.note(1101)
    assert alive.lives(["clean"], 1102)


def test_what_a_forked_process_notes_its_parent_reads(answered: Answered) -> None:
    child = os.fork()
    if not child:
        answered.note(77.5)
        os._exit(0)
    os.waitpid(child, 0)
    assert answered.last() == 77.5
