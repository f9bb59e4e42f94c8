"""The suite itself, tested: mistakes are put into a copy of the source, and each turns a row red."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.chaos import length
from tests.chaos.broker import broker
from tests.chaos.conftest import BRIEF
from tests.chaos.house import House, house
from tests.chaos.rows.broker import power_cut
from tests.chaos.rows.clocks import wrong_clocks
from tests.chaos.rows.far_broker import lost_answers
from tests.chaos.rows.killing import killed_index_processes
from tests.chaos.rows.leases import AFAR, outlived_lease
from tests.chaos.rows.pages import poison, reversed_versions
from tests.chaos.trees import Change, tree
from tests.chaos.verdict import Broken, HangsOn, StillWalking

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900 if length.LONG else 400)]

FINISHED_FIRST = Change(
    "workers/index/room.py",
    "    outcomes = desk.writer.index(documents)\n",
    "    runtime.ledger.finish(Done(lease=lease) for lease in leases)\n"
    "    time.sleep(0.2)\n    outcomes = desk.writer.index(documents)\n",
)
EVERY_SECOND = Change("shared/embedded/valkey.py", '"appendfsync": "always"', '"appendfsync": "everysec"')
NO_VERSIONS = Change(
    "shared/search/tantivy/writer.py",
    "        if there > version or (held == version and not self._is(document)):\n"
    '            return IndexOutcome(id=document.id, result="superseded")\n'
    "        if there == version:\n"
    '            return IndexOutcome(id=document.id, result="indexed")\n',
    '        self._writer.delete_documents_by_term("id", document.id)\n',
)
TWO_TRIPS = (
    Change(
        "shared/ledger/lua/accept.lua",
        "    enter(member, {turn = LAST}, 'clean', 'clean')\n    stand(member, api_key, source)\n"
        "    under_way(api_key, source, 1)\n    count('accepted', 1)\n    count('bytes', #frame)\n",
        "",
    ),
    Change(
        "shared/ledger/ledger.py",
        "        answers = zip(offers,",
        "        came = zip(offers, told[0::2], told[1::2], strict=False)\n"
        '        self._scripts.run("line", *(f"{o.id}:{int(v)}" for o, v, status in came if status == b"accepted"))\n'
        "        answers = zip(offers,",
    ),
)
LINE_LUA = """
for i = FIRST, #ARGV do
  local e = fields(P .. 'e:' .. ARGV[i])
  enter(ARGV[i], {turn = LAST}, 'clean', 'clean')
  stand(ARGV[i], e.key, e.src)
  under_way(e.key, e.src, 1)
  count('accepted', 1)
  count('bytes', e.size)
end
"""
WORKERS_CLOCK = (
    Change("shared/ledger/lua/take.lua", "now + lease, member", "lease, member"),
    Change("shared/ledger/ledger.py", "lease_ms = int(", "lease_ms = int(time.time() * 1000) + int("),
    Change("shared/ledger/ledger.py", "\nfrom typing import", "\nimport time\nfrom typing import"),
)
NO_WATCH = Change("workers/page_watch.py", "now - self._since[sign] > self._patience_seconds", "False")

NO_TOKENS = Change("shared/ledger/lua/prelude.lua", "e.st == 'l' and e.tk == token", "e.st == 'l'")
LATE_LEASES = Change("shared/ledger/lua/take.lua", "now + lease, member", "now + 2 * lease, member")


@contextmanager
def broken(*changes: Change, **settings: object) -> Iterator[House]:
    with tree(*changes) as root, house(machine=True, root=root, **(settings or BRIEF)) as made:
        yield made


def red(run: Callable[[], object]) -> str:
    """What the row says is broken."""
    with pytest.raises((Broken, StillWalking)) as told:
        run()
    return ", ".join(told.value.wrongs) if isinstance(told.value, Broken) else "still walking"


def test_pages_that_are_finished_before_they_are_indexed_are_lost() -> None:
    with broken(FINISHED_FIRST) as made:
        assert "lost" in red(lambda: killed_index_processes(made))


def test_pages_that_are_accepted_in_two_round_trips_are_lost() -> None:
    files = {"shared/ledger/lua/line.lua": LINE_LUA}
    with tree(*TWO_TRIPS, files=files) as root, broker() as line, house(root=root, redis_url=line.url) as made:
        made.redis_url = line.direct_url
        assert "lost" in red(lambda: lost_answers(made, line))


def test_a_broker_that_syncs_every_second_only_loses_pages_in_a_power_cut() -> None:
    with broken(EVERY_SECOND) as made:
        assert "lost" in red(lambda: power_cut(made))


def test_without_external_versions_an_older_page_replaces_a_newer_one() -> None:
    with broken(NO_VERSIONS) as made:
        assert "an older version stands" in red(lambda: reversed_versions(made))


def test_leases_by_the_worker_s_clock_kill_healthy_pages() -> None:
    with broken(*WORKERS_CLOCK) as made:
        assert "healthy and dead" in red(lambda: wrong_clocks(made))


def test_without_a_watch_over_the_pool_a_page_that_hears_no_alarm_hangs_on() -> None:
    with broken(NO_WATCH) as made:
        with pytest.raises(HangsOn, match="clean is at one page"):
            poison(made)
        made.stop_hard()  # what hangs is not waited for


def test_without_tokens_what_a_worker_makes_after_its_lease_is_what_stands() -> None:
    with broken(NO_TOKENS, **AFAR) as made:
        assert "an outdated lease wrote" in red(lambda: outlived_lease(made, "stopped"))


def test_leases_that_run_on_leave_pages_in_hands_that_are_gone() -> None:
    with broken(LATE_LEASES, **AFAR) as made:
        assert "taken again too late" in red(lambda: outlived_lease(made, "killed"))
