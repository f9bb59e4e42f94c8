"""Given one process that works on a slice, however long, then no other does so before it is ended or stopped."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import redis

from shared.models.rebuild import Progress, Rebuild
from tests.integration.ledger.rebuilds_on import rebuilds_on

SHORT = 2.0
Child = subprocess.Popen[str]


def ends(valkey: redis.Redis) -> float:
    """When the lease runs out, in seconds of the server's clock."""
    return int(valkey.hget("pm:rebuild", "until") or 0) / 1000


def comes(what: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it has not come"
        time.sleep(0.02)


def lasts_longer_than_it_was_given(valkey: redis.Redis) -> None:
    first = ends(valkey)
    comes(lambda: valkey.time()[0] > first + 1)


@pytest.fixture
def child(valkey: redis.Redis, valkey_url: str) -> Iterator[Child]:
    """A process that holds what was asked; its output is `held`, and later whether its save was taken."""
    assert rebuilds_on(valkey).ask("rebuild")
    command = [sys.executable, "-m", "tests.integration.ledger.rebuilds_on", valkey_url, str(SHORT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def let_save(child: Child) -> str:
    assert child.stdin
    assert child.stdout
    child.stdin.write("\n")
    child.stdin.flush()
    return child.stdout.readline().strip()


def taken_over(valkey: redis.Redis) -> Rebuild:
    other = rebuilds_on(valkey)
    comes(other.take)
    taken = other.last()
    assert taken is not None
    assert other.save(Progress(state="filling", cursor="second"))
    return taken


def test_a_slice_that_outlasts_its_lease_keeps_it(valkey: redis.Redis, child: Child) -> None:
    lasts_longer_than_it_was_given(valkey)
    assert rebuilds_on(valkey).take() is None
    assert let_save(child) == "True"
    told = rebuilds_on(valkey).take()
    assert told is not None
    assert (told.cursor, told.tries, told.trouble) == ("first", 0, None)


def test_a_process_that_is_stopped_loses_it_and_saves_nothing_when_it_wakes(valkey: redis.Redis, child: Child) -> None:
    child.send_signal(signal.SIGSTOP)
    told = taken_over(valkey)
    assert told.tries == 1
    assert "stood still" in (told.trouble or "")
    child.send_signal(signal.SIGCONT)
    assert let_save(child) == "False"
    last = rebuilds_on(valkey).last()
    assert last is not None
    assert (last.cursor, last.tries, last.trouble) == ("second", 0, None)


def test_a_process_that_is_killed_loses_it(valkey: redis.Redis, child: Child) -> None:
    child.kill()
    told = taken_over(valkey)
    assert (told.tries, told.cursor) == (1, None)


def test_what_was_done_is_saved_after_the_lease_has_run_out_where_nobody_took_it(valkey: redis.Redis) -> None:
    first = rebuilds_on(valkey, 0.001)
    assert first.ask("rebuild")
    assert first.take()
    comes(lambda: valkey.time()[0] > ends(valkey) + 1)
    assert first.renew()
    comes(lambda: valkey.time()[0] > ends(valkey) + 1)
    assert first.save(Progress(state="filling", cursor="late"))
    assert not first.renew()
    told = rebuilds_on(valkey).take()
    assert told is not None
    assert (told.cursor, told.tries) == ("late", 0)


def lapsed(valkey: redis.Redis, *, waits: bool | None) -> Rebuild:
    """A process that holds a slice and is ended in it; what the next one is told."""
    ended = rebuilds_on(valkey, 0.001)
    comes(ended.take)
    if waits is not None:
        ended.waits(waits=True)
        ended.waits(waits=waits)
    other = rebuilds_on(valkey, 0.001)
    comes(other.take)
    told = other.last()
    assert told is not None
    assert other.save(Progress(state="filling"), "waited")
    return told


def test_a_process_that_only_waits_when_it_is_ended_is_no_failure_and_ends_their_row(valkey: redis.Redis) -> None:
    assert rebuilds_on(valkey).ask("rebuild")
    assert [lapsed(valkey, waits=waits).tries for waits in (None, False, True, None)] == [1, 2, 0, 1]
