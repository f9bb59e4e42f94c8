from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos import length, report
from tests.chaos.broker import Broker, broker
from tests.chaos.house import House, house
from tests.chaos.trees import tree

BRIEF: dict[str, object] = {"lease_seconds": 20} if length.LONG else {"page_seconds": 4}
"""So that pages that hang do not take a minute in CI; a lease is longer than a page may take, as it is by default."""


@pytest.fixture(scope="package")
def embedded() -> Iterator[House]:
    """A house on the embedded parts, with traps for pages that ask for them; rows use sources of their own."""
    with tree() as root, house(machine=True, root=root, **BRIEF) as made:
        yield made


@pytest.fixture(scope="package")
def line() -> Iterator[Broker]:
    """A broker at the end of a line that can be cut."""
    with broker() as made:
        yield made


@pytest.fixture(scope="package")
def far(line: Broker) -> Iterator[House]:
    """A house whose broker is at the end of that line."""
    with house(redis_url=line.url) as made:
        made.redis_url = line.direct_url  # the test looks past the line
        yield made


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table, after all."""
    if report.ROWS:
        terminalreporter.section("faults")
        terminalreporter.write_line(report.table())
